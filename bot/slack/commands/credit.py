"""``/credit``: lines of credit to copy, for the tracks of a person's last list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.phrases import MOST_PICKS
from bot.slack.card import credits_card
from bot.slack.conversation import converse, working
from bot.slack.patience import Json
from bot.types import Refusal, Watcher
from soundmap.types import Recommendation

if TYPE_CHECKING:
    from bot.slack.client import SlackBot


class Credit:
    """Gives credit."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.command("/credit")(working(bot, self.credit))

    async def credit(self, body: Json) -> None:
        """``/credit`` for all of the person's last list, ``/credit 2`` for one track of it."""
        number = (body.get("text") or "").strip().lstrip("#")
        reply = await self.bot.reply_to_command(body, private=True)
        person = self.bot.person(reply.place.user)

        async def ask(_: Watcher) -> Recommendation | Refusal:
            if number and not (number.isdecimal() and len(number) <= len(str(MOST_PICKS))):
                return Refusal("no_such_pick", {"rank": number[:20]})
            return await self.bot.service.last(person, int(number) if number else None)

        await converse(self.bot, reply, ask, lambda found: credits_card(found, reply.language))
