"""One conversation on Discord: acknowledge, ask the service, show the answer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import discord

from bot.chat.conversation import hold
from bot.chat.delivery import offer
from bot.core.service import Service
from bot.discord.card import Card
from bot.discord.patience import patiently
from bot.discord.reply import Reply
from bot.discord.trouble import trouble_of
from bot.types import Refusal, Watcher

LIKES = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟")
LIKE_LIST, REJECT_LIST = "👍", "👎"
PLATFORM = "discord"
_OFFERED = 5

T = TypeVar("T")


async def converse(
    service: Service,
    reply: Reply,
    ask: Callable[[Watcher], Coroutine[Any, Any, T | Refusal]],
    render: Callable[[T], Card],
) -> None:
    """Holds one conversation to its end; adds reactions to a list, for voting."""
    await hold(service, reply, ask, lambda result: _show(service, reply, render(result)))


async def _show(service: Service, reply: Reply, card: Card) -> None:
    if card.n_picks and not reply.may_react:
        card = card.without_reactions()
    message = await reply.show(card)
    if message is None or not card.list_id:
        return
    await service.shown(card.list_id, PLATFORM, str(message.id), str(message.channel.id))
    if card.n_picks and reply.may_react and not isinstance(message.channel, discord.GroupChannel):
        bare = discord.PartialMessage(channel=message.channel, id=message.id)
        offer = partial(_offer_votes, service, bare, card.n_picks)
        service.offers.add(f"{PLATFORM}:{message.channel.id}", offer)


async def _offer_votes(service: Service, message: discord.PartialMessage, n_picks: int) -> None:
    """Adds the reactions, so that a vote takes one tap; stops early if the bot is closing."""

    async def add(emoji: str) -> None:
        if not service.closing:
            await patiently(partial(message.add_reaction, emoji))

    await offer((*LIKES[: min(n_picks, _OFFERED)], LIKE_LIST, REJECT_LIST), add, trouble_of)
