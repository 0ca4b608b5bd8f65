"""``/map``: where a sound and its list lie among all tracks, or what a person may like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.slack.buttons import answered
from bot.slack.card import Card, titled_card
from bot.slack.commands.recommend import request_in, source_in, unknown_in
from bot.slack.conversation import converse, working
from bot.slack.mrkdwn import unwrapped
from bot.slack.patience import Json
from bot.slack.reply import CommandReply
from bot.types import Answer, Refusal, Watcher
from bot.wording import say

if TYPE_CHECKING:
    from bot.slack.client import SlackBot


class Map:
    """Shows the map."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.command("/map")(working(bot, self.map))

    async def map(self, body: Json) -> None:
        """``/map`` of the last sound, ``/map LINK`` with options, or ``/map taste``."""
        text = unwrapped(body.get("text") or "").strip()
        if text.casefold() == "taste":
            await self._taste(await self.bot.reply_to_command(body, private=True))
        else:
            await self._sound(await self.bot.reply_to_command(body), text)

    async def _sound(self, reply: CommandReply, text: str) -> None:
        person, place = self.bot.person(reply.place.user), self.bot.place
        source = (unknown_in(text) or source_in(text)) if text else None
        request = request_in(text)

        async def ask(watch: Watcher) -> Answer | Refusal:
            if isinstance(source, Refusal):
                return source
            if isinstance(request, Refusal):
                return request
            return await self.bot.service.charts.of_sound(person, source, watch, place, request)

        await converse(
            self.bot, reply, ask, lambda answer: answered(answer, self.bot.bundle, reply.language)
        )

    async def _taste(self, reply: CommandReply) -> None:
        person, language = self.bot.person(reply.place.user), reply.language
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.charts.of_taste(person),
            lambda picture: _taste_card(picture, language),
        )


def _taste_card(picture: bytes, language: str) -> Card:
    card = titled_card(say("taste_title", language), say("map_taste", language), language)
    return replace(card, data=picture, file_about=say("map_taste_alt", language))
