"""``/mydata``: shows, exports or deletes what is stored about a person; private."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.card import Card
from bot.discord.conversation import converse
from bot.discord.reply import InteractionReply, language_of
from bot.wording import say

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]
_FILE_NAME = "soundmap-mydata.json"
_LARGE_BYTES = 4_000_000  # Discord takes 10 MB


class MyData(commands.GroupCog, name="mydata", description=_("What SoundMap keeps about you")):
    """Shows, exports or deletes a person's data."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @app_commands.command(description=_("Show what is kept about you"))
    async def show(self, interaction: Interaction) -> None:
        """Shows how much is stored, and for how long."""
        language, person = language_of(interaction), self.bot.person(interaction.user)
        days = self.bot.settings.retention_days
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.person.summary(person),
            lambda kept: Card(language, text=say("mydata", language, days=days, **kept)),
        )

    @app_commands.command(description=_("Get everything kept about you as a file"))
    async def export(self, interaction: Interaction) -> None:
        """Sends all of it as a JSON file, compressed if it is large."""
        language, person = language_of(interaction), self.bot.person(interaction.user)

        def card(kept: dict[str, Any]) -> Card:
            data = json.dumps(kept, indent=2, ensure_ascii=False).encode()
            name = _FILE_NAME
            if len(data) > _LARGE_BYTES:
                data, name = gzip.compress(data), f"{_FILE_NAME}.gz"
            return Card(language, text=say("exported", language), data=data, file_name=name)

        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.person.export(person),
            card,
        )

    @app_commands.command(description=_("Delete everything kept about you, at once"))
    async def forget(self, interaction: Interaction) -> None:
        """Deletes everything about the person."""
        language, person = language_of(interaction), self.bot.person(interaction.user)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.person.forget(person),
            lambda gone: Card(language, text=say("forgotten", language, **gone)),
        )


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(MyData(bot))
