"""Votes by reaction: :one: to :keycap_ten: like a pick, :+1: likes the list, :-1: rejects it."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.chat.ballot import (
    Ballot,
    Reactions,
    Vote,
    meanings,
    without_variant,
)
from bot.slack.buttons import list_in
from bot.slack.conversation import LIKE_LIST, LIKES, REJECT_LIST, message_key, working
from bot.slack.patience import FAILED, PLATFORM, Json
from bot.types import Refusal

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

_VOTES = meanings(LIKES, LIKE_LIST, REJECT_LIST)
_VOTES |= {"thumbsup": _VOTES[LIKE_LIST], "thumbsdown": _VOTES[REJECT_LIST]}  # their other names
_REMEMBERED = 2_000  # reactions, when they came or went


class Feedback:
    """Saves votes."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        self._latest: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self._ballot = Ballot(bot.service, FAILED)
        bot.app.event("reaction_added")(working(bot, self.vote))
        bot.app.event("reaction_removed")(working(bot, self.vote))
        bot.beginnings.append(self.catch_up)

    async def vote(self, body: Json) -> None:
        """Saves or removes a vote; skin tones make no difference."""
        event: Json = body["event"]
        vote = _VOTES.get(without_variant(event["reaction"]))
        user, author = event["user"], event.get("item_user")
        mine = author in (None, self.bot.user) and user != self.bot.user
        if vote is None or not mine or event["item"].get("type") != "message":
            return
        added = event["type"] == "reaction_added"
        message = message_key(event["item"]["channel"], event["item"]["ts"])
        if self._is_outdated((message, user, event["reaction"]), float(event.get("event_ts") or 0)):
            return
        person = self.bot.person(user)

        read = partial(self._reactions_to, event["item"]["channel"], event["item"]["ts"])
        await self._ballot.cast(message, person, vote, added, lambda: self._list_of(event), read)

    def _is_outdated(self, reaction: tuple[str, str, str], at: float) -> bool:
        """Whether later news of a reaction came before: Slack tells again what did not arrive."""
        if 0 < at < self._latest.get(reaction, 0):
            return True
        self._latest[reaction] = at
        if len(self._latest) > _REMEMBERED:
            self._latest.popitem(last=False)
        return False

    async def catch_up(self) -> None:
        """Reads the reactions that were made while the bot was away."""
        await self._ballot.catch_up(
            PLATFORM, lambda it: self._reactions_to(it.channel, it.message_id.partition(":")[2])
        )

    async def _reactions_to(self, channel: str, ts: str) -> Reactions:
        """People's votes on a message, as its reactions tell them."""
        found = await self.bot.client.reactions_get(channel=channel, timestamp=ts, full=True)
        return self._votes_in(found["message"].get("reactions") or ())

    def _votes_in(self, reactions: Sequence[Json]) -> Reactions:
        """People's votes in the reactions to a message."""
        votes, partly = defaultdict[str, list[Vote]](list), set[Vote]()
        for it in reactions:
            vote, users = _VOTES.get(without_variant(it["name"])), it.get("users") or ()
            if vote is None:
                continue
            if len(users) < it.get("count", 0):
                partly.add(vote)
            for user in set(users) - {self.bot.user}:
                votes[self.bot.person(user)].append(vote)
        return Reactions(votes, frozenset(partly))

    async def _list_of(self, event: Json) -> int | Refusal | None:
        """Id of the list that a message shows, None if it shows none.

        If the bot was stopped before it saved that, the message's buttons tell.
        """
        channel, ts = event["item"]["channel"], event["item"]["ts"]
        found = await self.bot.service.list_of(PLATFORM, message_key(channel, ts))
        known_without = message_key(channel, ts) in self.bot.service.early
        if found is not None or event.get("item_user") is None or known_without:
            return found
        message = await self.bot.message(channel, ts)
        if list_id := list_in(message or {}):
            await self.bot.service.shown(list_id, PLATFORM, message_key(channel, ts), channel)
        return list_id or None
