"""``/credit``: lines of credit to copy, for the tracks of a person's last list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.phrases import MOST_PICKS
from bot.discord.card import credits_card
from bot.discord.conversation import converse
from bot.discord.reply import InteractionReply, language_of

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]


class Credit(commands.Cog):
    """Gives credit."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @app_commands.command(description=_("Credit lines to copy, for the tracks of your last list"))
    @app_commands.describe(number=_("Only for this track of the list"))
    async def credit(
        self,
        interaction: Interaction,
        number: app_commands.Range[int, 1, MOST_PICKS] | None = None,
    ) -> None:
        """Shows the credits of the person's last list, to that person alone."""
        language, person = language_of(interaction), self.bot.person(interaction.user)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.last(person, number),
            lambda found: credits_card(found, language),
        )


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Credit(bot))
