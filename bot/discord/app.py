"""Runs the Discord bot from login to close: its token, intents and fatal errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import discord

from bot.config import Settings
from bot.core.service import Service
from bot.discord.client import SoundMapBot
from bot.discord.patience import FAILED, patiently
from bot.people import People
from bot.types import BadToken

_log = logging.getLogger(__name__)
_TOKEN = ("Discord", "DISCORD_TOKEN", "the developer portal")
_TOKEN_REVOKED = 4004  # the gateway's code


async def run_discord(service: Service, people: People, settings: Settings) -> None:
    """Runs until canceled.  Raises BadToken, or OSError if Discord cannot be reached.

    If the Message Content intent is off for the application, it starts without it and logs what
    does not work.
    """
    make = partial(SoundMapBot, service, people, settings)
    try:
        await _run(partial(make, message_content=True))
    except discord.PrivilegedIntentsRequired:
        _log.warning(
            "The Message Content intent is not switched on for this application (Discord"
            " developer portal, Bot, Privileged Gateway Intents). Starting without it: channels"
            " with /listen on are not answered; everything else works."
        )
        await _run(partial(make, message_content=False))


async def _run(make: Callable[[], SoundMapBot]) -> None:
    try:
        bot = await patiently(lambda: _logged_in(make()))
        try:
            await bot.connect()
        finally:
            await bot.close()
    except discord.LoginFailure as error:
        raise BadToken(*_TOKEN) from error
    except discord.ConnectionClosed as error:
        if error.code == _TOKEN_REVOKED:
            raise BadToken(*_TOKEN) from error
        raise OSError(f"Discord ended the connection for good: {error}") from error
    except (discord.GatewayNotFound, *FAILED) as error:
        raise OSError(f"Discord cannot be reached: {error}") from error


async def _logged_in(bot: SoundMapBot) -> SoundMapBot:
    """The bot after its login; closed if that fails, so that another can be tried."""
    try:
        await bot.login(bot.settings.discord_token)
    except BaseException:
        await bot.close()
        raise
    return bot
