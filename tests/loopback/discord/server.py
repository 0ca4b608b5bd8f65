"""Serves the loopback Discord on one port of 127.0.0.1."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.loopback.discord.control import Control
from tests.loopback.discord.faults import Faults
from tests.loopback.discord.gateway import Gateway
from tests.loopback.discord.rest import Rest
from tests.loopback.discord.state import Discord

HOST = "127.0.0.1"
_FILE = "/{folder:attachments|ephemeral-attachments}/{channel}/{number}/{name}"


@asynccontextmanager
async def serving(port: int) -> AsyncIterator[dict[str, str]]:
    """Serves a new world; gives the environment variables that a bot needs to connect."""
    discord, faults = Discord(), Faults()
    gateway = Gateway(discord)
    runner = web.AppRunner(_application(gateway, faults), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        at = f"{HOST}:{runner.addresses[0][1]}"
        discord.files.base, discord.gateway_url = f"http://{at}", f"ws://{at}/gateway"
        yield {
            "DISCORD_API": f"http://{at}/api/v10",
            "DISCORD_GW": discord.gateway_url,
            "DISCORD_CDN": discord.files.base,
            "DISCORD_CONTROL": f"http://{at}/_control",
            "DISCORD_TOKEN": discord.settings.token,
        }
    finally:
        await runner.cleanup()


def _application(gateway: Gateway, faults: Faults) -> web.Application:
    rest, control = Rest(gateway.discord, faults), Control(gateway, faults)
    application = web.Application(client_max_size=1 << 30)
    for path in ("/gateway", "/gateway/"):
        application.router.add_get(path, gateway.connect)
    application.router.add_get(_FILE, rest.file)
    application.router.add_route("*", "/_control/{name:.*}", control.answer)
    application.router.add_route("*", "/api/{rest:.*}", rest.answer)
    return application
