"""``/catalog``: which tracks the lists of a server come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.phrases import catalog_chosen, catalogs_text
from bot.chat.plain import named
from bot.discord.card import Card
from bot.discord.conversation import converse
from bot.discord.markdown import neutral
from bot.discord.reply import InteractionReply, language_of
from bot.types import Refusal

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]
_MOST_CHOICES, _CHOICE_LETTERS = 25, 100


class Catalog(
    commands.GroupCog, name="catalog", description=_("Which tracks the lists here come from")
):
    """Shows and chooses the catalog of a server."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @app_commands.command(description=_("Show which catalog lists come from, and all there are"))
    async def show(self, interaction: Interaction) -> None:
        """Shows the catalog of this server."""
        language, place = language_of(interaction), self.bot.place(interaction.guild_id)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.chosen_catalog(place),
            lambda found: Card(language, text=catalogs_text(*found, language, neutral)),
        )

    @app_commands.command(description=_("Have the lists of this server come from a catalog"))
    @app_commands.describe(name=_("The catalog: fma is the Free Music Archive"))
    @app_commands.guild_only()
    async def use(self, interaction: Interaction, name: str) -> None:
        """Sets the catalog of this server; for managers."""
        language, place = language_of(interaction), self.bot.place(interaction.guild_id)

        async def ask(_: object) -> str | Refusal:
            if place is None:
                return Refusal("server_only")
            if not interaction.permissions.manage_guild:
                return Refusal("catalog_manager_only")
            return await self.bot.service.choose_catalog(place, name)

        await converse(
            self.bot.service,
            InteractionReply(interaction),
            ask,
            lambda chosen: Card(language, text=catalog_chosen(chosen, language, neutral)),
        )

    @use.autocomplete("name")
    async def _names(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await catalog_choices(interaction, typed)


async def catalog_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The catalogs whose name contains ``typed``."""
    names = await interaction.client.service.parts.catalogs.names()
    fitting = [name for name in names if typed.strip().casefold() in name]
    offered = (name for name in fitting[:_MOST_CHOICES] if len(name) <= _CHOICE_LETTERS)
    return [app_commands.Choice(name=named(name, _CHOICE_LETTERS), value=name) for name in offered]


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Catalog(bot))
