"""The data model: settings, messages, files, interactions and their snowflakes."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
EPOCH_MS = 1_420_070_400_000  # the first second of 2015, where Discord's numbers begin
TEXT, DIRECT, VOICE, THREAD, STAGE, FORUM = 0, 1, 2, 11, 13, 15  # kinds of channels


@dataclass
class Settings:
    """What a test may change while the server runs."""

    token: str = "loopback.token.of-the-bot"
    allowed_privileged: int = 1 << 1 | 1 << 8 | 1 << 15  # intents the developer portal grants
    rate_limits: bool = True
    upload_limit: int = 10 << 20  # bytes of one file
    ack_deadline_s: float = 3.0
    token_lifetime_s: float = 900.0
    url_lifetime_s: float = 86_400.0
    heartbeat_interval_ms: int = 41_250
    resume_window_s: float = 120.0
    shows_own_member: bool = True  # the bot among the members of a server, as is usual


LIFETIME_S = Settings().token_lifetime_s


class Clock:
    """Gives out snowflakes, each greater than all before."""

    def __init__(self) -> None:
        self._last = 0

    def number(self) -> str:
        """The next snowflake."""
        self._last = max(self._last + 1, int(time.time() * 1_000) - EPOCH_MS << 22)
        return str(self._last)


@dataclass(frozen=True)
class Upload:
    """A file as received, before it is part of a message."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class StoredFile:
    """A file that was sent."""

    id: str
    filename: str
    data: bytes
    path: str
    content_type: str | None
    description: str | None = None
    ephemeral: bool = False


@dataclass
class Interaction:
    """A command, a click, a form or a completion, and its outcome."""

    id: str
    token: str
    type: int
    user: str
    channel: str
    data: Json
    message: str | None = None  # the one whose component was used
    parent: Interaction | None = None  # the one that opened a form
    opened: float = field(default_factory=time.time)
    acked: float | None = None
    answer_type: int | None = None
    original: str | None = None  # the message that answers it
    followups: list[str] = field(default_factory=list)
    choices: list[Json] | None = None
    modal: Json | None = None
    done: bool = False


@dataclass
class Message:
    """A message by anyone, public or private."""

    id: str
    channel: str
    author: str
    type: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    flags: int = 0
    reply_to: str | None = None
    snapshot: str | None = None  # the message that it forwards
    mentions: list[str] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    bursts: dict[str, list[str]] = field(default_factory=dict)  # super reactions
    nonce: str | int | None = None
    interaction: Interaction | None = None
    ephemeral_to: str | None = None
    deleted: bool = False
    edits: int = 0
    sent: str = field(default_factory=lambda: now())
    edited: str | None = None


@dataclass
class Session:
    """What survives a broken connection: the number of the last event, and the events."""

    id: str
    intents: int
    seq: int = 0
    events: deque[Json] = field(default_factory=lambda: deque(maxlen=2_000))
    resumes: int = 0
    gone: float | None = None  # when its connection broke


def now() -> str:
    """The current time in Discord's format."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
