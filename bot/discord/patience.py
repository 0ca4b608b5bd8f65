"""Retries calls that Discord or the network dropped.

On Linux, discord.py does not retry after a connection reset or, in its main client, a 503, and a
call without an answer would hang for minutes.  Calls that are retried here must be idempotent.

The time limit covers only requests on the wire, not waiting for a rate limit: if a call that waits
for the global limit is canceled, discord.py blocks all later calls.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
import discord

from bot.core.mouths import brief

ATTEMPTS = 4
FAILED = (discord.HTTPException, aiohttp.ClientError, OSError)  # errors of any call
_DROPPED = (discord.DiscordServerError, aiohttp.ClientError, OSError)  # TimeoutError is an OSError
_ANSWER_SECONDS = 10.0
_FIRST_PAUSE_SECONDS = 0.25
_UNAUTHORIZED, _TOO_MANY = 401, 429
_BY_OTHER_TOKENS = re.compile("/(webhooks|interactions)/")  # each has its own, which expires
_log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Watch:
    """Ends a call if a request from its own task is not answered in time."""

    scope: asyncio.Timeout
    answer_s: float
    task: asyncio.Task[object] | None


_watch: ContextVar[_Watch | None] = ContextVar("_watch", default=None)


async def patiently(call: Callable[[], Awaitable[T]], answer_s: float = _ANSWER_SECONDS) -> T:
    """The result of ``call()``, tried up to ``ATTEMPTS`` times while it is dropped.

    ``answer_s`` is the time limit of each request in seconds.  ``call`` must create everything it
    sends, files too, on each attempt.  Raises the error of the last attempt.
    """
    pause_s = _FIRST_PAUSE_SECONDS
    for _ in range(ATTEMPTS - 1):
        try:
            return await once(call, answer_s)
        except FAILED as error:
            if not _is_dropped(error):
                raise
            _log.info("trying again: %s", brief(error))
        await asyncio.sleep(pause_s)
        pause_s *= 4
    return await once(call, answer_s)


def _is_dropped(error: Exception) -> bool:
    """Whether a call may succeed if it is made again; 429 reaches us only from a proxy."""
    return isinstance(error, _DROPPED) or getattr(error, "status", 0) == _TOO_MANY


async def once(call: Callable[[], Awaitable[T]], answer_s: float = _ANSWER_SECONDS) -> T:
    """The result of ``call()``.  Raises TimeoutError if a request takes over ``answer_s``."""
    async with asyncio.timeout(None) as scope:
        token = _watch.set(_Watch(scope, answer_s, asyncio.current_task()))
        try:
            return await call()
        finally:
            _watch.reset(token)


def wire_trace(unauthorized: Callable[[], None] = lambda: None) -> aiohttp.TraceConfig:
    """A trace for the client, which tells ``once`` when a request is on the wire.

    ``unauthorized`` is called when Discord does not accept the bot's token.
    """

    async def check(_: object, __: object, params: aiohttp.TraceRequestEndParams) -> None:
        if params.response.status == _UNAUTHORIZED and not _BY_OTHER_TOKENS.search(params.url.path):
            unauthorized()

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_sent)
    trace.on_request_end.append(_answered)
    trace.on_request_end.append(check)
    trace.on_request_exception.append(_answered)
    return trace


async def _sent(*_: object) -> None:
    if watch := _watched():
        watch.scope.reschedule(asyncio.get_running_loop().time() + watch.answer_s)


async def _answered(*_: object) -> None:
    if (watch := _watched()) and not watch.scope.expired():
        watch.scope.reschedule(None)


def _watched() -> _Watch | None:
    """The watch of this task, None in other tasks that inherited the context."""
    watch = _watch.get()
    return watch if watch and watch.task is asyncio.current_task() else None
