"""One conversation: acknowledge, ask the service, show.  The same in every chat, whatever it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, TypeVar

from bot.core.service import Service
from bot.types import Progress, Refusal, Watcher
from bot.wording import chat_sentence, progress_phrase, say

_QUICK_SECONDS = 0.4  # a refusal is there by then, and can be private from the start
_PROGRESS_SECONDS = 2.5
_log = logging.getLogger(__name__)

T = TypeVar("T")


class Partner(Protocol):
    """What a conversation needs of the place it is held in, but for showing the answer."""

    language: str

    async def acknowledge(self) -> None:
        """Shows that it was heard."""

    async def progress(self, text: str) -> None:
        """Says how far it is, where that can be taken back."""

    async def refuse(self, text: str) -> None:
        """Says why there is no answer, to the person alone where that is possible."""


async def hold(
    service: Service,
    partner: Partner,
    ask: Callable[[Watcher], Coroutine[Any, Any, T | Refusal]],
    show: Callable[[T], Awaitable[None]],
) -> None:
    """Holds one conversation to its end; it raises nothing."""
    with service.handling():
        try:
            await _hold(partner, ask, show)
        except Exception:
            service.metrics.refused("unexpected")
            _log.exception("a conversation broke off")
            await _apologize(partner)


async def _hold(
    partner: Partner,
    ask: Callable[[Watcher], Coroutine[Any, Any, T | Refusal]],
    show: Callable[[T], Awaitable[None]],
) -> None:
    stages: list[Progress] = []
    job = asyncio.create_task(ask(stages.append))
    try:
        await asyncio.wait({job}, timeout=_QUICK_SECONDS)
        if not (job.done() and isinstance(job.result(), Refusal)):
            await partner.acknowledge()
        result = await _watched(job, stages, partner)
        if isinstance(result, Refusal):
            await partner.refuse(chat_sentence(result, partner.language))
        else:
            await show(result)
    finally:
        job.cancel()


async def _apologize(partner: Partner) -> None:
    try:
        await partner.refuse(say("unexpected", partner.language))
    except Exception as error:  # that of a client which is closed, too
        _log.warning("could not say so either: %r", error)


async def _watched(
    job: asyncio.Task[T | Refusal], stages: list[Progress], partner: Partner
) -> T | Refusal:
    """Waits for a job and says now and then how far it is."""
    said: Progress | None = None
    while True:
        await asyncio.wait({job}, timeout=_PROGRESS_SECONDS)
        if job.done():
            return job.result()
        if stages and stages[-1] != said:
            said = stages[-1]
            await partner.progress(progress_phrase(said, partner.language))
