"""Buttons that survive a restart: their ids hold all they need to know."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.chat.handing import (
    FILE_NAME,
    WAY,
    WAY_CREDITS,
    about_file,
    list_file,
    tracks_in,
    way_ids,
)
from bot.chat.phrases import MOST_PICKS, hidden_text
from bot.slack.card import (
    Block,
    Card,
    answer_card,
    credits_card,
    path_card,
    text_card,
    why_card,
)
from bot.slack.conversation import converse, working
from bot.slack.elements import button, chosen_in, menu_of_several, option
from bot.slack.files import hand_to
from bot.slack.gathering import picks_menu
from bot.slack.mrkdwn import neutral
from bot.slack.patience import Json
from bot.types import Answer, PathAnswer, Refusal
from bot.wording import say
from soundmap.types import Pick

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

_MORE = re.compile(r"sm:more:(\d+):(\d+)")
_ANOTHER = re.compile(r"sm:another:(\d+)")
_WHY = re.compile(r"sm:why:(\d+)")
_CREDITS = re.compile(r"sm:credits:(\d+)")
_WAY, _WAY_CREDITS = re.compile(WAY), re.compile(WAY_CREDITS)
_FILE = re.compile(r"sm:file:(\d+)")
_HIDE = re.compile(r"sm:hide:(\d+)")
_HIDDEN = re.compile(r"sm:hidden:(\d+)")
_MOST_ID = 255  # letters of a button's id


def answered(answer: Answer, bundle: str, language: str, note: str = "") -> Card:
    """The card of an answer, with buttons if it has picks."""
    card = answer_card(answer, bundle, language, note)
    if not card.n_picks:
        return card
    return replace(card, blocks=(*card.blocks, *_rows(card, answer.recommendation.picks)))


def led(answer: PathAnswer, bundle: str, language: str) -> Card:
    """The card of a path, with buttons if it has picks."""
    card = path_card(answer, bundle, language)
    if not (made := way_ids(answer, _MOST_ID)):
        return card
    labels = (say(code, language) for code in ("list_file", "credits"))
    buttons = [button(*it) for it in zip(made, labels, strict=True)]
    return replace(card, blocks=(*card.blocks, {"type": "actions", "elements": buttons}))


def list_in(message: Json) -> int:
    """Id of the list whose buttons a message has, 0 if it has none."""
    for block in message.get("blocks") or ():
        for element in block.get("elements") or ():
            if match := _ANOTHER.fullmatch(str(element.get("action_id", ""))):
                return int(match[1])
    return 0


class Buttons:
    """Handlers of the buttons."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        for pattern, press in (
            (_MORE, self.more_like),
            (_ANOTHER, self.another),
            (_WHY, self.why),
            (_CREDITS, self.credits),
            (_FILE, self.file),
            (_WAY, self.way),
            (_WAY_CREDITS, self.way_credits),
            (_HIDE, self.hide),
            (_HIDDEN, self.hidden),
        ):
            bot.app.action(pattern)(working(bot, press))

    async def more_like(self, body: Json) -> None:
        """*More like #n*: a list of tracks near a pick."""
        list_id, rank = _numbers(_MORE, body)
        person, place = self.bot.person(body["user"]["id"]), self.bot.place
        await self._list(body, self.bot.service.more_like(person, list_id, rank, place))

    async def another(self, body: Json) -> None:
        """*Another five*: the next picks for the same sound."""
        (list_id,) = _numbers(_ANOTHER, body)
        person, place = self.bot.person(body["user"]["id"]), self.bot.place
        await self._list(body, self.bot.service.another(person, list_id, place))

    async def why(self, body: Json) -> None:
        """*Why?*: all distances and reasons, shown only to the person who asks."""
        await self._tell(body, _WHY, why_card)

    async def credits(self, body: Json) -> None:
        """*Credits*: a line of credit for each pick, shown only to the person who asks."""
        await self._tell(
            body, _CREDITS, lambda found, spoken: credits_card(found.recommendation, spoken)
        )

    async def _tell(
        self, body: Json, pattern: re.Pattern[str], card: Callable[[Answer, str], Card]
    ) -> None:
        """Shows something about the picks of a list to the person alone."""
        (list_id,) = _numbers(pattern, body)
        reply = await self.bot.reply_to_action(body, private=True)
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.why(list_id),
            lambda found: card(found, reply.language),
        )

    async def file(self, body: Json) -> None:
        """*Playlist*: the list as a file for a player, in a direct message."""
        (list_id,) = _numbers(_FILE, body)

        async def picks() -> Sequence[Pick] | Refusal:
            found = await self.bot.service.why(list_id)
            return found if isinstance(found, Refusal) else found.recommendation.picks

        await self._hand(body, picks)

    async def way(self, body: Json) -> None:
        """*Playlist* of a path, whose tracks its id names, since a path is not stored."""
        named = tracks_in(body["actions"][0]["action_id"])
        await self._hand(body, lambda: self.bot.service.picked(*named))

    async def way_credits(self, body: Json) -> None:
        """*Credits* of a path: a line for each of its tracks, shown only to the person who asks."""
        named = tracks_in(body["actions"][0]["action_id"])
        reply = await self.bot.reply_to_action(body, private=True)
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.picked(*named),
            lambda picks: credits_card(picks, reply.language),
        )

    async def _hand(
        self, body: Json, ask: Callable[[], Coroutine[Any, Any, Sequence[Pick] | Refusal]]
    ) -> None:
        """Sends picks as a file to the person, and says so."""
        reply = await self.bot.reply_to_action(body, private=True)
        language, user = reply.language, reply.place.user

        async def hand(_: object) -> Sequence[Pick] | Refusal:
            found = await ask()
            if not isinstance(found, Refusal):
                await hand_to(self.bot.client, user, FILE_NAME, list_file(found, language))
            return found

        def told(picks: Sequence[Pick]) -> Card:
            return text_card(about_file("list_file_sent", picks, language), language)

        await converse(self.bot, reply, hand, told)

    async def hide(self, body: Json) -> None:
        """*Hide artist*: opens a menu of the list's artists, only for the person who asks."""
        (list_id,) = _numbers(_HIDE, body)
        reply = await self.bot.reply_to_action(body, private=True)
        person = self.bot.person(body["user"]["id"])
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.artists(person, list_id),
            lambda names: _hide_card(list_id, names, reply.language),
        )

    async def hidden(self, body: Json) -> None:
        """Saves the choice and says who is hidden now."""
        (list_id,) = _numbers(_HIDDEN, body)
        reply = await self.bot.reply_to_action(body, private=True)
        person, language = self.bot.person(body["user"]["id"]), reply.language
        chosen = [int(value) for value in chosen_in(body) if value.isdecimal()]
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.hide(person, list_id, chosen),
            lambda hidden: text_card(hidden_text(hidden, language, neutral), language),
        )

    async def _list(self, body: Json, answer: Coroutine[Any, Any, Answer | Refusal]) -> None:
        """Shows a new list in the thread."""
        reply = await self.bot.reply_to_action(body, begins="comparing")
        await converse(
            self.bot,
            reply,
            lambda _: answer,
            lambda found: answered(found, self.bot.bundle, reply.language),
        )


