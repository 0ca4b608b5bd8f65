"""One conversation, the same in every chat: acknowledge, ask the service, show the answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, TypeVar

from bot.chat.phrases import Neutral, refused_text
from bot.core.mouths import brief
from bot.core.service import Service
from bot.types import Progress, Refusal, Watcher
from bot.wording import progress_phrase, say

_QUICK_SECONDS = 0.4  # by then a refusal is known, and can be private from the start
_PROGRESS_SECONDS = 2.5
_log = logging.getLogger(__name__)

T = TypeVar("T")


class Partner(Protocol):
    """The place of a conversation, except for showing the answer."""

    language: str
    failures: tuple[type[Exception], ...]  # of calls to its platform

    @property
    def neutral(self) -> Neutral:
        """Makes untrusted text harmless in this chat, cut at a number of letters."""

    async def acknowledge(self) -> None:
        """Shows that the request arrived."""

    async def progress(self, text: str) -> None:
        """Shows the progress, if that can be replaced later."""

    async def refuse(self, text: str) -> None:
        """Says why there is no answer, to the person alone if possible."""


async def hold(
    service: Service,
    partner: Partner,
    ask: Callable[[Watcher], Coroutine[Any, Any, T | Refusal]],
    show: Callable[[T], Awaitable[None]],
) -> None:
    """Holds one conversation to its end; never raises."""
    with service.handling():
        try:
            await _hold(partner, ask, show)
        except partner.failures as error:
            service.metrics.refused("unexpected")
            _log.error("a conversation broke off: %s", brief(error))
            await _apologize(partner)
        except Exception as error:  # when the bot ends, its clients may be closed first
            service.metrics.refused("unexpected")
            _log.error("a conversation broke off: %s", brief(error), exc_info=not service.closing)
            await _apologize(partner)


async def tell(service: Service, partner: Partner, refusal: Refusal) -> None:
    """Says why there is no answer; never raises."""

    async def ask(_: Watcher) -> Refusal:
        return refusal

    async def show(_: object) -> None:
        """There is nothing to show."""

    await hold(service, partner, ask, show)


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
            await partner.refuse(refused_text(result, partner.language, partner.neutral))
        else:
            await show(result)
    finally:
        job.cancel()


async def _apologize(partner: Partner) -> None:
    try:
        await partner.refuse(say("unexpected", partner.language))
    except Exception as error:  # for example, the client is closed
        _log.warning("could not say so either: %s", brief(error))


async def _watched(
    job: asyncio.Task[T | Refusal], stages: list[Progress], partner: Partner
) -> T | Refusal:
    """Waits for a job and reports its progress now and then."""
    said: Progress | None = None
    while True:
        await asyncio.wait({job}, timeout=_PROGRESS_SECONDS)
        if job.done():
            return job.result()
        if stages and stages[-1] != said:
            said = stages[-1]
            await partner.progress(progress_phrase(said, partner.language))
