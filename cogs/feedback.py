"""Reactions are votes: 1️⃣… like a pick, 👍 the list, 👎 rejects it; taken away, so is the vote."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.types import Refusal
from cogs.buttons import list_in
from cogs.conversation import LIKE_LIST, LIKES, PLATFORM, REJECT_LIST
from cogs.patience import FAILED

if TYPE_CHECKING:
    from bot.discord_bot import SoundMapBot

_VOTES = {
    LIKE_LIST: (0, 1),
    REJECT_LIST: (0, -1),
    **{emoji: (rank, 1) for rank, emoji in enumerate(LIKES, start=1)},
}
_TRIES, _PAUSE_SECONDS = 4, 1.0


class Feedback(commands.Cog):
    """Keeps everybody's votes on every list, in the order in which they come."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot
        self._in_order = asyncio.Lock()

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """A vote."""
        await self._vote(event)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """A vote taken away."""
        await self._vote(event)

    async def _vote(self, event: discord.RawReactionActionEvent) -> None:
        vote = _VOTES.get(str(event.emoji))
        own = self.bot.user.id if self.bot.user else 0
        if vote is None or event.user_id == own or event.message_author_id not in (None, own):
            return
        with self.bot.service.handling():
            async with self._in_order:
                for _ in range(_TRIES):
                    if not isinstance(await self._keep(event, *vote), Refusal):
                        break
                    await asyncio.sleep(_PAUSE_SECONDS)  # locked or full: it may pass

    async def _keep(
        self, event: discord.RawReactionActionEvent, rank: int, value: int
    ) -> bool | Refusal:
        """Keeps a vote or takes it away; False where there is nothing to vote on."""
        service, person = self.bot.service, self.bot.people.person(PLATFORM, event.user_id)
        list_id = await self._list_of(event)
        if isinstance(list_id, Refusal):
            return list_id
        if list_id is None:
            return False
        keep = service.vote if event.event_type == "REACTION_ADD" else service.unvote
        return await keep(person, list_id, rank, value)

    async def _list_of(self, event: discord.RawReactionActionEvent) -> int | Refusal | None:
        """The list of a message.  One that was shown but not noted down (stopped in between)
        names its list itself.
        """
        found = await self.bot.service.list_of(PLATFORM, str(event.message_id))
        if found is not None or event.message_author_id is None:
            return found
        channel = self.bot.get_partial_messageable(event.channel_id, guild_id=event.guild_id)
        try:
            message = await channel.fetch_message(event.message_id)
        except FAILED:
            return None
        if list_id := list_in(message):
            await self.bot.service.shown(list_id, PLATFORM, str(message.id))
        return list_id or None


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Feedback(bot))
