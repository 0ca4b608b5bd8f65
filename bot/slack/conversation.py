"""One conversation on Slack: acknowledge, ask the service, show the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from bot.chat.conversation import hold
from bot.chat.delivery import offer
from bot.slack.card import Card
from bot.slack.patience import PLATFORM, Json
from bot.slack.reply import Reply
from bot.slack.trouble import trouble_of
from bot.types import Refusal, Watcher

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

LIKES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten")
LIKE_LIST, REJECT_LIST = "+1", "-1"
_OFFERED = 5

T = TypeVar("T")


def working(
    bot: SlackBot, work: Callable[[Json], Awaitable[None]]
) -> Callable[..., Awaitable[None]]:
    """A handler that acknowledges at once, within Slack's 3 s, and then works."""

    async def handle(ack: Callable[[], Awaitable[object]], body: Json) -> None:
        with bot.service.handling():
            await ack()
            await work(body)

    return handle


async def converse(
    bot: SlackBot,
    reply: Reply,
    ask: Callable[[Watcher], Coroutine[Any, Any, T | Refusal]],
    render: Callable[[T], Card],
) -> None:
    """Holds one conversation to its end; adds reactions to a list, for voting."""
    await hold(bot.service, reply, ask, lambda result: _show(bot, reply, render(result)))


def message_key(channel: str, ts: str) -> str:
    """The store's id of a message: timestamps are unique only within a channel."""
    return f"{channel}:{ts}"


async def _show(bot: SlackBot, reply: Reply, card: Card) -> None:
    asked_in = reply.place.channel
    inside = bool(card.n_picks) and await bot.is_inside(asked_in)
    if not inside:
        card = card.without_reactions()
    ts = await reply.show(card)
    if not ts or not card.list_id:
        return
    channel = reply.place.channel
    await bot.service.shown(card.list_id, PLATFORM, message_key(channel, ts), channel)
    if card.n_picks and (inside or channel != asked_in):  # by itself, it answers only to people
        offer = partial(_offer_votes, bot, channel, ts, card.n_picks)
        bot.service.offers.add(f"{PLATFORM}:{channel}", offer)


async def _offer_votes(bot: SlackBot, channel: str, ts: str, n_picks: int) -> None:
    """Adds the reactions, so that a vote takes one tap; stops early if the bot is closing."""

    async def add(name: str) -> None:
        if not bot.service.closing:
            await bot.client.reactions_add(channel=channel, timestamp=ts, name=name)

    await offer((*LIKES[: min(n_picks, _OFFERED)], LIKE_LIST, REJECT_LIST), add, trouble_of)
