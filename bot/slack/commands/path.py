"""``/path``: leads from one sound to another, each track similar to the one before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.chat.messages import ARROW, end_in
from bot.slack.buttons import led
from bot.slack.commands.recommend import OF_PATHS, misplaced_in, request_in, without_options
from bot.slack.conversation import converse, working
from bot.slack.mrkdwn import unwrapped
from bot.slack.patience import Json
from bot.types import PathAnswer, Refusal, Watcher

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

BETWEEN = 8
_ARROW = re.compile(rf"\s+{ARROW}\s+")


class Path:
    """Finds a path between two sounds."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.command("/path")(working(bot, self.path))

    async def path(self, body: Json) -> None:
        """``/path END -> END``, each a link or the name of a track, then options."""
        text = unwrapped(body.get("text") or "")
        reply = await self.bot.reply_to_command(body)
        person, place = self.bot.person(reply.place.user), self.bot.place
        request = misplaced_in(text, OF_PATHS) or request_in(text, BETWEEN)
        ends = [end.strip() for end in _ARROW.split(without_options(text))]

        async def ask(watch: Watcher) -> PathAnswer | Refusal:
            if isinstance(request, Refusal):
                return request
            if len(ends) != 2 or not all(ends):
                return Refusal("two_ends_slack")
            asked = end_in(ends[0]), end_in(ends[1])
            return await self.bot.service.charts.path(person, asked, request, watch, place)

        await converse(
            self.bot, reply, ask, lambda answer: led(answer, self.bot.bundle, reply.language)
        )
