"""``/path``: leads from one sound to another, each track similar to the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.phrases import MOST_PICKS
from bot.chat.plain import named
from bot.chat.wishes import requested
from bot.discord.audience import shown_in
from bot.discord.buttons import led
from bot.discord.conversation import converse
from bot.discord.files import end_of
from bot.discord.reply import InteractionReply, language_of
from bot.types import PathAnswer, Refusal, Watcher
from cogs.catalog import catalog_choices
from cogs.recommend import FILTERS, LICENSE_CHOICES, genre_choices
from soundmap.catalog.names import name_of
from soundmap.types import Track

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]
Choice = app_commands.Choice[str]
_MOST_CHOICES, _CHOICE_LETTERS = 25, 100


class Path(commands.Cog):
    """Finds a path between two sounds."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @app_commands.command(
        description=_(
            "Lead from one sound to another by tracks that each sound like the one before"
        )
    )
    @app_commands.rename(start="from", end="to", start_file="from_file", end_file="to_file")
    @app_commands.describe(
        start=_("Where it begins: a track, or a link"),
        end=_("Where it ends: a track, or a link"),
        start_file=_("Or an audio file to begin with"),
        end_file=_("Or an audio file to end with"),
        count=_("How many tracks in between, 1 to 10 (8)"),
        **FILTERS,
    )
    @app_commands.choices(license=LICENSE_CHOICES)
    async def path(
        self,
        interaction: Interaction,
        start: str | None = None,
        end: str | None = None,
        start_file: discord.Attachment | None = None,
        end_file: discord.Attachment | None = None,
        count: app_commands.Range[int, 1, MOST_PICKS] = 8,
        genre: str | None = None,
        license: str = "any",  # noqa: A002  (the option's name)
        tempo: str | None = None,
        page: bool = False,
        instrumental: bool = False,
        clean: bool = False,
        catalog: str = "",
    ) -> None:
        """Shows the tracks between two sounds."""
        ends = end_of(start_file, start), end_of(end_file, end)
        language = language_of(interaction)
        person, place = self.bot.person(interaction.user), self.bot.place(interaction.guild_id)
        filters = {"page": page, "instrumental": instrumental, "clean": clean, "genre": genre}
        asked = requested(tempo, count=count, license=license, catalog=catalog, **filters)

        async def ask(watch: Watcher) -> PathAnswer | Refusal:
            first, last = ends
            if isinstance(first, Refusal):
                return first
            if isinstance(last, Refusal):
                return last
            if isinstance(asked, Refusal):
                return asked
            request = shown_in(interaction.channel, asked)
            return await self.bot.service.charts.path(person, (first, last), request, watch, place)

        await converse(
            self.bot.service,
            InteractionReply(interaction),
            ask,
            lambda answer: led(answer, self.bot.bundle, language),
        )

    @path.autocomplete("start")
    @path.autocomplete("end")
    async def _tracks(self, interaction: Interaction, typed: str) -> list[Choice]:
        return await track_choices(interaction, typed)

    @path.autocomplete("genre")
    async def _genres(self, interaction: Interaction, typed: str) -> list[Choice]:
        return genre_choices(interaction, typed)

    @path.autocomplete("catalog")
    async def _catalogs(self, interaction: Interaction, typed: str) -> list[Choice]:
        return await catalog_choices(interaction, typed)


async def track_choices(interaction: Interaction, typed: str) -> list[Choice]:
    """The tracks of the catalog chosen in a command that match what was typed so far."""
    bot, catalog = interaction.client, interaction.namespace.catalog
    asked = (typed, _MOST_CHOICES, catalog or "", bot.place(interaction.guild_id))
    found = await bot.service.charts.tracks_like(*asked)
    return [] if isinstance(found, Refusal) else [_choice(track) for track in found]


def _choice(track: Track) -> Choice:
    name = named(name_of(track), _CHOICE_LETTERS)
    return app_commands.Choice(name=name, value=f"#{track.track_id}")


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Path(bot))
