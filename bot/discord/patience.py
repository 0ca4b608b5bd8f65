"""Tries again what Discord or the network dropped.

discord.py on Linux retries no connection reset and, in its main client, no 503; a call that never
answers would hang for minutes.  What is retried here must be the same when done twice.

Only silence on the wire is cut short, never a call that waits for a rate limit: discord.py stops
all calls for good when one that waits for the global limit is cancelled.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
import discord

ATTEMPTS = 4
FAILED = (discord.HTTPException, aiohttp.ClientError, OSError)  # whatever comes of a call
_DROPPED = (discord.DiscordServerError, aiohttp.ClientError, OSError)  # TimeoutError is an OSError
_ANSWER_SECONDS = 10.0
_FIRST_PAUSE_SECONDS = 0.25
_log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Watch:
    """What ends a call when a request that its own task makes stays unanswered."""

    scope: asyncio.Timeout
    answer_s: float
    task: asyncio.Task[object] | None


_watch: ContextVar[_Watch | None] = ContextVar("_watch", default=None)


async def patiently(call: Callable[[], Awaitable[T]], answer_s: float = _ANSWER_SECONDS) -> T:
    """The result of ``call()``, made up to four times while it is dropped on the way.

    ``call`` makes everything anew, files too.  Raises what the last attempt raised.
    """
    pause_s = _FIRST_PAUSE_SECONDS
    for _ in range(ATTEMPTS - 1):
        try:
            return await once(call, answer_s)
        except _DROPPED as error:
            _log.info("trying again: %r", error)
        await asyncio.sleep(pause_s)
        pause_s *= 4
    return await once(call, answer_s)


async def once(call: Callable[[], Awaitable[T]], answer_s: float = _ANSWER_SECONDS) -> T:
    """The result of ``call()``.  Raises TimeoutError where a request in it is not answered."""
    async with asyncio.timeout(None) as scope:
        token = _watch.set(_Watch(scope, answer_s, asyncio.current_task()))
        try:
            return await call()
        finally:
            _watch.reset(token)


def wire_trace() -> aiohttp.TraceConfig:
    """For the client whose calls are made here: tells when a request is on the wire."""
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_sent)
    trace.on_request_end.append(_answered)
    trace.on_request_exception.append(_answered)
    return trace


async def _sent(*_: object) -> None:
    if watch := _watched():
        watch.scope.reschedule(asyncio.get_running_loop().time() + watch.answer_s)


async def _answered(*_: object) -> None:
    if (watch := _watched()) and not watch.scope.expired():
        watch.scope.reschedule(None)


def _watched() -> _Watch | None:
    """The watch over this task; other tasks that a call started inherit it and have none."""
    watch = _watch.get()
    return watch if watch and watch.task is asyncio.current_task() else None
