"""Buttons that survive a restart: their ids hold all they need to know."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Self

import discord

from bot.chat.handing import WAY, WAY_CREDITS, tracks_in, way_ids
from bot.chat.phrases import MOST_PICKS, hidden_text
from bot.chat.plain import named
from bot.discord.card import Card, answer_card, credits_card, file_card, path_card, why_embed
from bot.discord.conversation import converse
from bot.discord.gathering import AddPicks
from bot.discord.markdown import neutral
from bot.discord.reply import InteractionReply, language_of
from bot.types import Answer, PathAnswer
from bot.wording import say
from soundmap.types import Pick

Interaction = discord.Interaction[Any]
_PER_ROW = 5
_MOST_ID = 100  # letters of a button's id


def answered(answer: Answer, bundle: str, language: str, note: str = "") -> Card:
    """The card of an answer, with buttons if it has picks."""
    card = answer_card(answer, bundle, language, note)
    picks = answer.recommendation.picks
    return replace(card, view=partial(_buttons, card, picks)) if card.n_picks else card


def led(answer: PathAnswer, bundle: str, language: str) -> Card:
    """The card of a path, with buttons if it has picks."""
    card, made = path_card(answer, bundle, language), way_ids(answer, _MOST_ID)

    def view() -> discord.ui.View:
        view = discord.ui.View(timeout=None)
        for button, custom_id in zip((WayFile, WayCredits), made, strict=True):
            view.add_item(button(custom_id, language))
        return view

    return replace(card, view=view) if made else card


def _buttons(card: Card, picks: Sequence[Pick]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for rank in range(1, min(card.n_picks, MOST_PICKS) + 1):
        view.add_item(MoreLike(card.list_id, rank, card.language))
    view.add_item(Another(card.list_id, card.n_picks, card.language))
    view.add_item(Credits(card.list_id, card.language))
    view.add_item(Hide(card.list_id, card.language))
    view.add_item(ListFile(card.list_id, card.language))
    view.add_item(AddPicks(card.list_id, picks[:MOST_PICKS], card.language))
    return view.add_item(Why(card.list_id, card.language))


def list_in(message: discord.Message) -> int:
    """Id of the list whose buttons a message has, 0 if it has none."""
    for row in message.components:
        for item in getattr(row, "children", ()):
            if match := Another.__discord_ui_compiled_template__.fullmatch(item.custom_id or ""):
                return int(match[1])
    return 0


class MoreLike(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"sm:more:(\d+):(\d+)"):
    """*More like #n*: a list of tracks near a pick."""

    def __init__(self, list_id: int, rank: int, language: str = "en") -> None:
        label = say("more_like", language, rank=rank)
        super().__init__(_button(f"sm:more:{list_id}:{rank}", label, (rank - 1) // _PER_ROW))
        self.list_id, self.rank = list_id, rank

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:
        """The button from its id, after a restart."""
        return cls(int(match[1]), int(match[2]))

    async def callback(self, interaction: Interaction) -> None:
        """Shows a new list in the channel."""
        bot, language = interaction.client, language_of(interaction)
        person, place = bot.person(interaction.user), bot.place(interaction.guild_id)
        await converse(
            bot.service,
            InteractionReply(interaction),
            lambda _: bot.service.more_like(person, self.list_id, self.rank, place),
            lambda answer: answered(answer, bot.bundle, language),
        )


class Another(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"sm:another:(\d+)"):
    """*Another five*: the next picks for the same sound."""

    def __init__(self, list_id: int, n_picks: int = 5, language: str = "en") -> None:
        code = "another_five" if n_picks == 5 else "another"
        label = say(code, language, count=n_picks)
        super().__init__(_button(f"sm:another:{list_id}", label, 2))
        self.list_id = list_id

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:
        """The button from its id, after a restart."""
        return cls(int(match[1]))

    async def callback(self, interaction: Interaction) -> None:
        """Shows a new list in the channel."""
        bot, language = interaction.client, language_of(interaction)
        person, place = bot.person(interaction.user), bot.place(interaction.guild_id)
        await converse(
            bot.service,
            InteractionReply(interaction),
            lambda _: bot.service.another(person, self.list_id, place),
            lambda answer: answered(answer, bot.bundle, language),
        )


class Why(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"sm:why:(\d+)"):
    """*Why?*: all distances and reasons, shown only to the person who asks."""

    def __init__(self, list_id: int, language: str = "en") -> None:
        super().__init__(_button(f"sm:why:{list_id}", say("why", language), 2))
        self.list_id = list_id

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:
        """The button from its id, after a restart."""
        return cls(int(match[1]))

    async def callback(self, interaction: Interaction) -> None:
        """Shows the reasons to the person alone."""
        await _tell(interaction, self.list_id, _why_card)


class Credits(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"sm:credits:(\d+)"):
    """*Credits*: a line of credit for each pick, shown only to the person who asks."""

    def __init__(self, list_id: int, language: str = "en") -> None:
        super().__init__(_button(f"sm:credits:{list_id}", say("credits", language), 2))
        self.list_id = list_id

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:
        """The button from its id, after a restart."""
        return cls(int(match[1]))

    async def callback(self, interaction: Interaction) -> None:
        """Shows the credits to the person alone."""
        await _tell(
            interaction,
            self.list_id,
            lambda found, spoken: credits_card(found.recommendation, spoken),
        )


def _why_card(found: Answer, language: str) -> Card:
    return Card(language, (why_embed(found, language),))


async def _tell(
    interaction: Interaction, list_id: int, card: Callable[[Answer, str], Card]
) -> None:
    """Shows something about the picks of a list to the person alone."""
    bot, language = interaction.client, language_of(interaction)
    await converse(
        bot.service,
        InteractionReply(interaction, private=True),
        lambda _: bot.service.why(list_id),
        lambda found: card(found, language),
    )


class ListFile(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"sm:file:(\d+)"):
    """*Playlist*: the list as a file for a player, only for the person who asks."""

    def __init__(self, list_id: int, language: str = "en") -> None:
        super().__init__(_button(f"sm:file:{list_id}", say("list_file", language), 2))
        self.list_id = list_id

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:
        """The button from its id, after a restart."""
        return cls(int(match[1]))

    async def callback(self, interaction: Interaction) -> None:
        """Hands the file to the person alone."""
        await _tell(
            interaction,
            self.list_id,
            lambda found, spoken: file_card(found.recommendation.picks, spoken),
        )


class WayFile(discord.ui.DynamicItem[discord.ui.Button[Any]], template=WAY):
    """*Playlist* of a path, whose tracks its id names, since a path is not stored."""

    label, card = "list_file", staticmethod(file_card)

    def __init__(self, custom_id: str, language: str = "en") -> None:
        super().__init__(_button(custom_id, say(self.label, language), 0))

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:
        """The button from its id, after a restart."""
        return cls(match[0])

    async def callback(self, interaction: Interaction) -> None:
        """Answers the person alone."""
        service, language = interaction.client.service, language_of(interaction)
        await converse(
            service,
            InteractionReply(interaction, private=True),
            lambda _: service.picked(*tracks_in(self.custom_id)),
            lambda picks: self.card(picks, language),
        )


class WayCredits(WayFile, template=WAY_CREDITS):
    """*Credits* of a path: a line for each of its tracks."""

    label, card = "credits", staticmethod(partial(credits_card, others="credits_too_many"))


class Hide(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"sm:hide:(\d+)"):
    """*Hide artist*: opens a menu of the list's artists, only for the person who asks."""

    def __init__(self, list_id: int, language: str = "en") -> None:
        super().__init__(_button(f"sm:hide:{list_id}", say("hide", language), 2))
        self.list_id = list_id

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:
        """The button from its id, after a restart."""
        return cls(int(match[1]))

    async def callback(self, interaction: Interaction) -> None:
        """Shows the menu to the person alone."""
        bot, language = interaction.client, language_of(interaction)
        person = bot.person(interaction.user)

        def menu(names: dict[str, bool]) -> discord.ui.View:
            view = discord.ui.View(timeout=None)
            return view.add_item(HideMenu(self.list_id, names, language))

        await converse(
            bot.service,
            InteractionReply(interaction, private=True),
            lambda _: bot.service.artists(person, self.list_id),
            lambda names: Card(
                language, text=say("hide_prompt", language), view=partial(menu, names)
            ),
        )


class HideMenu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"sm:hidden:(\d+)"):
    """A menu of a list's artists: hides the chosen ones and shows the others again."""

    def __init__(self, list_id: int, names: dict[str, bool], language: str = "en") -> None:
        options = [
            discord.SelectOption(label=named(name, 100), value=str(index), default=hidden)
            for index, (name, hidden) in enumerate(names.items())
        ] or [discord.SelectOption(label="?")]
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"sm:hidden:{list_id}",
            placeholder=say("hide_placeholder", language),
            options=options,
            min_values=0,
            max_values=len(options),
        )
        super().__init__(select)
        self.list_id = list_id

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: re.Match[str], /) -> Self:
        """The menu from its id; the choice comes with the interaction."""
        return cls(int(match[1]), {})

    async def callback(self, interaction: Interaction) -> None:
        """Saves the choice and says who is hidden now."""
        bot, language = interaction.client, language_of(interaction)
        chosen = [int(value) for value in self.item.values if value.isdecimal()]
        person = bot.person(interaction.user)
        await converse(
            bot.service,
            InteractionReply(interaction, private=True),
            lambda _: bot.service.hide(person, self.list_id, chosen),
            lambda hidden: Card(language, text=hidden_text(hidden, language, neutral)),
        )


def _button(custom_id: str, label: str, row: int) -> discord.ui.Button[Any]:
    style = discord.ButtonStyle.secondary
    return discord.ui.Button(style=style, label=label, custom_id=custom_id, row=row)


ALL = (AddPicks, MoreLike, Another, Credits, ListFile, WayFile, WayCredits, Hide, HideMenu, Why)
