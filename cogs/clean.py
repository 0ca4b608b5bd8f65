"""``/clean``: whether the lists of a server leave out strong language in titles and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.phrases import clean_text
from bot.discord.card import Card
from bot.discord.conversation import converse
from bot.discord.reply import InteractionReply, language_of
from bot.types import Refusal
from bot.wording import say

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]


class Clean(
    commands.GroupCog, name="clean", description=_("No strong language in titles and names")
):
    """Shows and changes what the lists of a server leave out."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @app_commands.command(description=_("Show whether lists leave out strong language"))
    async def show(self, interaction: Interaction) -> None:
        """Shows the setting of this server."""
        language, place = language_of(interaction), self.bot.place(interaction.guild_id)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.is_clean(place),
            lambda on: _card(on, language),
        )

    @app_commands.command(name="on", description=_("Leave out strong language in this server"))
    @app_commands.guild_only()
    async def on(self, interaction: Interaction) -> None:
        """Leaves it out; for managers."""
        await self._switch(interaction, True)

    @app_commands.command(name="off", description=_("Leave nothing out in this server"))
    @app_commands.guild_only()
    async def off(self, interaction: Interaction) -> None:
        """Shows all; for managers."""
        await self._switch(interaction, False)

    async def _switch(self, interaction: Interaction, on: bool) -> None:
        language, place = language_of(interaction), self.bot.place(interaction.guild_id)

        async def ask(_: object) -> Refusal | None:
            if place is None:
                return Refusal("server_only")
            if not interaction.permissions.manage_guild:
                return Refusal("clean_manager_only")
            return await self.bot.service.set_clean(place, on)

        await converse(
            self.bot.service, InteractionReply(interaction), ask, lambda _: _card(on, language)
        )


def _card(on: bool, language: str) -> Card:
    text = clean_text(on, language)
    return Card(language, text=f"{text} {say('clean_adults', language)}" if on else text)


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Clean(bot))
