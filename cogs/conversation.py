"""One conversation: acknowledge, ask the service, render.  The same for every way in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import discord

from bot.service import Service
from bot.types import Progress, Refusal, Watcher
from bot.wording import progress_phrase, refusal_sentence
from cogs.card import Card
from cogs.patience import patiently
from cogs.reply import Reply

LIKES = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟")
LIKE_LIST, REJECT_LIST = "👍", "👎"
PLATFORM = "discord"
_OFFERED = 5
_QUICK_SECONDS = 0.4  # a refusal is there by then, and can be private from the start
_PROGRESS_SECONDS = 2.5
_log = logging.getLogger(__name__)

T = TypeVar("T")


async def converse(
    service: Service,
    reply: Reply,
    ask: Callable[[Watcher], Coroutine[Any, Any, T | Refusal]],
    render: Callable[[T], Card],
    votes: bool = True,
) -> None:
    """Holds one conversation to its end; with ``votes``, reactions are offered on a list."""
    with service.handling():
        stages: list[Progress] = []
        job = asyncio.create_task(ask(stages.append))
        try:
            await asyncio.wait({job}, timeout=_QUICK_SECONDS)
            if not (job.done() and isinstance(job.result(), Refusal)):
                await reply.acknowledge()
            result = await _watched(job, stages, reply)
            if isinstance(result, Refusal):
                await reply.refuse(refusal_sentence(result, reply.language))
            else:
                await _show(service, reply, render(result), votes)
        finally:
            job.cancel()


async def _watched(
    job: asyncio.Task[T | Refusal], stages: list[Progress], reply: Reply
) -> T | Refusal:
    """Waits for a job and says now and then how far it is."""
    said: Progress | None = None
    while True:
        await asyncio.wait({job}, timeout=_PROGRESS_SECONDS)
        if job.done():
            return job.result()
        if stages and stages[-1] != said:
            said = stages[-1]
            await reply.progress(progress_phrase(said, reply.language))


async def _show(service: Service, reply: Reply, card: Card, votes: bool) -> None:
    message = await reply.show(card)
    if message is None or not card.list_id:
        return
    await service.shown(card.list_id, PLATFORM, str(message.id))
    if votes and card.n_picks:
        with contextlib.suppress(discord.Forbidden, discord.NotFound):
            for emoji in (*LIKES[: min(card.n_picks, _OFFERED)], LIKE_LIST, REJECT_LIST):
                await patiently(partial(message.add_reaction, emoji))
