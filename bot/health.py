"""A loopback HTTP endpoint for liveness, readiness and metrics, and how another process asks it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from http.client import HTTPConnection, HTTPException

from aiohttp import web

from bot.core.mouths import unusable
from bot.core.service import Service

_HOST = "127.0.0.1"
_ANSWER_SECONDS = 5.0
_CLOSE_SECONDS = 0.5  # for requests being answered


@asynccontextmanager
async def serve_health(service: Service, port: int) -> AsyncIterator[None]:
    """Serves ``/live``, ``/ready`` and ``/metrics`` while the block runs.

    Raises Unwelcome if the port cannot be used.
    """

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def ready(_: web.Request) -> web.Response:
        facts = await service.health()
        return web.json_response(facts, status=200 if facts["ready"] else 503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=service.metrics.text(), content_type="text/plain")

    app = web.Application()
    app.add_routes([web.get("/live", live), web.get("/ready", ready), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSE_SECONDS)
    await runner.setup()
    try:
        await _listen(runner, port)
        yield
    finally:
        await runner.cleanup()


def ask_ready(port: int) -> tuple[bool, str]:
    """Whether the bot whose endpoint is at a port is ready, and what it says.

    Raises OSError if none answers.
    """
    with closing(HTTPConnection(_HOST, port, timeout=_ANSWER_SECONDS)) as connection:
        try:
            connection.request("GET", "/ready")
            answer = connection.getresponse()
            return answer.status == web.HTTPOk.status_code, answer.read().decode(errors="replace")
        except HTTPException as error:  # something else is there
            raise OSError(f"port {port} is not the bot's") from error


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, _HOST, port).start()
    except OSError as error:
        raise unusable("SOUNDMAP_HEALTH_PORT", error) from error
