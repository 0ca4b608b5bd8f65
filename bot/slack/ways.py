"""Two ways for Slack to reach the bot: Socket Mode and HTTP."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import TraceConfig, web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

PATH = "/slack/events"
_PING_SECONDS = 3.0  # a silent socket is noticed after four
_log = logging.getLogger(__name__)


@asynccontextmanager
async def by_socket(bot: SlackBot) -> AsyncIterator[None]:
    """Socket Mode: the bot opens a WebSocket, through which Slack sends requests."""
    handler = AsyncSocketModeHandler(
        bot.app, bot.settings.slack_app_token, ping_interval=_PING_SECONDS
    )
    _one_try_each(handler.client)
    try:
        handler.client.wss_uri = await handler.client.issue_new_wss_url()
        await handler.client.connect()  # type: ignore[no-untyped-call]
        yield
    finally:
        await handler.client.close()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def by_http(bot: SlackBot) -> AsyncIterator[None]:
    """HTTP: Slack sends requests to a port of the bot, which checks their signatures."""
    port = bot.settings.slack_port
    runner = web.AppRunner(bot.app.web_app(PATH, port), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        _log.info("waiting for Slack at 127.0.0.1:%d%s", port, PATH)
        yield
    finally:
        await runner.cleanup()


def _one_try_each(client: SocketModeClient) -> None:
    """Makes the client forget each address once it was tried, so that it asks for a new one.

    Slack's addresses are temporary, and the client would retry the same one forever.
    """

    async def forget(*_: object) -> None:
        client.wss_uri = None

    trace = TraceConfig()
    trace.on_request_start.append(forget)
    trace.freeze()
    client.aiohttp_client_session.trace_configs.append(trace)
