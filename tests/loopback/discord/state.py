"""The state of the whole world, and how the bot is notified of changes."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.loopback.discord import flags
from tests.loopback.discord.files import Shelf
from tests.loopback.discord.model import (
    DIRECT,
    Clock,
    Interaction,
    Json,
    Message,
    Session,
    Settings,
)
from tests.loopback.discord.place import Place
from tests.loopback.discord.refusals import missing_access, missing_permissions, unknown
from tests.loopback.discord.wire import Wire


class Discord:
    """Everything that exists, and everything that happened."""

    def __init__(self) -> None:
        self.settings, self.clock = Settings(), Clock()
        self.place = Place(self.clock)
        self.app = self.place.bot  # Discord gives both the same number
        self.files = Shelf(self.clock, self.settings)
        self.messages: dict[str, Message] = {}
        self.interactions: dict[str, Interaction] = {}  # by token
        self.commands: dict[str, Json] = {}  # by number
        self.wire = Wire(self.place, self.files, self.messages, self.app)
        self.gateway_url = ""  # known once the server listens
        self.sessions: dict[str, Session] = {}
        self.outlets: dict[str, Callable[[Json], None]] = {}  # connected sessions
        self.requests: list[Json] = []
        self.problems: list[Json] = []
        self.gateway_log: list[Json] = []

    # ------------------------------------------------------------------ what there is

    def channel(self, number: str) -> Json:
        """A channel, for the bot."""
        if number not in self.place.channels:
            raise unknown("Channel", 10003)
        return self.place.channels[number]

    def message(self, channel: str, number: str) -> Message:
        """A message that the bot finds in a channel; private ones are in none."""
        self.need(channel, 0)
        found = self.messages.get(number)
        if found is None or found.channel != channel or found.ephemeral_to:
            raise unknown("Message", 10008)
        if found.deleted:
            raise unknown("Message", 10008, blameless=True)
        return found

    def bot_may(self, channel: str, bits: int) -> bool:
        """Whether the bot may do all of that there."""
        return self.place.rights(self.channel(channel), self.place.bot) & bits == bits

    def need(self, channel: str, bits: int, message: Message | None = None) -> None:
        """Refuses what the bot may not do; it is not blamed for the rest of what it does with a
        ``message`` from before its rights changed.
        """
        if not self.bot_may(channel, flags.VIEW):
            raise missing_access()
        if not self.bot_may(channel, bits):
            changed = message is not None and int(message.id) < int(self.place.changed)
            raise missing_permissions(blameless=changed)

    def is_direct(self, channel: str) -> bool:
        """Whether it is a direct channel."""
        return bool(self.place.channels[channel]["type"] == DIRECT)

    def keep(self, message: Message) -> Message:
        """Stores a message."""
        self.messages[message.id] = message
        if not message.ephemeral_to:
            self.place.channels[message.channel]["last_message_id"] = message.id
        return message

    # ------------------------------------------------------------------ what is told

    def announce(self, event: str, message: Message) -> None:
        """Tells of a message all who may know; without the intent, not what it says."""
        direct = self.is_direct(message.channel)
        intent = flags.DIRECT_MESSAGES if direct else flags.GUILD_MESSAGES
        shown = self.wire.message(message, told=True)
        own = self._is_own(message)
        for session in self._listening(intent, message.channel):
            open_to_it = direct or own or session.intents & flags.CONTENT
            told = shown if open_to_it else _bare(shown)
            other, above = self.messages.get(message.reply_to or ""), told.get("referenced_message")
            hidden = not (direct or session.intents & flags.CONTENT)
            if hidden and other and above and not self._is_own(other):
                told = told | {"referenced_message": _bare(above)}
            self.push(session, event, told)

    def _is_own(self, message: Message) -> bool:
        """Whether what a message says is always shown to the bot: its own, and with its name."""
        return self.place.bot in (message.author, *message.mentions)

    def emit(self, event: str, data: Json, intent: int, channel: str | None = None) -> None:
        """Tells of anything else."""
        for session in self._listening(intent, channel):
            self.push(session, event, data)

    def push(self, session: Session, event: str, data: Json) -> None:
        """The next event of a session, kept for when its connection is broken."""
        session.seq += 1
        payload = {"op": 0, "t": event, "s": session.seq, "d": copy.deepcopy(data)}
        session.events.append(payload)
        if outlet := self.outlets.get(session.id):
            outlet(payload)

    def delete(self, message: Message) -> None:
        """Deletes a message."""
        message.deleted = True
        if message.ephemeral_to:
            return
        direct = self.is_direct(message.channel)
        intent = flags.DIRECT_MESSAGES if direct else flags.GUILD_MESSAGES
        told = {"id": message.id, **self.wire.where(message.channel)}
        self.emit("MESSAGE_DELETE", told, intent, message.channel)

    def delete_all(self, messages: list[Message]) -> int:
        """Deletes messages of one channel at once, as moderators' bots do; how many."""
        for message in messages:
            message.deleted = True
        channel = messages[0].channel
        told = {"ids": [it.id for it in messages], **self.wire.where(channel)}
        self.emit("MESSAGE_DELETE_BULK", told, flags.GUILD_MESSAGES, channel)
        return len(messages)

    def _listening(self, intent: int, channel: str | None) -> Iterator[Session]:
        if channel and not self.bot_may(channel, flags.VIEW):
            return
        yield from (it for it in list(self.sessions.values()) if it.intents & intent)

    # ------------------------------------------------------------------ what is noted

    def problem(self, kind: str, **what: Any) -> None:
        """Records something that Discord would not have accepted."""
        self.problems.append({"kind": kind, "t": time.time(), **what})

    def swallowed(self, path: str) -> bool:
        """Whether a fault met such a call, so that the bot cannot know what came of it."""
        return any("fault" in call and call["path"].endswith(path) for call in self.requests)

    def log(self, event: str, **what: Any) -> None:
        """Records an event on the gateway."""
        self.gateway_log.append({"event": event, "t": time.time(), **what})


def _bare(shown: Json) -> Json:
    """A message without what the message content intent is for."""
    lists = ("embeds", "attachments", "components", "message_snapshots")
    return {**shown, **{key: [] for key in lists if key in shown}, "content": ""}


async def until(check: Callable[[], object], seconds: float) -> bool:
    """Waits until ``check()`` is true; returns whether it was within ``seconds``."""
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.01)
    return True
