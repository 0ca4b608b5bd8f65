"""``/about`` and ``/help``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.delivery import by_an_open_way
from bot.discord.card import COLOR
from bot.discord.patience import patiently
from bot.discord.reply import language_of
from bot.discord.translate import ADD_TO_MIX, SIMILAR, WHICH, korean
from bot.discord.trouble import trouble_of
from bot.wording import readable, say
from soundmap import __version__

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]


class About(commands.Cog):
    """Says what the bot is, how good it is and how to use it."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @app_commands.command(description=_("What SoundMap is, and how good"))
    async def about(self, interaction: Interaction) -> None:
        """The model card in five lines, and how to invite the bot."""
        language = language_of(interaction)
        title = say("about_title", language, version=__version__)
        told = say("about", language, **self.bot.service.about())
        invited = say("about_invite", language, link=self.bot.invitation)
        await _tell(interaction, title, f"{told}\n{invited}")

    @app_commands.command(description=_("How to use SoundMap"))
    async def help(self, interaction: Interaction) -> None:
        """Lists the commands."""
        language = language_of(interaction)
        menus = {"similar": SIMILAR, "which": WHICH, "add": ADD_TO_MIX}
        if language == "ko":
            menus = {name: korean(text) for name, text in menus.items()}
        facts = {"readable": readable(language), "most_mb": self.bot.settings.max_mb}
        text = say("help", language, **menus, **facts)
        await _tell(interaction, say("help_title", language), text)


async def _tell(interaction: Interaction, title: str, text: str) -> None:
    embed = discord.Embed(color=COLOR, title=title, description=text)
    send = interaction.response.send_message

    async def tell() -> None:
        await patiently(lambda: send(embed=embed, ephemeral=True))

    await by_an_open_way((tell,), trouble_of)


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(About(bot))
