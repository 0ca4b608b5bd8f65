"""Tries again what Discord or the network dropped.

discord.py on Linux retries no connection reset and, in its main client, no 503; a call that never
answers would hang for minutes.  What is retried here must be the same when done twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

ATTEMPTS = 4
_ANSWER_SECONDS = 20.0
_FIRST_PAUSE_SECONDS = 0.25
_DROPPED = (OSError, aiohttp.ClientError, TimeoutError, discord.DiscordServerError)
_log = logging.getLogger(__name__)

T = TypeVar("T")


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """The result of ``call()``, made up to four times while it is dropped on the way.

    ``call`` makes everything anew, files too.  Raises what the last attempt raised.
    """
    pause_s = _FIRST_PAUSE_SECONDS
    for _ in range(ATTEMPTS - 1):
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await call()
        except _DROPPED as error:
            _log.info("trying again: %s", error)
        await asyncio.sleep(pause_s)
        pause_s *= 4
    async with asyncio.timeout(_ANSWER_SECONDS):
        return await call()
