"""``/map``: where a sound and its list lie among all tracks, or what a person may like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.audience import shown_in
from bot.discord.buttons import answered
from bot.discord.card import COLOR, PICTURE_NAME, Card
from bot.discord.conversation import converse
from bot.discord.files import source_of
from bot.discord.reply import InteractionReply, language_of
from bot.types import Answer, Refusal, Watcher
from bot.wording import say
from soundmap.recommendation.request import Request

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]


class Map(commands.Cog):
    """Shows the map."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @app_commands.command(description=_("See where a sound and its list lie among all tracks"))
    @app_commands.describe(
        file=_("An audio file"),
        link=_("Or a link to one"),
        taste=_("Instead: what you may like, for you alone"),
    )
    async def map(
        self,
        interaction: Interaction,
        file: discord.Attachment | None = None,
        link: str | None = None,
        taste: bool = False,
    ) -> None:
        """Shows the map around the given sound, or else the person's last one."""
        if taste:
            await self._taste(interaction)
            return
        language, source = language_of(interaction), source_of(file, link)
        person, place = self.bot.person(interaction.user), self.bot.place(interaction.guild_id)

        async def ask(watch: Watcher) -> Answer | Refusal:
            if isinstance(source, Refusal):
                return source
            request = shown_in(interaction.channel, Request())
            return await self.bot.service.charts.of_sound(person, source, watch, place, request)

        await converse(
            self.bot.service,
            InteractionReply(interaction),
            ask,
            lambda answer: answered(answer, self.bot.bundle, language),
        )

    async def _taste(self, interaction: Interaction) -> None:
        language, person = language_of(interaction), self.bot.person(interaction.user)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.charts.of_taste(person),
            lambda picture: _taste_card(picture, language),
        )


def _taste_card(picture: bytes, language: str) -> Card:
    embed = discord.Embed(color=COLOR, title=say("taste_title", language))
    embed.description = say("map_taste", language)
    embed.set_image(url=f"attachment://{PICTURE_NAME}")
    return Card(language, (embed,), data=picture, file_about=say("map_taste_alt", language))


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Map(bot))
