"""The mix that a person gathers: adding picks of a list to it, and showing it."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Self

import discord

from bot.chat.mixing import ADD_ID, CLEAR_ID, MIX_ID, add_id, gathered_text
from bot.chat.plain import named
from bot.core.mixes import Gathered
from bot.discord.card import Card
from bot.discord.conversation import converse
from bot.discord.markdown import neutral
from bot.discord.reply import InteractionReply, language_of
from bot.types import Refusal, Watcher
from bot.wording import say
from soundmap.catalog.names import name_of
from soundmap.types import Pick

Interaction = discord.Interaction[Any]


class AddPicks(discord.ui.DynamicItem[discord.ui.Select[Any]], template=ADD_ID):
    """*Add to mix*: a menu of a list's picks; those chosen are added to the person's own mix."""

    def __init__(self, list_id: int, picks: Sequence[Pick] = (), language: str = "en") -> None:
        options = [
            discord.SelectOption(
                label=named(f"{pick.rank}. {name_of(pick.track)}", 100), value=str(pick.rank)
            )
            for pick in picks
        ] or [discord.SelectOption(label="?")]
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=add_id(list_id),
            placeholder=say("mix_add", language),
            options=options,
            max_values=min(len(options), 5),
        )
        super().__init__(select)  # in the first row that is free
        self.list_id = list_id

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:
        """The menu from its id; the choice comes with the interaction."""
        return cls(int(match[1]))

    async def callback(self, interaction: Interaction) -> None:
        """Adds the chosen picks, and shows the mix to the person alone."""
        bot = interaction.client
        who = bot.person(interaction.user), bot.channel_key(interaction.channel_id)
        ranks = [int(value) for value in self.item.values if value.isdecimal()]
        await gather(interaction, lambda _: bot.service.mixes.add_picks(*who, self.list_id, ranks))


async def gather(
    interaction: Interaction,
    ask: Callable[[Watcher], Coroutine[Any, Any, Gathered | Refusal]],
) -> None:
    """Does something with a person's mix, and shows it to that person alone."""
    language = language_of(interaction)
    await converse(
        interaction.client.service,
        InteractionReply(interaction, private=True),
        ask,
        lambda found: gathered_card(found, language),
    )


def gathered_card(found: Gathered, language: str) -> Card:
    """A mix as it is now, with buttons to make its list and to clear it."""
    text = gathered_text(found, language, neutral)
    return Card(language, text=text, view=partial(_buttons, language))


def _buttons(language: str) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for custom_id, code, style in (
        (MIX_ID, "mix_make", discord.ButtonStyle.primary),
        (CLEAR_ID, "mix_clear", discord.ButtonStyle.secondary),
    ):
        label = say(code, language)
        view.add_item(discord.ui.Button(style=style, label=label, custom_id=custom_id))
    return view
