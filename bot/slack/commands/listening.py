"""Answers posted sounds: in direct messages, on a mention, and in channels with listening on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.chat.conversation import tell
from bot.chat.messages import about, may_be_no_sound
from bot.chat.turns import MOST, Turns
from bot.slack.buttons import answered
from bot.slack.card import text_card
from bot.slack.commands.about import show_help
from bot.slack.conversation import converse, message_key, working
from bot.slack.files import overheard_in, sources_in
from bot.slack.mrkdwn import neutral
from bot.slack.patience import PLATFORM, Json
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
        self._turns = Turns()
        bot.app.event("message")(working(bot, self.on_message))
        bot.app.event("app_mention")(working(bot, self.on_mention))
        bot.app.command("/listen")(working(bot, self.listen))

    async def on_message(self, body: Json) -> None:
        """Answers a message if it has a sound and is meant for the bot; an edit may make it so."""
        event, edited = _with_edits(body["event"])
        if not by_a_person(event):
            return
        if event.get("channel_type") == "im" or self._mentioned(event):
            if not edited or self._mentioned(event) or await sources_in(self.bot, event):
                await self._asked(event)
        elif sources := await self._overheard(event):
            await self._answer(event, sources, asked=False)

    async def on_mention(self, body: Json) -> None:
        """Answers a mention, which also arrives from unreadable channels, without files."""
        event: Json = body["event"]
        if by_a_person(event) and _key(event) not in self.bot.seen:
            files = event.get("files")
            whole = None if files else await self.bot.message(event["channel"], event["ts"])
            await self._asked({**event, **(whole or {})})

    async def _asked(self, event: Json) -> None:
        """Answers a message for the bot, with the sounds of its thread if it has none."""
        sources = await sources_in(self.bot, event) or await self._sources_above(event)
        await self._answer(event, sources, asked=True)

    async def _answer(self, event: Json, sources: Sequence[Upload | Link], asked: bool) -> None:
        """Answers each sound in turn, each message once: it may arrive in two ways."""
        if not self.bot.seen.is_new(_key(event)):
            return
        if not sources:
            await self._say(event, _why_no_sound(event, await self.bot.language(event["user"])))
            return
        language = await self.bot.language(event["user"])
        admitted, to_say = self._turns.admit(self.bot.person(event["user"]), sources)
        if to_say:
            await self._say(event, Refusal("too_many_sounds", {"most": MOST}))
        for source in admitted:
            note = about(source, language, neutral) if len(sources) > 1 else ""
            await self._hear(event, source, asked, note)

    async def _hear(self, event: Json, source: Upload | Link, asked: bool, note: str) -> None:
        person, said = self.bot.person(event["user"]), f"_{note}_" if note else ""
        reply = await self._reply(event, asked, may_be_no_sound(source, asked), said)

        async def ask(watch: Watcher) -> Answer | Refusal:
            recommend = self.bot.service.recommend
            heard = partial(recommend, person, source, Request(), watch, self.bot.place)
            return await self._turns.in_turn(person, heard)

        await converse(
            self.bot,
            reply,
            ask,
            lambda answer: answered(answer, self.bot.bundle, reply.language, said),
        )

    async def _say(self, event: Json, refusal: Refusal) -> None:
        await tell(self.bot.service, await self._reply(event, asked=True), refusal)

    async def _reply(
        self, event: Json, asked: bool, quiet: bool = False, said: str = ""
    ) -> MessageReply:
        """A reply in the thread of a message."""
        channel, user, ts = event["channel"], event["user"], event["ts"]
        above = event.get("thread_ts") or ("" if channel.startswith("D") else ts)
        place, language = Place(channel, user, above), await self.bot.language(user)

        async def wanted() -> bool:  # listening may be switched off meanwhile
            return asked or await self.bot.service.listens(PLATFORM, channel) is not False

        return MessageReply(self.bot.client, place, ts, language, asked, quiet, said, wanted)

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
        event["withheld"] = message.get("withheld")
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
            await self._switch(await self.bot.reply_to_command(body, begins=""), word == "on")
        else:
            await show_help(self.bot, body)

    async def _switch(self, reply: CommandReply, on: bool) -> None:
        channel, language = reply.place.channel, reply.language
        info = await self.bot.channel(channel)

        async def ask(_: Watcher) -> Refusal | None:
            if reply.place.direct:
                return Refusal("server_only")
            if not await self._manages(reply.place.user, info or {}):
                return Refusal("manager_only")
            return await self.bot.service.listen(PLATFORM, channel, on)

        text = say("listening_on" if on else "listening_off", language, channel=f"<#{channel}>")
        if on and (info is None or not info.get("is_member", True)):
            text += "\n" + say("listening_uninvited", language, bot=f"<@{self.bot.user}>")
        await converse(self.bot, reply, ask, lambda _: text_card(text, language))

    async def _manages(self, user: str, channel: Json) -> bool:
        """Whether a person created the channel or administers the workspace."""
        return channel.get("creator") == user or await self.bot.administers(user)


def _key(event: Json) -> str:
    return message_key(event["channel"], event["ts"])


def _why_no_sound(event: Json, language: str) -> Refusal:
    """Why there is nothing to hear in a message, or above it."""
    if event.get("withheld"):
        return Refusal("withheld_slack")
    return Refusal("no_audio_here", {"readable": readable(language)})


def _may_hold_a_sound(event: Json) -> bool:
    """Whether a message has a file, a link or another message in it."""
    return bool(
        event.get("files") or event.get("attachments") or "http" in (event.get("text") or "")
    )


def _with_edits(event: Json) -> tuple[Json, bool]:
    """A message as it is now, and whether its author just edited it; previews are no edits."""
    inner, before = event.get("message") or {}, event.get("previous_message") or {}
    if event.get("subtype") != "message_changed" or inner.get("edited") == before.get("edited"):
        return event, False
    kinds = {name: event[name] for name in ("channel", "channel_type") if name in event}
    return {**inner, **kinds}, True


def by_a_person(event: Json) -> bool:
    """Whether a person wrote a message: no bot, and no note of Slack's own."""
    return not event.get("bot_id") and event.get("subtype") in _PEOPLES and "user" in event
