"""``/taste``: what is believed of a person's taste, for that person alone, and theirs to change."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.types import Believed, Refusal
from bot.wording import say
from cogs.card import COLOR, PICTURE_NAME, Card
from cogs.conversation import converse
from cogs.markdown import neutral, shorten
from cogs.reply import InteractionReply, language_of
from soundmap.beliefs import Belief, Beliefs
from soundmap.taste import ROCCHIO_FROM

if TYPE_CHECKING:
    from bot.discord_bot import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]
_SHOWN = 8
_OFFERED = 25


class Taste(commands.GroupCog, name="taste", description=_("What SoundMap believes you like")):
    """Shows, switches, resets."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @app_commands.command(description=_("Show what is believed, and take away what is wrong"))
    async def show(self, interaction: Interaction) -> None:
        """A picture of what is believed, with a menu to take beliefs away."""
        language, person = language_of(interaction), self.bot.person(interaction.user)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.beliefs(person),
            lambda believed: _card(believed, language),
        )

    @app_commands.command(name="on", description=_("Let your lists follow your taste"))
    async def on(self, interaction: Interaction) -> None:
        """Lists follow the taste again."""
        await self._switch(interaction, True)

    @app_commands.command(name="off", description=_("Let your lists follow nobody's taste"))
    async def off(self, interaction: Interaction) -> None:
        """Lists are the plain ones."""
        await self._switch(interaction, False)

    @app_commands.command(description=_("Delete all your votes"))
    async def reset(self, interaction: Interaction) -> None:
        """Nothing is believed any more."""
        language, person = language_of(interaction), self.bot.person(interaction.user)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.reset_taste(person),
            lambda votes: Card(language, text=say("taste_reset", language, votes=votes)),
        )

    async def _switch(self, interaction: Interaction, on: bool) -> None:
        language, person = language_of(interaction), self.bot.person(interaction.user)
        text = say("taste_now_on" if on else "taste_now_off", language)
        await converse(
            self.bot.service,
            InteractionReply(interaction, private=True),
            lambda _: self.bot.service.switch_taste(person, on),
            lambda _: Card(language, text=text),
        )


class DenyMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"sm:deny"):
    """The beliefs of a person; those chosen are taken away."""

    def __init__(self, beliefs: Beliefs | None = None, language: str = "en") -> None:
        found = beliefs.beliefs[:_OFFERED] if beliefs else ()
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
        """The menu again; what was chosen comes with the interaction."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Takes what was chosen away and says so."""
        bot, language = interaction.client, language_of(interaction)
        person, chosen = bot.person(interaction.user), list(self.item.values)

        async def deny(_: object) -> list[str] | Refusal:
            believed = await bot.service.beliefs(person)
            if isinstance(believed, Refusal):
                return believed
            names = []
            for belief in believed.beliefs.beliefs:
                if _value(belief) in chosen:
                    await bot.service.deny(person, belief.kind, belief.name)
                    names.append(belief.name)
            return names

        await converse(
            bot.service,
            InteractionReply(interaction, private=True),
            deny,
            lambda names: Card(language, text=_denied(names, language)),
        )


def _card(believed: Believed, language: str) -> Card:
    known = believed.beliefs
    lines = [_state(believed, language)]
    if known.tempo_bpm:
        lines.append(say("taste_tempo", language, bpm=known.tempo_bpm.value))
    if known.brightness_hz:
        middle = known.brightness_hz
        where = say("taste_bright", language, share=middle.rank)
        lines.append(say("taste_brightness", language, hz=middle.value, where=where))
    embed = discord.Embed(color=COLOR, title=say("taste_title", language))
    embed.description = "\n".join(lines)
    if not known.beliefs:
        return Card(language, (embed,))
    from soundmap.taste_picture import draw_taste  # Pillow, only for those who look

    embed.set_image(url=f"attachment://{PICTURE_NAME}")
    names = ", ".join(belief.name for belief in known.beliefs[:_SHOWN])
    return Card(
        language,
        (embed,),
        data=draw_taste(known.beliefs[:_SHOWN]),
        file_about=say("taste_alt", language, names=names),
        view=partial(_menu, known, language),
    )


def _menu(beliefs: Beliefs, language: str) -> discord.ui.View:
    return discord.ui.View(timeout=None).add_item(DenyMenu(beliefs, language))


def _state(believed: Believed, language: str) -> str:
    if not believed.is_on:
        return say("taste_off", language)
    if not believed.n_signals:
        return say("taste_none", language)
    code = "taste_few" if believed.n_signals < ROCCHIO_FROM else "taste_many"
    facts = {"signals": believed.n_signals, "least": f"{ROCCHIO_FROM:g}"}
    return say(code, language, **facts)


def _option(belief: Belief) -> discord.SelectOption:
    label = shorten(f"{'+' if belief.weight > 0 else '−'} {belief.name}", 100)
    return discord.SelectOption(label=label, value=_value(belief), description=belief.kind)


def _value(belief: Belief) -> str:
    return f"{belief.kind}:{belief.name}"[:100]


def _denied(names: list[str], language: str) -> str:
    return say(
        "taste_denied", language, names=", ".join(neutral(name, 50) for name in names) or "–"
    )


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    bot.add_dynamic_items(DenyMenu)
    await bot.add_cog(Taste(bot))
