"""Discord's errors, sorted by what they mean for an answer."""

from __future__ import annotations

import discord

from bot.chat.delivery import Trouble
from bot.discord.patience import FAILED

# Unknown channel, server, message, webhook, interaction; an interaction's token that ran out.
_GONE = (10003, 10004, 10008, 10015, 10062, 50027)
# A thread that is archived or locked, slow mode, filters of the server or of Discord, no replies.
_NOT_ALLOWED = (50083, 160005, 20016, 200000, 200001, 240000, 160002)
_SLOW_DOWN = 429


def trouble_of(error: BaseException) -> Trouble:
    """What an error of a call means; BROKEN for errors that are not Discord's."""
    if isinstance(error, discord.HTTPException):
        if error.code in _GONE or error.status == 404:
            return Trouble.GONE
        if error.code in _NOT_ALLOWED or error.status == 403:
            return Trouble.NOT_ALLOWED
        busy = error.status == _SLOW_DOWN or error.status >= 500
        return Trouble.BUSY if busy else Trouble.BROKEN
    return Trouble.BUSY if isinstance(error, FAILED) else Trouble.BROKEN
