"""One conversation: acknowledge, ask the service, render.  The same for every way in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import discord

from bot.service import Service
from bot.types import Progress, Refusal, Watcher
from bot.wording import progress_phrase, refusal_sentence, say
from cogs.card import Card
from cogs.patience import FAILED, patiently
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
) -> None:
    """Holds one conversation to its end; on a list, reactions are offered."""
    with service.handling():
        try:
            await _hold(service, reply, ask, render)
        except Exception:
            service.metrics.refused("unexpected")
            _log.exception("a conversation broke off")
            await _apologize(reply)


async def _hold(
    service: Service,
    reply: Reply,
    ask: Callable[[Watcher], Coroutine[Any, Any, T | Refusal]],
    render: Callable[[T], Card],
) -> None:
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
            await _show(service, reply, render(result))
    finally:
        job.cancel()


async def _apologize(reply: Reply) -> None:
    try:
        await reply.refuse(say("unexpected", reply.language))
    except Exception as error:  # that of a client which is closed, too
        _log.warning("could not say so either: %r", error)


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


async def _show(service: Service, reply: Reply, card: Card) -> None:
    if card.n_picks and not reply.may_react:
        card = card.without_reactions()
    message = await reply.show(card)
    if message is None or not card.list_id:
        return
    await service.shown(card.list_id, PLATFORM, str(message.id))
    if card.n_picks and reply.may_react:
        await _offer_votes(service, message, card.n_picks)


async def _offer_votes(service: Service, message: discord.Message, n_picks: int) -> None:
    """Reacts first, so that a vote is one tap.  Whoever stops the bot need not wait for it."""
    try:
        for emoji in (*LIKES[: min(n_picks, _OFFERED)], LIKE_LIST, REJECT_LIST):
            if service.admission.closing:
                return
            await patiently(partial(message.add_reaction, emoji))
    except FAILED as error:
        _log.info("could not offer votes: %r", error)
