"""Two ways for Slack to reach the bot: Socket Mode and HTTP."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from aiohttp import TraceConfig, web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.core.mouths import Mouth

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

PATH = "/slack/events"
_PING_SECONDS = 3.0  # a silent socket is noticed after four
_LOOK_SECONDS = 0.5
_CONNECT_SECONDS = 15.0
_CLOSE_SECONDS = 0.5  # for requests being answered
_log = logging.getLogger(__name__)


async def by_socket(bot: SlackBot, mouth: Mouth) -> None:
    """Socket Mode: the bot opens a WebSocket, through which Slack sends requests.

    Raises OSError once no socket was open for some seconds.
    """
    handler = AsyncSocketModeHandler(
        bot.app, bot.settings.slack_app_token, ping_interval=_PING_SECONDS
    )
    client = handler.client
    _one_try_each(client)
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            opened = await bot.client.apps_connections_open(app_token=bot.settings.slack_app_token)
            client.wss_uri = str(opened["url"])  # issue_new_wss_url fails on a page
            await client.connect()  # type: ignore[no-untyped-call]
        bot.begin()
        await _while_connected(client, bot, mouth)
    finally:
        await client.close()  # type: ignore[no-untyped-call]


async def _while_connected(client: SocketModeClient, bot: SlackBot, mouth: Mouth) -> None:
    """Watches over a socket, which the client reconnects by itself, until that fails."""
    away_s = 0.0
    while away_s < _CONNECT_SECONDS:
        if await client.is_connected():
            away_s = 0.0
            mouth.connected(bot.named)
        else:
            away_s += _LOOK_SECONDS
            mouth.lost("its socket broke")
        await asyncio.sleep(_LOOK_SECONDS)
    raise OSError("no socket could be opened")


async def by_http(bot: SlackBot, mouth: Mouth) -> None:
    """HTTP: Slack sends requests to a port of the bot, which checks their signatures."""
    port = bot.settings.slack_port
    app = bot.app.web_app(PATH, port)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSE_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        mouth.connected(bot.named)
        bot.begin()
        _log.info("waiting for Slack at 127.0.0.1:%d%s", port, PATH)
        await asyncio.Event().wait()
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
