"""A loopback Slack and the real bot in it, a process of its own, and what people do there."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.people import people_of
from tests.helpers.waiting import free_port, until
from tests.helpers.world import ROOT, BotWorld
from tests.loopback.slack.checks import COMMANDS, EVENTS, SHORTCUTS, Json, kind_of
from tests.loopback.slack.workspace import APP_TOKEN, BOT, BOT_TOKEN, GENERAL, TEAM, Loopback

REDIRECT = ROOT / "tests" / "loopback" / "redirect"
SIGNING_SECRET = "very-secret-signature"
CHANNEL_TYPES = {"channels": "channel", "groups": "group", "im": "im", "mpim": "mpim"}
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


class SlackWorld(Loopback, BotWorld):
    """One workspace with one bot.  Everything a person sees is read from Slack's side."""

    def __init__(self, folder: Path, http: bool = False, **settings: object) -> None:
        Loopback.__init__(self)
        BotWorld.__init__(self, folder)
        self.http_port = free_port() if http else 0
        self.settings = settings

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGKILL)
        super().__exit__()
        for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET):
            assert secret not in self.log()

    # ------------------------------------------------------------------ the bot

    def start(self) -> SlackWorld:
        """Starts the bot and waits until it is connected."""
        self.start_bot()
        return self

    def environment(self, **settings: object) -> dict[str, str]:
        """What the bot is started with."""
        way: Json = {"SLACK_APP_TOKEN": APP_TOKEN}
        if self.http_port:
            way = {"SLACK_PORT": self.http_port, "SLACK_SIGNING_SECRET": SIGNING_SECRET}
        chosen = {
            "SLACK_API": self.api,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            **way,
            "PYTHONPATH": REDIRECT,
            "SOUNDMAP_DATABASE": self.database,
            "SOUNDMAP_COOLDOWN_SECONDS": 0,
            "SOUNDMAP_WORKERS": 1,
            "SOUNDMAP_TEST_ADDRESSES": f"127.0.0.1:{self.port}",
            "TMPDIR": self.folder / "tmp",
            **self.settings,
            **settings,
        }
        kept = {k: v for k, v in os.environ.items() if k.casefold() not in PROXIES}
        return {**kept, **{name: str(value) for name, value in chosen.items()}}

    def person(self, user: str) -> str:
        """The key under which the bot keeps what it keeps about somebody."""
        people = people_of("", self.database)
        return people.person("slack", f"{TEAM}:{user}")

    def is_there(self, log_before: str) -> bool:
        """Whether the bot is connected, having said so since the log was as it was before."""
        word = "waiting for Slack" if self.http_port else "on Slack as"
        said = self.log().count(word) > log_before.count(word)
        return said and (bool(self.http_port) or self.connected)

    # ------------------------------------------------------------------ people

    def edit(self, message: Json, text: str, **more: Any) -> Json:
        """Somebody edits their message; ``more`` is what else Slack tells of it then."""
        changed = {**message, "text": text, "edited": {"user": message["user"], "ts": "1"}, **more}
        self.posted[message["channel"], message["ts"]] = changed
        told = {
            **{"type": "message", "subtype": "message_changed", "channel": message["channel"]},
            **{"channel_type": message["channel_type"], "ts": self.new_ts()},
            **{"message": changed, "previous_message": message},
        }
        self.event(f"message.{kind_of(message['channel'])}", told)
        return changed

    def slash(
        self,
        command: str,
        text: str = "",
        user: str = "alice",
        channel: str = GENERAL,
        times: int = 1,
    ) -> str:
        """A slash command, delivered so many times; its envelope."""
        assert command in COMMANDS
        payload = {
            "command": command,
            "text": text,
            "team_id": TEAM,
            "channel_id": channel,
            "user_id": user,
            "trigger_id": str(self.number()),
            "response_url": self.respond_url(channel, user),
        }
        return [self.do(self.send("slash_commands", payload)) for _ in range(times)].pop()

    def press(
        self, message: Json, action_id: str, user: str = "alice", times: int = 1, **more: Any
    ) -> str:
        """A button of a message, or a menu of which something was chosen."""
        kinds = "multi_static_select" if "selected_options" in more else "button"
        kinds = "static_select" if "selected_option" in more else kinds
        action = {"type": kinds, "action_id": action_id, "block_id": "b", **more}
        private = bool(message.get("to"))
        return self._interact(
            {
                "type": "block_actions",
                "actions": [action],
                "container": {"type": "message", "is_ephemeral": private},
                **({} if private else {"message": message}),
            },
            message["channel"],
            user,
            times,
        )

    def shortcut(self, callback_id: str, message: Json, user: str = "alice") -> str:
        """A command in the menu of a message."""
        assert callback_id in SHORTCUTS
        payload = {"type": "message_action", "callback_id": callback_id, "message": message}
        return self._interact(payload, message["channel"], user)

    def post(
        self,
        text: str = "",
        files: tuple[Json, ...] = (),
        channel: str = GENERAL,
        user: str = "alice",
        lost: bool = False,
        **more: Any,
    ) -> Json:
        """A message, told to the bot as Slack tells it: in both ways where it is mentioned."""
        kind = CHANNEL_TYPES[kind_of(channel)]
        subtype = {"subtype": "file_share"} if files else {}
        message = {
            "type": "message",
            "text": text,
            "files": list(files),
            "user": user,
            "channel": channel,
            "channel_type": kind,
            "ts": self.new_ts(),
            **subtype,
            **more,
        }
        self.posted[channel, message["ts"]] = message
        self.event(f"message.{kind_of(channel)}", message, lost)
        if f"<@{BOT}>" in text and kind != "im":
            bare = {k: v for k, v in message.items() if k not in ("files", "subtype")}
            self.event("app_mention", {**bare, "type": "app_mention"}, lost)
        return message

    def event(self, kind: str, event: Json, lost: bool = False, event_id: str = "") -> str:
        """An event, if the manifest subscribes to it."""
        assert kind in EVENTS, kind
        return self.do(self.send("events_api", self.event_payload(event, event_id), lost))

    def event_payload(self, event: Json, event_id: str = "") -> Json:
        """What wraps an event."""
        number = event_id or f"Ev{self.number()}"
        return {"type": "event_callback", "team_id": TEAM, "event_id": number, "event": event}

    def react(
        self,
        message: Json,
        name: str,
        user: str = "alice",
        added: bool = True,
        lost: bool = False,
        told: bool = True,
    ) -> str:
        """A reaction to a message of the bot; nobody is ``told`` after an outage of hours."""
        kind = "reaction_added" if added else "reaction_removed"
        item = {"type": "message", "channel": message["channel"], "ts": message["ts"]}
        there = self.reacted.setdefault((message["channel"], message["ts"]), [])
        if added:
            there.append((name, user))
        else:
            there.remove((name, user))
        if self.ended or not told:
            return ""
        event = {"type": kind, "user": user, "reaction": name, "item": item, "item_user": BOT}
        return self.event(kind, {**event, "event_ts": self.new_ts()}, lost)

    def file(self, path: Path, **more: Any) -> Json:
        """A file that somebody uploaded, as messages tell of it."""
        number = f"F{self.number():09d}"
        url = f"http://127.0.0.1:{self.port}/files-pri/{number}"
        known = {
            "id": number,
            "name": path.name,
            "mimetype": "audio/wav",
            "size": path.stat().st_size,
            "url_private_download": url,
            **more,
        }
        self.files[number] = known
        self.contents[number] = path.read_bytes()
        return known

    def on_the_web(self, path: Path) -> str:
        """The address of a file that anybody may fetch."""
        self.contents[path.name] = path.read_bytes()
        return f"http://127.0.0.1:{self.port}/web/{path.name}"

    def _interact(self, payload: Json, channel: str, user: str, times: int = 1) -> str:
        whole = {
            **payload,
            "team": {"id": TEAM},
            "user": {"id": user},
            "channel": {"id": channel},
            "trigger_id": str(self.number()),
            "response_url": self.respond_url(channel, user),
        }
        return [self.do(self.send("interactive", whole)) for _ in range(times)].pop()

    # ------------------------------------------------------------------ what they see

    def answers(self, check: Callable[[Json], object] = bool) -> list[Json]:
        """The bot's messages that show a list."""
        return [it for it in self.messages if len(picks(it)) > 0 and check(it)]

    def next(self, n_before: int, check: Callable[[Json], object], seconds: float = 40) -> Json:
        """The first message for which something holds, of those after so many."""
        return until(lambda: next(filter(check, self.messages[n_before:]), None), seconds) or {}

    def answer_to(self, act: Callable[[], object]) -> Json:
        """The list that comes of doing something."""
        n_before = len(self.messages)
        act()
        return self.next(n_before, picks)

    def answer_in(self, channel: str, act: Callable[[], object], word: str) -> Json:
        """The message with a word in it that comes of doing something, in a channel."""
        n_before = len(self.messages)
        act()
        return self.next(n_before, lambda it: it["channel"] == channel and word in text_of(it))

    def told_after(self, act: Callable[[], object]) -> str:
        """The text that somebody alone is shown after doing something."""
        n_before = len(self.messages)
        act()
        return text_of(self.next(n_before, lambda it: it.get("to")))

    # ------------------------------------------------------------------ HTTP

    def http(self, body: bytes, kind: str, age_s: float = 0, secret: str = SIGNING_SECRET) -> int:
        """A request as Slack signs it; the status of its answer."""
        at = str(int(time.time() - age_s))
        digest = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http_port}/slack/events",
            body,
            {
                "Content-Type": kind,
                "X-Slack-Request-Timestamp": at,
                "X-Slack-Signature": f"v0={digest}",
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def http_event(self, event: Json, event_id: str = "", **how: Any) -> int:
        """An event by HTTP."""
        body = json.dumps(self.event_payload(event, event_id)).encode()
        return self.http(body, "application/json", **how)

    def http_slash(self, command: str, text: str = "", **how: Any) -> int:
        """A slash command by HTTP."""
        payload = {
            "command": command,
            "text": text,
            "team_id": TEAM,
            "channel_id": GENERAL,
            "user_id": "alice",
            "trigger_id": str(self.number()),
            "response_url": self.respond_url(GENERAL, "alice"),
        }
        body = urllib.parse.urlencode(payload).encode()
        return self.http(body, "application/x-www-form-urlencoded", **how)


def text_of(message: Json) -> str:
    """All that stands in a message."""
    parts = []
    for block in message.get("blocks") or ():
        parts += [block["text"]["text"]] if "text" in block else []
        parts += [it["text"] for it in block.get("elements", ()) if it["type"] == "mrkdwn"]
    return "\n".join(parts) or str(message.get("text") or "")


def picks(message: Json) -> list[str]:
    """The picks of an answer."""
    sections = [it["text"]["text"] for it in message.get("blocks") or () if "text" in it]
    return [text for text in sections if text.startswith("*") and text[1:2].isdecimal()]


def actions(message: Json) -> list[str]:
    """The ids of its buttons and menus."""
    blocks = message.get("blocks") or ()
    found = [it for block in blocks for it in block.get("elements", ()) if "action_id" in it]
    return [it["action_id"] for it in found + [b["accessory"] for b in blocks if "accessory" in b]]


def picture_of(message: Json) -> str:
    """The number of the file that it shows."""
    shown = [it for it in message.get("blocks") or () if it["type"] == "image"]
    return str(shown[0]["slack_file"]["id"]) if shown else ""


@contextmanager
def slack_world(folder: Path, **how: Any) -> Iterator[SlackWorld]:
    """A workspace with its bot started."""
    with SlackWorld(folder, **how) as made:
        yield made.start()
