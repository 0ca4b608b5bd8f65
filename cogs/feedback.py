"""Votes by reaction: 1️⃣ to 🔟 like a pick, 👍 likes the list, 👎 rejects it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.chat.ballot import Ballot, meanings
from bot.discord.buttons import list_in
from bot.discord.conversation import LIKE_LIST, LIKES, PLATFORM, REJECT_LIST
from bot.discord.patience import FAILED
from bot.types import Refusal

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

_REMEMBERED = 256  # messages known to show no list
_VOTES = meanings(LIKES, LIKE_LIST, REJECT_LIST)


class Feedback(commands.Cog):
    """Saves votes in the order in which they arrive."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot
        self._ballot = Ballot(bot.service)
        self._without_list: deque[int] = deque(maxlen=_REMEMBERED)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Saves a vote."""
        await self._vote(event)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Removes a vote."""
        await self._vote(event)

    async def _vote(self, event: discord.RawReactionActionEvent) -> None:
        vote = _VOTES.get(str(event.emoji))
        own = self.bot.user.id if self.bot.user else 0
        if vote is None or event.user_id == own or event.message_author_id not in (None, own):
            return
        if event.member is not None and event.member.bot:
            return
        person = self.bot.people.person(PLATFORM, event.user_id)
        added = event.event_type == "REACTION_ADD"
        message = str(event.message_id)
        await self._ballot.cast(message, person, vote, added, lambda: self._list_of(event))

    async def _list_of(self, event: discord.RawReactionActionEvent) -> int | Refusal | None:
        """Id of the list that a message shows, None if it shows none.

        If the bot was stopped before it saved that, the message's buttons tell.
        """
        found = await self.bot.service.list_of(PLATFORM, str(event.message_id))
        if found is not None or event.message_author_id is None:
            return found
        if event.message_id in self._without_list:
            return None
        channel = self.bot.get_partial_messageable(event.channel_id, guild_id=event.guild_id)
        try:
            message = await channel.fetch_message(event.message_id)
        except FAILED:
            return None
        if list_id := list_in(message):
            await self.bot.service.shown(list_id, PLATFORM, str(message.id))
            return list_id
        self._without_list.append(event.message_id)
        return None


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Feedback(bot))
