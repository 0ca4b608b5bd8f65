"""``/clean``: whether the lists of a workspace leave out strong language in titles and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.phrases import clean_text
from bot.slack.card import text_card
from bot.slack.conversation import converse, working
from bot.slack.patience import Json
from bot.slack.reply import CommandReply
from bot.types import Refusal, Watcher

if TYPE_CHECKING:
    from bot.slack.client import SlackBot


class Clean:
    """Shows and changes what the lists of a workspace leave out."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.command("/clean")(working(bot, self.clean))

    async def clean(self, body: Json) -> None:
        """``/clean`` shows it, ``/clean on`` and ``/clean off`` change it."""
        wish = (body.get("text") or "").strip().casefold()
        changes = wish in ("on", "off")
        reply = await self.bot.reply_to_command(body, private=not changes, begins="")
        await (self._switch(reply, wish == "on") if changes else self._show(reply))

    async def _show(self, reply: CommandReply) -> None:
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.is_clean(self.bot.place),
            lambda on: text_card(clean_text(on, reply.language), reply.language),
        )

    async def _switch(self, reply: CommandReply, on: bool) -> None:
        async def ask(_: Watcher) -> Refusal | None:
            if not await self.bot.administers(reply.place.user):
                return Refusal("clean_manager_only")
            return await self.bot.service.set_clean(self.bot.place, on)

        language = reply.language
        await converse(
            self.bot, reply, ask, lambda _: text_card(clean_text(on, language), language)
        )
