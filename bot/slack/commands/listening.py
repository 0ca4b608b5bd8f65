"""Answers posted sounds: in direct messages, on a mention, and in channels with listening on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.chat.messages import may_be_no_sound, only_first
from bot.slack.buttons import answered
from bot.slack.card import text_card
from bot.slack.commands.about import show_help
from bot.slack.conversation import converse, message_key, working
from bot.slack.files import overheard_in, sources_in
from bot.slack.mrkdwn import neutral
from bot.slack.patience import FAILED, PLATFORM, Json
from bot.slack.reply import CommandReply, MessageReply, Place
from bot.types import Answer, Link, Refusal, Upload, Watcher
from bot.wording import readable, say
from soundmap.recommendation.request import Request

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

_PEOPLES = (None, "file_share", "thread_broadcast", "me_message")  # subtypes of messages by people


class Listening:
    """Answers messages, and switches listening on and off."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.event("message")(working(bot, self.on_message))
        bot.app.event("app_mention")(working(bot, self.on_mention))
        bot.app.command("/listen")(working(bot, self.listen))

    async def on_message(self, body: Json) -> None:
        """Answers a message if it has a sound and is meant for the bot."""
        event: Json = body["event"]
        if not _by_a_person(event):
            return
        if event.get("channel_type") == "im" or self._mentioned(event):
            await self._asked(event)
        elif sources := await self._overheard(event):
            await self._answer(event, sources, asked=False)

    async def on_mention(self, body: Json) -> None:
        """Answers a mention, which also arrives from unreadable channels, without files."""
        event: Json = body["event"]
        if _by_a_person(event) and not self.bot.knows(_key(event)):
            files = event.get("files")
            whole = None if files else await self.bot.message(event["channel"], event["ts"])
            await self._asked({**event, **(whole or {})})

    async def _asked(self, event: Json) -> None:
        if self.bot.is_new(_key(event)):  # it may arrive as a message too
            sources = await sources_in(self.bot, event) or await self._sources_above(event)
            await self._answer(event, sources, asked=True)

    async def _answer(self, event: Json, sources: Sequence[Upload | Link], asked: bool) -> None:
        channel, user, ts = event["channel"], event["user"], event["ts"]
        language, service = await self.bot.language(user), self.bot.service
        person, note = self.bot.person(user), only_first(sources, language, neutral)
        above = event.get("thread_ts") or ("" if channel.startswith("D") else ts)

        async def ask(watch: Watcher) -> Answer | Refusal:
            if not sources:
                return Refusal("no_audio_here", {"readable": readable(language)})
            return await service.recommend(person, sources[0], Request(), watch, self.bot.place)

        quiet = may_be_no_sound(sources, asked)
        reply = MessageReply(self.bot.client, Place(channel, user, above), ts, language, quiet)
        said = f"_{note}_" if note else ""
        await converse(
            self.bot, reply, ask, lambda answer: answered(answer, self.bot.bundle, language, said)
        )

    def _mentioned(self, event: Json) -> bool:
        return f"<@{self.bot.user}>" in (event.get("text") or "")

    async def _sources_above(self, event: Json) -> list[Upload | Link]:
        """The sounds of the first message in this one's thread, unless it is the bot's."""
        above = event.get("thread_ts")
        if not above or above == event["ts"]:
            return []
        message = await self.bot.message(event["channel"], above)
        if message is None or message.get("user") == self.bot.user:
            return []
        return await sources_in(self.bot, message)

    async def _overheard(self, event: Json) -> list[Upload | Link]:
        """Likely music in a message, if listening is on in its channel."""
        if not _may_hold_a_sound(event):
            return []
        if await self.bot.service.listens(PLATFORM, event["channel"]) is not True:
            return []
        return await overheard_in(self.bot, event)

    async def listen(self, body: Json) -> None:
        """``/listen on`` and ``/listen off``."""
        word = (body.get("text") or "").strip().casefold()
        if word in ("on", "off"):
            await self._switch(await self.bot.reply_to_command(body), word == "on")
        else:
            await show_help(self.bot, body)

    async def _switch(self, reply: CommandReply, on: bool) -> None:
        channel, language = reply.place.channel, reply.language
        info = await self._channel(channel)

        async def ask(_: Watcher) -> Refusal | None:
            if reply.place.direct:
                return Refusal("server_only")
            if not await self._manages(reply.place.user, info):
                return Refusal("manager_only")
            return await self.bot.service.listen(PLATFORM, channel, on)

        text = say("listening_on" if on else "listening_off", language, channel=f"<#{channel}>")
        if on and not info.get("is_member"):
            text += "\n" + say("listening_uninvited", language, bot=f"<@{self.bot.user}>")
        await converse(self.bot, reply, ask, lambda _: text_card(text, language))

    async def _channel(self, channel: str) -> Json:
        """Slack's facts of a channel, empty if the bot cannot see it."""
        try:
            return dict((await self.bot.client.conversations_info(channel=channel))["channel"])
        except FAILED:
            return {}

    async def _manages(self, user: str, channel: Json) -> bool:
        """Whether a person created the channel or administers the workspace."""
        return channel.get("creator") == user or await self.bot.administers(user)


def _key(event: Json) -> str:
    return message_key(event["channel"], event["ts"])


def _may_hold_a_sound(event: Json) -> bool:
    return bool(event.get("files")) or "http" in (event.get("text") or "")


def _by_a_person(event: Json) -> bool:
    return not event.get("bot_id") and event.get("subtype") in _PEOPLES and "user" in event
