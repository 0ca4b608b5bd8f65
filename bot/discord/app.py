"""Runs the Discord bot from login to close: its token, intents and fatal errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import discord

from bot.config import Settings
from bot.core.mouths import Mouth, Serve, brief
from bot.core.service import Service
from bot.discord.client import SoundMapBot
from bot.discord.invite import TOKEN
from bot.discord.patience import FAILED, once
from bot.people import People
from bot.types import BadToken, Unwelcome
from soundmap.cli.usage import filled

_log = logging.getLogger(__name__)
_TOKEN_REVOKED = 4004  # the gateway's code


def discord_by(service: Service, people: People, settings: Settings) -> Serve:
    """What serves Discord until canceled.  Raises BadToken, Unwelcome or OSError."""

    async def serve(mouth: Mouth) -> None:
        await _served(partial(SoundMapBot, service, people, settings, mouth))

    return serve


async def _served(make: Callable[[bool], SoundMapBot]) -> None:
    """Serves with the Message Content intent, or without it if the application lacks that."""
    try:
        await _run(make(True))
    except discord.PrivilegedIntentsRequired:
        _log.warning(
            "The Message Content intent is not switched on for this application (Discord"
            " developer portal, Bot, Privileged Gateway Intents). Starting without it: channels"
            " with /listen on are not answered; everything else works."
        )
        await _run(make(False))


async def _run(bot: SoundMapBot) -> None:
    try:
        await once(lambda: bot.login(bot.settings.discord_token))
        await bot.connect()
    except discord.LoginFailure as error:
        raise BadToken(*TOKEN) from error
    except discord.ConnectionClosed as error:
        if error.code == _TOKEN_REVOKED:
            raise BadToken(*TOKEN) from error
        text = "Discord ended the connection for good: {reason}"
        raise Unwelcome(filled(text, reason=brief(error))) from error
    except (discord.GatewayNotFound, *FAILED) as error:
        raise OSError(brief(error)) from error
    finally:
        await bot.close()
    if bot.revoked:
        raise BadToken(*TOKEN)
