"""The buttons below a mix that is being gathered; they survive a restart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.chat.mixing import CLEAR_ID, MIX_ID
from bot.discord.audience import shown_in
from bot.discord.buttons import answered
from bot.discord.card import Card
from bot.discord.conversation import converse
from bot.discord.reply import InteractionReply, language_of
from bot.types import Answer, PathEnd, Refusal, Watcher
from bot.wording import say
from soundmap.recommendation.request import Request

Interaction = discord.Interaction[Any]


class Mix(discord.ui.DynamicItem[discord.ui.Button[Any]], template=MIX_ID):
    """*Mix these*: the list for what the person who presses it gathered in this channel."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(custom_id=MIX_ID, label="?"))

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:  # noqa: ARG003
        """The button, after a restart."""
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        """Shows the list in the channel."""
        await show_mix(interaction, (), (), Request())


class Clear(discord.ui.DynamicItem[discord.ui.Button[Any]], template=CLEAR_ID):
    """*Clear*: empties the mix of the person who presses it."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(custom_id=CLEAR_ID, label="?"))

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:  # noqa: ARG003
        """The button, after a restart."""
        return cls()

    async def callback(self, interaction: Interaction) -> None:
        """Says so to the person alone."""
        await clear_mix(interaction)


async def show_mix(
    interaction: Interaction,
    near: Sequence[PathEnd],
    away: Sequence[PathEnd],
    asked: Request | Refusal,
) -> None:
    """Shows the list for sounds, or without any for what the person gathered in the channel."""
    bot, language = interaction.client, language_of(interaction)
    who = bot.person(interaction.user), bot.channel_key(interaction.channel_id)
    place = bot.place(interaction.guild_id)

    async def ask(watch: Watcher) -> Answer | Refusal:
        if isinstance(asked, Refusal):
            return asked
        request = shown_in(interaction.channel, asked)
        found: Answer | Refusal = await bot.service.mixes.of(
            *who, near, away, request, watch, place
        )
        return found

    await converse(
        bot.service,
        InteractionReply(interaction),
        ask,
        lambda answer: answered(answer, bot.bundle, language),
    )


async def clear_mix(interaction: Interaction) -> None:
    """Empties the mix of a person in the channel."""
    bot, language = interaction.client, language_of(interaction)
    who = bot.person(interaction.user), bot.channel_key(interaction.channel_id)
    await converse(
        bot.service,
        InteractionReply(interaction, private=True),
        lambda _: bot.service.mixes.clear(*who),
        lambda _: Card(language, text=say("mix_cleared", language)),
    )


ALL = (Clear, Mix)
