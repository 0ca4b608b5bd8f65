"""Votes by reaction: 1️⃣ to 🔟 like a pick, 👍 likes the list, 👎 rejects it."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.chat.ballot import (
    Ballot,
    Reactions,
    Vote,
    meanings,
    without_variant,
)
from bot.discord.buttons import list_in
from bot.discord.conversation import LIKE_LIST, LIKES, PLATFORM, REJECT_LIST
from bot.discord.patience import FAILED, patiently
from bot.types import Refusal

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

_MOST_VOTERS = 300  # of one reaction, when they are read again
_VOTES = meanings(LIKES, LIKE_LIST, REJECT_LIST)


class Feedback(commands.Cog):
    """Saves votes in the order in which they arrive."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot
        self._ballot = Ballot(bot.service, FAILED)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Saves a vote."""
        await self._vote(event)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Removes a vote."""
        await self._vote(event)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """Removes all votes on a message whose reactions a moderator cleared."""
        await self._ballot.clear(str(event.message_id), None, lambda: self._known(event))

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """Removes the votes by an emoji that a moderator cleared."""
        if vote := _vote_of(event.emoji):
            await self._ballot.clear(str(event.message_id), vote, lambda: self._known(event))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Reads the reactions that were made while the bot was away."""
        with self.bot.service.handling():
            await self._ballot.catch_up(
                PLATFORM, lambda it: self._reactions_to(int(it.channel), int(it.message_id))
            )

    async def _reactions_to(self, channel: int, message: int) -> Reactions:
        """People's votes on a message, as its reactions tell them."""
        place = self.bot.get_partial_messageable(channel)
        votes, partly = defaultdict[str, list[Vote]](list), set[Vote]()
        for reaction in (await patiently(lambda: place.fetch_message(message))).reactions:
            vote = _vote_of(reaction.emoji)
            if vote is None or reaction.count <= reaction.me:
                continue
            users = await _users_of(reaction)
            if len(users) < reaction.count:
                partly.add(vote)
            for user in users:
                if not user.bot:
                    votes[self.bot.person(user)].append(vote)
        return Reactions(votes, frozenset(partly))

    async def _vote(self, event: discord.RawReactionActionEvent) -> None:
        vote = _vote_of(event.emoji)
        own = self.bot.user.id if self.bot.user else 0
        if vote is None or event.user_id == own or event.message_author_id not in (None, own):
            return
        if event.member is not None and event.member.bot:
            return
        person = self.bot.people.person(PLATFORM, event.user_id)
        added = event.event_type == "REACTION_ADD"
        message = str(event.message_id)

        read = partial(self._reactions_to, event.channel_id, event.message_id)
        await self._ballot.cast(message, person, vote, added, lambda: self._list_of(event), read)

    async def _known(
        self, event: discord.RawReactionClearEvent | discord.RawReactionClearEmojiEvent
    ) -> int | Refusal | None:
        return await self.bot.service.list_of(PLATFORM, str(event.message_id))

    async def _list_of(self, event: discord.RawReactionActionEvent) -> int | Refusal | None:
        """Id of the list that a message shows, None if it shows none.

        If the bot was stopped before it saved that, the message's buttons tell.
        """
        found = await self.bot.service.list_of(PLATFORM, str(event.message_id))
        if found is not None or event.message_author_id is None:
            return found
        if str(event.message_id) in self.bot.service.early:  # it showed none, when it was looked at
            return None
        channel = self.bot.get_partial_messageable(event.channel_id, guild_id=event.guild_id)
        try:
            message = await channel.fetch_message(event.message_id)
        except FAILED:
            return None
        if list_id := list_in(message):
            where = str(event.channel_id)
            await self.bot.service.shown(list_id, PLATFORM, str(message.id), where)
            return list_id
        return None


async def _users_of(reaction: discord.Reaction) -> list[discord.User | discord.Member]:
    """Who reacted with an emoji; Discord tells of super reactions apart."""
    kinds = [discord.ReactionType.normal] * bool(reaction.normal_count)
    kinds += [discord.ReactionType.burst] * bool(reaction.burst_count)
    return [it for kind in kinds async for it in reaction.users(limit=_MOST_VOTERS, type=kind)]


def _vote_of(emoji: discord.PartialEmoji | discord.Emoji | str) -> Vote | None:
    """What a reaction means, None if it is no vote; skin tones make no difference."""
    return _VOTES.get(without_variant(str(emoji)))


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Feedback(bot))
