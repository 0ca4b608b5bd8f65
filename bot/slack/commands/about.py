"""``/about`` and ``/help``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.card import titled_card
from bot.slack.conversation import working
from bot.slack.patience import Json
from bot.wording import readable, say
from soundmap import __version__

if TYPE_CHECKING:
    from bot.slack.client import SlackBot


class About:
    """Says what the bot is, how good it is and how to use it."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.command("/about")(working(bot, self.about))
        bot.app.command("/help")(working(bot, self.help))

    async def about(self, body: Json) -> None:
        """The model card in five lines."""
        reply = await self.bot.reply_to_command(body, private=True)
        title = say("about_title", reply.language, version=__version__)
        text = say("about", reply.language, **self.bot.service.about())
        await reply.show(titled_card(title, text, reply.language))

    async def help(self, body: Json) -> None:
        """Lists the commands."""
        await show_help(self.bot, body)


async def show_help(bot: SlackBot, body: Json) -> None:
    """Answers a command with the help text."""
    reply = await bot.reply_to_command(body, private=True)
    language = reply.language
    facts = {"readable": readable(language), "most_mb": bot.settings.max_mb}
    text = say("help_slack", language, **facts)
    await reply.show(titled_card(say("help_title", language), text, language))
