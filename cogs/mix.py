"""``/mix``: lists that go by several sounds, and gathering them; the same in the context menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.messages import end_in
from bot.chat.phrases import MOST_PICKS
from bot.chat.wishes import requested
from bot.core.mixes import Gathered
from bot.discord.files import sources_in, upload_of
from bot.discord.gathering import gather
from bot.discord.mixing import clear_mix, show_mix
from bot.discord.reply import language_of
from bot.discord.translate import ADD_TO_MIX
from bot.types import Link, PathEnd, Refusal, Upload, Watcher
from bot.wording import readable
from cogs.catalog import catalog_choices
from cogs.path import track_choices
from cogs.recommend import FILTERS, LICENSE_CHOICES, genre_choices

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]
Choice = app_commands.Choice[str]
_SOUND, _FILE = _("A track, or a link"), _("Or an audio file")


class Mix(
    commands.GroupCog, name="mix", description=_("Find music that sounds like several sounds")
):
    """Mixes sounds, and gathers them for a mix."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot
        self._menu = app_commands.ContextMenu(name=_(ADD_TO_MIX), callback=self.add_message)

    async def cog_load(self) -> None:
        """Adds the context menu, which discord.py does not collect from a cog."""
        self.bot.tree.add_command(self._menu)

    @app_commands.command(
        description=_("Free music near up to five sounds, or near those you gathered here")
    )
    @app_commands.describe(
        sound=_SOUND,
        sound2=_SOUND,
        sound3=_SOUND,
        sound4=_SOUND,
        sound5=_SOUND,
        file=_FILE,
        file2=_FILE,
        file3=_FILE,
        file4=_FILE,
        file5=_FILE,
        without=_("Stay away from this track or link"),
        without_file=_("Stay away from this audio file"),
        count=_("How many tracks, 1 to 10 (5)"),
        **FILTERS,
    )
    @app_commands.choices(license=LICENSE_CHOICES)
    async def make(
        self,
        interaction: Interaction,
        sound: str | None = None,
        sound2: str | None = None,
        sound3: str | None = None,
        sound4: str | None = None,
        sound5: str | None = None,
        file: discord.Attachment | None = None,
        file2: discord.Attachment | None = None,
        file3: discord.Attachment | None = None,
        file4: discord.Attachment | None = None,
        file5: discord.Attachment | None = None,
        without: str | None = None,
        without_file: discord.Attachment | None = None,
        count: app_commands.Range[int, 1, MOST_PICKS] = 5,
        genre: str | None = None,
        license: str = "any",  # noqa: A002  (the option's name)
        tempo: str | None = None,
        page: bool = False,
        instrumental: bool = False,
        clean: bool = False,
        catalog: str = "",
    ) -> None:
        """Shows the tracks near several sounds."""
        near = _ends(sound, sound2, sound3, sound4, sound5, file, file2, file3, file4, file5)
        filters = {"page": page, "instrumental": instrumental, "clean": clean, "genre": genre}
        request = requested(tempo, count=count, license=license, catalog=catalog, **filters)
        await show_mix(interaction, near, _ends(without, without_file), request)

    @app_commands.command(description=_("Add a sound to the mix you gather here"))
    @app_commands.describe(
        sound=_SOUND,
        file=_FILE,
        catalog=FILTERS["catalog"],
    )
    async def add(
        self,
        interaction: Interaction,
        sound: str | None = None,
        file: discord.Attachment | None = None,
        catalog: str = "",
    ) -> None:
        """Adds a track, a link or a file."""
        await self._add(interaction, _ends(sound, file), catalog)

    @app_commands.command(description=_("Show the mix you gather here"))
    async def show(self, interaction: Interaction) -> None:
        """Shows it to the person alone."""
        who = self._who(interaction)
        await gather(interaction, lambda _: self.bot.service.mixes.shown(*who))

    @app_commands.command(description=_("Empty the mix you gather here"))
    async def clear(self, interaction: Interaction) -> None:
        """Empties it."""
        await clear_mix(interaction)

    @make.autocomplete("sound")
    @make.autocomplete("sound2")
    @make.autocomplete("sound3")
    @make.autocomplete("sound4")
    @make.autocomplete("sound5")
    @make.autocomplete("without")
    @add.autocomplete("sound")
    async def _tracks(self, interaction: Interaction, typed: str) -> list[Choice]:
        return await track_choices(interaction, typed)

    @make.autocomplete("genre")
    async def _genres(self, interaction: Interaction, typed: str) -> list[Choice]:
        return genre_choices(interaction, typed)

    @make.autocomplete("catalog")
    @add.autocomplete("catalog")
    async def _catalogs(self, interaction: Interaction, typed: str) -> list[Choice]:
        return await catalog_choices(interaction, typed)

    async def add_message(self, interaction: Interaction, message: discord.Message) -> None:
        """*Add to mix* in the context menu of a message: all of its sounds, as far as they fit."""
        await self._add(interaction, sources_in(message), in_message=True)

    async def _add(
        self,
        interaction: Interaction,
        ends: list[PathEnd] | list[Upload | Link],
        catalog: str = "",
        in_message: bool = False,
    ) -> None:
        who, place = self._who(interaction), self.bot.place(interaction.guild_id)

        async def ask(watch: Watcher) -> Gathered | Refusal:
            if in_message and not ends:
                return Refusal("no_audio_here", {"readable": readable(language_of(interaction))})
            return await self.bot.service.mixes.add(*who, ends, watch, place, catalog)

        await gather(interaction, ask)

    def _who(self, interaction: Interaction) -> tuple[str, str]:
        """The keys of a person and of the channel."""
        return self.bot.person(interaction.user), self.bot.channel_key(interaction.channel_id)


def _ends(*given: str | discord.Attachment | None) -> list[PathEnd]:
    """The sounds among options: files, links and names of tracks."""
    return [
        end_in(it) if isinstance(it, str) else upload_of(it)
        for it in given
        if isinstance(it, discord.Attachment) or (it and it.strip())
    ]


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Mix(bot))