def _hide_card(list_id: int, names: dict[str, bool], language: str) -> Card:
    if not names:
        return text_card(say("hidden_none", language), language)
    options = [option(name, str(index)) for index, name in enumerate(names)]
    chosen = [it for it, hidden in zip(options, names.values(), strict=True) if hidden]
    text = say("hide_prompt", language)
    hint = say("hide_placeholder", language)
    return Card(
        language, text, (menu_of_several(f"sm:hidden:{list_id}", text, hint, options, chosen),)
    )


def _rows(card: Card, picks: Sequence[Pick]) -> list[Block]:
    more = [
        button(f"sm:more:{card.list_id}:{rank}", say("more_like", card.language, rank=rank))
        for rank in range(1, min(card.n_picks, MOST_PICKS) + 1)
    ]
    code = "another_five" if card.n_picks == 5 else "another"
    others = [
        button(f"sm:another:{card.list_id}", say(code, card.language, count=card.n_picks)),
        button(f"sm:credits:{card.list_id}", say("credits", card.language)),
        button(f"sm:file:{card.list_id}", say("list_file", card.language)),
        button(f"sm:hide:{card.list_id}", say("hide", card.language)),
        button(f"sm:why:{card.list_id}", say("why", card.language)),
    ]
    mix = [picks_menu(card.list_id, picks[:MOST_PICKS], card.language)]
    return [{"type": "actions", "elements": row} for row in (more, mix, others)]


def _numbers(pattern: re.Pattern[str], body: Json) -> tuple[int, ...]:
    """The numbers in the id of a pressed button."""
    match: re.Match[str] | None = pattern.fullmatch(body["actions"][0]["action_id"])
    return tuple(map(int, match.groups())) if match else ()
