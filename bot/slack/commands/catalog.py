"""``/catalog``: which tracks the lists of a workspace come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.phrases import catalog_chosen, catalogs_text
from bot.slack.card import text_card
from bot.slack.conversation import converse, working
from bot.slack.mrkdwn import neutral
from bot.slack.patience import Json
from bot.slack.reply import CommandReply
from bot.types import Refusal, Watcher

if TYPE_CHECKING:
    from bot.slack.client import SlackBot


class Catalog:
    """Shows and chooses the catalog of a workspace."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.command("/catalog")(working(bot, self.catalog))

    async def catalog(self, body: Json) -> None:
        """``/catalog`` shows it, ``/catalog NAME`` sets it."""
        name = (body.get("text") or "").strip()
        reply = await self.bot.reply_to_command(body, private=not name, begins="")
        await (self._choose(reply, name) if name else self._show(reply))

    async def _show(self, reply: CommandReply) -> None:
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.chosen_catalog(self.bot.place),
            lambda found: text_card(catalogs_text(*found, reply.language, neutral), reply.language),
        )

    async def _choose(self, reply: CommandReply, name: str) -> None:
        async def ask(_: Watcher) -> str | Refusal:
            if not await self.bot.administers(reply.place.user):
                return Refusal("catalog_manager_only")
            return await self.bot.service.choose_catalog(self.bot.place, name)

        language = reply.language
        await converse(
            self.bot,
            reply,
            ask,
            lambda chosen: text_card(catalog_chosen(chosen, language, neutral), language),
        )
