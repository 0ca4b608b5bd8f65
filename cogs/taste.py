"""``/taste``: shows what is believed of a person's taste and lets them correct it; private."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.beliefs import (
    OFFERED,
    belief_label,
    belief_lines,
    belief_value,
    denied_text,
    deny,
    picture_names,
)
from bot.discord.card import COLOR, PICTURE_NAME, Card
from bot.discord.conversation import converse
from bot.discord.markdown import neutral
from bot.discord.reply import InteractionReply, language_of
from bot.types import Believed
from bot.wording import say
from soundmap.taste.beliefs import Belief, Beliefs

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]


class Taste(commands.GroupCog, name="taste", description=_("What SoundMap believes you like")):
    """Shows, switches and resets a taste."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @app_commands.command(description=_("Show what is believed, and take away what is wrong"))
    async def show(self, interaction: Interaction) -> None:
        """Shows a picture of the beliefs, with a menu to remove some."""
        language, person = language_of(interaction), self.bot.person(interaction.user)
        place = self.bot.place(interaction.guild_id)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.person.beliefs(person, place),
            lambda believed: _card(believed, language),
        )

    @app_commands.command(name="on", description=_("Let your lists follow your taste"))
    async def on(self, interaction: Interaction) -> None:
        """Lets lists follow the taste."""
        await self._switch(interaction, True)

    @app_commands.command(name="off", description=_("Let your lists follow nobody's taste"))
    async def off(self, interaction: Interaction) -> None:
        """Lets lists ignore the taste."""
        await self._switch(interaction, False)

    @app_commands.command(description=_("Delete all your votes"))
    async def reset(self, interaction: Interaction) -> None:
        """Deletes all votes and hidden artists."""
        language, person = language_of(interaction), self.bot.person(interaction.user)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.person.reset(person),
            lambda votes: Card(language, text=say("taste_reset", language, votes=votes)),
        )

    @app_commands.command(description=_("Let what you took away count again"))
    async def restore(self, interaction: Interaction) -> None:
        """Lets removed beliefs count again."""
        language, person = language_of(interaction), self.bot.person(interaction.user)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.person.allow_all(person),
            lambda count: Card(language, text=say("taste_restored", language, count=count)),
        )

    async def _switch(self, interaction: Interaction, on: bool) -> None:
        language, person = language_of(interaction), self.bot.person(interaction.user)
        text = say("taste_now_on" if on else "taste_now_off", language)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.person.switch(person, on),
            lambda _: Card(language, text=text),
        )


class DenyMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"sm:deny"):
    """A menu of a person's beliefs; removes the chosen ones."""

    def __init__(self, beliefs: Beliefs | None = None, language: str = "en") -> None:
        found = beliefs.beliefs[:OFFERED] if beliefs else ()
        options = [_option(belief) for belief in found] or [discord.SelectOption(label="?")]
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id="sm:deny",
            placeholder=say("taste_wrong", language),
            options=options,
            max_values=len(options),
        )
        super().__init__(select)

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, ___: re.Match[str], /) -> Self:
        """The menu from its id; the choice comes with the interaction."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Removes the chosen beliefs and says so."""
        bot, language = interaction.client, language_of(interaction)
        person, chosen = bot.person(interaction.user), list(self.item.values)

        await converse(
            bot.service,
            InteractionReply(interaction, private=True),
            lambda _: deny(bot.service, person, chosen),
            lambda names: Card(language, text=denied_text(names, language, neutral)),
        )


def _card(believed: Believed, language: str) -> Card:
    known = believed.beliefs
    embed = discord.Embed(color=COLOR, title=say("taste_title", language))
    embed.description = "\n".join(belief_lines(believed, language))
    if not known.beliefs:
        return Card(language, (embed,))
    embed.set_image(url=f"attachment://{PICTURE_NAME}")
    return Card(
        language,
        (embed,),
        data=believed.picture,
        file_about=picture_names(believed, language),
        view=partial(_menu, known, language),
    )


def _menu(beliefs: Beliefs, language: str) -> discord.ui.View:
    return discord.ui.View(timeout=None).add_item(DenyMenu(beliefs, language))


def _option(belief: Belief) -> discord.SelectOption:
    label, value = belief_label(belief, 100), belief_value(belief)
    return discord.SelectOption(label=label, value=value, description=belief.kind)


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    bot.add_dynamic_items(DenyMenu)
    await bot.add_cog(Taste(bot))
