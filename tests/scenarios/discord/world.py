"""A loopback Discord and the real bot in it, both as processes, and what people do there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bot.people import people_of
from tests.helpers.waiting import until
from tests.helpers.world import ROOT, BotWorld

REDIRECT = ROOT / "tests" / "loopback" / "redirect"
SERVER = [sys.executable, "-m", "tests.loopback.discord"]
Json = dict[str, Any]


class World(BotWorld):
    """One Discord with one bot.  Everything a person sees is read from the server's side."""

    def __init__(self, folder: Path, **settings: object) -> None:
        super().__init__(folder)
        self.settings: dict[str, object] = {
            "SOUNDMAP_DATABASE": folder / "soundmap.db",
            "SOUNDMAP_COOLDOWN_SECONDS": 0,
            "TMPDIR": folder / "tmp",
            **settings,
        }
        self._n_seen = 0  # events of the gateway before the bot was started

    def __enter__(self) -> World:
        ready = self.folder / "ready.json"
        self._server = subprocess.Popen(
            [*SERVER, "--port", "0", "--ready-file", str(ready)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        text = until(lambda: ready.exists() and ready.read_text(), 20)
        self._env: dict[str, str] = json.loads(str(text))
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGKILL)
        self._server.kill()
        self._server.wait()
        assert self.token not in self.log()

    # ------------------------------------------------------------------ the bot

    def start(self) -> World:
        """Starts the bot and waits until it is connected and its commands are registered."""
        self.stop(signal.SIGKILL)
        self._n_seen = len(self.state()["gateway_log"])
        self.start_bot()
        return self

    @property
    def api(self) -> str:
        """Where Discord's REST is."""
        return self._env["DISCORD_API"]

    @property
    def token(self) -> str:
        """The bot's token, which nobody may read."""
        return self._env["DISCORD_TOKEN"]

    def environment(self, **settings: object) -> dict[str, str]:
        """What the bot is started with."""
        chosen = {name: str(value) for name, value in (self.settings | settings).items()}
        return {**os.environ, **self._env, "PYTHONPATH": str(REDIRECT), **chosen}

    def workers(self) -> list[int]:
        """Process numbers of the bot's children that listen."""
        assert self.bot
        threads = Path(f"/proc/{self.bot.pid}/task").iterdir()
        children = {int(pid) for thread in threads for pid in _read(thread / "children").split()}
        return [pid for pid in children if "spawn_main" in _read(Path(f"/proc/{pid}/cmdline"))]

    def rss_mb(self) -> float:
        """Resident memory of the bot's own process in MB."""
        assert self.bot
        status = Path(f"/proc/{self.bot.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1_000

    @property
    def database(self) -> Path:
        """The bot's database."""
        return Path(str(self.settings["SOUNDMAP_DATABASE"]))

    def leftovers(self) -> list[Path]:
        """Temporary files of the bot."""
        return list((self.folder / "tmp").glob("soundmap-bot-*"))

    def is_there(self, log_before: str) -> bool:
        """Whether the bot is connected and its commands are registered, since it was started."""
        state = self.state()
        events = [event["event"] for event in state["gateway_log"][self._n_seen :]]
        said = self.log().count("on Discord as") > log_before.count("on Discord as")
        return "identify" in events and said and bool(state["commands"])

    # ------------------------------------------------------------------ people

    def do(self, verb: str, **body: Any) -> Any:
        """One control verb of the server, for instance ``do("slash", command="help")``."""
        request = urllib.request.Request(
            f"{self._env['DISCORD_CONTROL']}/{verb}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{verb} {body}: {error.read().decode()}") from error

    def see(self, view: str) -> Any:
        """One view of the server, for instance ``see("messages?author=bot")``."""
        with urllib.request.urlopen(f"{self._env['DISCORD_CONTROL']}/{view}", timeout=60) as answer:
            return json.load(answer)

    def state(self) -> Json:
        """The whole world."""
        return dict(self.see("state"))

    def slash(self, command: str, seconds: float = 30, **how: Any) -> Json:
        """A slash command and its interaction once it is answered for good."""
        opened = self.do("slash", command=command, wait=0.01, **how)
        return self.settled(opened["id"], seconds)

    def press(self, message: Json, seconds: float = 30, **how: Any) -> Json:
        """A button, and its interaction once it is answered for good."""
        opened = self.do("component", message=message["id"], wait=0.01, **how)
        return self.settled(opened["id"], seconds)

    def menu(self, command: str, message: Json, seconds: float = 30, **how: Any) -> Json:
        """A command in the menu of a message, and its interaction once it is answered."""
        opened = self.do("menu", command=command, message=message["id"], wait=0.01, **how)
        return self.settled(opened["id"], seconds)

    def post(self, *paths: Path, seconds: float = 30, **how: Any) -> Json:
        """A message with files, and what the bot replies to it."""
        posted = self.do("message", files=[file(path) for path in paths], **how)
        return until(lambda: self.replies_to(posted["id"]), seconds)[0]

    def all_said(self) -> None:
        """Waits until what was sent before has had its turn, and nobody is being answered."""
        self.slash("mydata show")  # it asks the store, as whatever may be answered does first
        until(lambda: self.is_silent, 30)

    def content(self, attachment: Json) -> bytes:
        """The bytes of a file that somebody sent."""
        url = f"{self._env['DISCORD_CONTROL']}/file/{attachment['id']}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            return bytes(answer.read())

    def person(self, user: str) -> str:
        """The key under which the bot keeps what it keeps about somebody."""
        return people_of("", self.database).person("discord", self.state()["users"][user])

    def settled(self, interaction: str, seconds: float = 30) -> Json:
        """An interaction once its last word is said: an embed, a text that is no progress, or a
        private follow-up.
        """
        return until(lambda: _said(self.interaction(interaction)), seconds) or {}

    def interaction(self, number: str) -> Json:
        """One interaction as the server sees it."""
        return dict(self.see(f"interactions?id={number}")[0])

    def message(self, number: str) -> Json:
        """One message as the server sees it."""
        return next(it for it in self.see("messages") if it["id"] == number)

    def replies_to(self, message: str) -> list[Json]:
        """The bot's messages that reply to one."""
        found: list[Json] = self.see("messages?author=bot")
        return [it for it in found if it["reply_to"] == message]


PROGRESS = (
    *("In line: number", "Fetching the sound", "Listening …", "Comparing …", "Sound "),
    *("대기 중:", "소리를 가져오는 중", "듣는 중 …", "비교하는 중", "소리 "),
)


def last_word(interaction: Json) -> Json | None:
    """The message that ends an interaction; None while it is thinking or making progress."""
    for message in (interaction["response"], *interaction["followups"]):
        if not message or message["deleted"] or message["thinking"]:
            continue
        if message["embeds"] or not message["content"].startswith(PROGRESS):
            return dict(message)
    return None


def _said(interaction: Json) -> Json | None:
    shown = last_word(interaction)
    return {**interaction, "shown": shown} if shown else None


def _read(path: Path) -> str:
    """The content of a file of /proc; nothing of what has ended."""
    with suppress(OSError):
        return path.read_text()
    return ""


def file(path: Path) -> Json:
    """A file as a person attaches it."""
    return {"path": str(path), "filename": path.name}


@contextmanager
def world(folder: Path, **settings: object) -> Iterator[World]:
    """A world with its bot started."""
    with World(folder, **settings) as made:
        yield made.start()


@contextmanager
def unhurried(folder: Path) -> Iterator[World]:
    """A world without rate limits, for speed, that has to end without problems."""
    with World(folder) as made:
        made.do("config", rate_limits=False)
        yield made.start()
        assert made.see("problems") == []
        assert "Traceback" not in made.log()


def react(discord: World, shown: Json, *emojis: str, user: str = "alice", op: str = "add") -> None:
    """Somebody adds reactions to a message, or with ``op`` ``remove`` takes them away."""
    for emoji in emojis:
        discord.do("reaction", message=shown["id"], emoji=emoji, user=user, op=op)
