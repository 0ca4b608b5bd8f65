"""``/taste``: shows what is believed of a person's taste and lets them correct it; private."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.chat.beliefs import (
    OFFERED,
    belief_label,
    belief_lines,
    belief_value,
    denied_text,
    deny,
    picture_names,
)
from bot.slack.card import Card, text_card, titled_card
from bot.slack.conversation import converse, working
from bot.slack.elements import chosen_in, menu_of_several, option
from bot.slack.mrkdwn import neutral
from bot.slack.patience import Json
from bot.slack.reply import CommandReply
from bot.types import Believed
from bot.wording import say

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

_DENY = "sm:deny"
_LABEL_LETTERS = 75


class Taste:
    """Shows, switches and resets a taste."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.command("/taste")(working(bot, self.taste))
        bot.app.action(_DENY)(working(bot, self.deny))

    async def taste(self, body: Json) -> None:
        """``/taste``, alone or with ``on``, ``off``, ``reset`` or ``restore``."""
        word = (body.get("text") or "").strip().casefold()
        reply = await self.bot.reply_to_command(body, private=True)
        if word in ("on", "off"):
            await self._switch(reply, word == "on")
        elif word == "reset":
            await self._reset(reply)
        elif word == "restore":
            await self._restore(reply)
        else:
            await self._show(reply)

    async def deny(self, body: Json) -> None:
        """Removes the chosen beliefs and says so."""
        reply = await self.bot.reply_to_action(body, private=True)
        person, chosen = self.bot.person(reply.place.user), chosen_in(body)
        await converse(
            self.bot,
            reply,
            lambda _: deny(self.bot.service, person, chosen),
            lambda names: text_card(denied_text(names, reply.language, neutral), reply.language),
        )

    async def _show(self, reply: CommandReply) -> None:
        person = self.bot.person(reply.place.user)
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.person.beliefs(person, self.bot.place),
            lambda believed: _card(believed, reply.language),
        )

    async def _switch(self, reply: CommandReply, on: bool) -> None:
        person = self.bot.person(reply.place.user)
        text = say("taste_now_on" if on else "taste_now_off", reply.language)
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.person.switch(person, on),
            lambda _: text_card(text, reply.language),
        )

    async def _restore(self, reply: CommandReply) -> None:
        person, language = self.bot.person(reply.place.user), reply.language
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.person.allow_all(person),
            lambda count: text_card(say("taste_restored", language, count=count), language),
        )

    async def _reset(self, reply: CommandReply) -> None:
        person, language = self.bot.person(reply.place.user), reply.language
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.person.reset(person),
            lambda votes: text_card(say("taste_reset", language, votes=votes), language),
        )


def _card(believed: Believed, language: str) -> Card:
    text = "\n".join(belief_lines(believed, language))
    card, known = titled_card(say("taste_title", language), text, language), believed.beliefs
    if not known.beliefs:
        return card
    offered = [
        option(belief_label(it, _LABEL_LETTERS), belief_value(it)) for it in known.beliefs[:OFFERED]
    ]
    wrong = say("taste_wrong", language)
    return replace(
        card,
        blocks=(*card.blocks, menu_of_several(_DENY, wrong, wrong, offered, [])),
        data=believed.picture,
        file_about=picture_names(believed, language),
    )
