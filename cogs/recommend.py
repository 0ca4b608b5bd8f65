"""``/recommend``, ``/genre``, and the same in the context menu of a message."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.phrases import MOST_PICKS
from bot.chat.wishes import requested
from bot.discord.audience import shown_in
from bot.discord.buttons import answered
from bot.discord.card import heard_card
from bot.discord.conversation import converse
from bot.discord.files import source_of, sources_in
from bot.discord.reply import InteractionReply, language_of
from bot.discord.translate import SIMILAR, WHICH
from bot.types import Answer, Heard, Refusal, Source, Watcher
from bot.wording import readable
from cogs.catalog import catalog_choices
from soundmap.recommendation.request import LICENSES, ROAM_STRIDES, Request
from soundmap.wording.filters import license_wish

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]
Choice = app_commands.Choice[str]
LICENSE_CHOICES = [app_commands.Choice(name=_(license_wish(it)), value=it) for it in LICENSES]
FILTERS = {
    "genre": _("Only tracks of this genre"),
    "license": _("A license, or permissive: music you may build on (CC0, public domain, CC BY)"),
    "tempo": _("Tempo in BPM, such as 90-110, 120- or 120"),
    "page": _("Only tracks whose page is known"),
    "instrumental": _("Only tracks that are called instrumental"),
    "clean": _("No strong language in titles and names"),
    "catalog": _("Which tracks: fma, or music that whoever runs the bot has added"),
}
"""What the options of commands that give lists mean."""
_ROAMS = [app_commands.Choice(name=_(name), value=name) for name in ROAM_STRIDES]


class Recommend(commands.Cog):
    """Recommends tracks and names genres."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot
        self._menus = [
            app_commands.ContextMenu(name=_(SIMILAR), callback=self.similar),
            app_commands.ContextMenu(name=_(WHICH), callback=self.which),
        ]

    async def cog_load(self) -> None:
        """Adds the context menus, which discord.py does not collect from a cog."""
        for menu in self._menus:
            self.bot.tree.add_command(menu)

    @app_commands.command(
        description=_("Find free music that sounds like a file or link, or that you may like")
    )
    @app_commands.describe(
        file=_("An audio file"),
        link=_("Or a link to one"),
        start=_("Only the part from there on, such as 1:30"),
        count=_("How many tracks, 1 to 10 (5)"),
        roam=_("How far to roam: closer takes the nearest, wider looks around"),
        **FILTERS,
    )
    @app_commands.choices(license=LICENSE_CHOICES, roam=_ROAMS)
    async def recommend(
        self,
        interaction: Interaction,
        file: discord.Attachment | None = None,
        link: str | None = None,
        start: str | None = None,
        count: app_commands.Range[int, 1, MOST_PICKS] = 5,
        genre: str | None = None,
        license: str = "any",  # noqa: A002  (the option's name)
        tempo: str | None = None,
        page: bool = False,
        instrumental: bool = False,
        clean: bool = False,
        roam: str = "closer",
        catalog: str = "",
    ) -> None:
        """Shows the tracks nearest to a sound, or to the person's taste."""
        filters = {"page": page, "instrumental": instrumental, "clean": clean, "genre": genre}
        request = requested(
            tempo, count=count, license=license, roam=roam, catalog=catalog, **filters
        )
        await self._recommend(interaction, source_of(file, link, start), request)

    @recommend.autocomplete("genre")
    async def _genres(self, interaction: Interaction, typed: str) -> list[Choice]:
        return genre_choices(interaction, typed)

    @recommend.autocomplete("catalog")
    async def _catalogs(self, interaction: Interaction, typed: str) -> list[Choice]:
        return await catalog_choices(interaction, typed)

    @app_commands.command(description=_("Say which genres a file or link is heard as"))
    @app_commands.describe(
        file=_("An audio file"),
        link=_("Or a link to one"),
        start=_("Only the part from there on, such as 1:30"),
    )
    async def genre(
        self,
        interaction: Interaction,
        file: discord.Attachment | None = None,
        link: str | None = None,
        start: str | None = None,
    ) -> None:
        """Shows the genres of a sound."""
        await self._genre(interaction, source_of(file, link, start) or Refusal("no_source"))

    async def similar(self, interaction: Interaction, message: discord.Message) -> None:
        """*Find similar music* in the context menu of a message."""
        await self._recommend(interaction, _in_message(interaction, message), Request())

    async def which(self, interaction: Interaction, message: discord.Message) -> None:
        """*What genre is this?* in the context menu of a message."""
        await self._genre(interaction, _in_message(interaction, message))

    async def _recommend(
        self,
        interaction: Interaction,
        source: Source | Refusal | None,
        asked: Request | Refusal,
    ) -> None:
        service, language = self.bot.service, language_of(interaction)
        person, place = self.bot.person(interaction.user), self.bot.place(interaction.guild_id)

        async def ask(watch: Watcher) -> Answer | Refusal:
            if isinstance(source, Refusal):
                return source
            if isinstance(asked, Refusal):
                return asked
            request = shown_in(interaction.channel, asked)
            if source is None:
                return await service.from_taste(person, request, place)
            return await service.recommend(person, source, request, watch, place)

        await converse(
            service,
            InteractionReply(interaction),
            ask,
            lambda answer: answered(answer, self.bot.bundle, language),
        )

    async def _genre(self, interaction: Interaction, source: Source | Refusal) -> None:
        service, language = self.bot.service, language_of(interaction)
        person, started = self.bot.person(interaction.user), time.monotonic()

        async def ask(watch: Watcher) -> Heard | Refusal:
            if isinstance(source, Refusal):
                return source
            return await service.genre(person, source, watch)

        await converse(
            service,
            InteractionReply(interaction),
            ask,
            lambda heard: heard_card(heard, self.bot.bundle, time.monotonic() - started, language),
        )


def genre_choices(interaction: Interaction, typed: str) -> list[Choice]:
    """The genres whose name contains ``typed``."""
    labels = interaction.client.service.manifest.labels
    fitting = [label for label in labels if typed.casefold() in label.casefold()]
    return [app_commands.Choice(name=label, value=label) for label in fitting[:25]]


def _in_message(interaction: Interaction, message: discord.Message) -> Source | Refusal:
    """The first audio file of a message, or else its first link."""
    if found := sources_in(message):
        return found[0]
    return Refusal("no_audio_here", {"readable": readable(language_of(interaction))})


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Recommend(bot))
