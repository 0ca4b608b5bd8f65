"""``/mydata``: shows, exports or deletes what is stored about a person; private."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.slack.card import text_card
from bot.slack.conversation import converse, working
from bot.slack.files import hand_to
from bot.slack.patience import Json
from bot.slack.reply import CommandReply
from bot.types import Refusal
from bot.wording import say

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

_FILE_NAME = "soundmap-mydata.json"


class MyData:
    """Shows, exports or deletes a person's data."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.command("/mydata")(working(bot, self.mydata))

    async def mydata(self, body: Json) -> None:
        """``/mydata``, ``/mydata export`` or ``/mydata forget``."""
        reply = await self.bot.reply_to_command(body, private=True)
        word = (body.get("text") or "").strip().casefold()
        verbs = {"export": self._export, "forget": self._forget}
        await verbs.get(word, self._show)(reply)

    async def _show(self, reply: CommandReply) -> None:
        """Shows how much is stored, and for how long."""
        person, language = self.bot.person(reply.place.user), reply.language
        days = self.bot.settings.retention_days
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.person.summary(person),
            lambda kept: text_card(say("mydata", language, days=days, **kept), language),
        )

    async def _export(self, reply: CommandReply) -> None:
        """Sends all of it as JSON, in a direct message."""
        person, language = self.bot.person(reply.place.user), reply.language

        async def hand_over(_: object) -> Refusal | None:
            kept = await self.bot.service.person.export(person)
            if isinstance(kept, Refusal):
                return kept
            data = json.dumps(kept, indent=2, ensure_ascii=False).encode()
            await hand_to(self.bot.client, reply.place.user, _FILE_NAME, data)
            return None

        text = say("exported", language)
        await converse(self.bot, reply, hand_over, lambda _: text_card(text, language))

    async def _forget(self, reply: CommandReply) -> None:
        """Deletes everything about the person."""
        person, language = self.bot.person(reply.place.user), reply.language
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.person.forget(person),
            lambda gone: text_card(say("forgotten", language, **gone), language),
        )
