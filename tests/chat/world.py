"""A loopback Discord and the real bot in it, both as processes, and what people do there.

The loopback Discord is a tool beside this checkout, or where FAKE_DISCORD says; without it
nothing here can run.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[2]
FAKE = Path(os.environ.get("FAKE_DISCORD", ROOT.parent / "shared" / "tools" / "fake_discord"))
Json = dict[str, Any]
T = TypeVar("T")


class World:
    """One Discord with one bot.  Everything a person sees is read from the server's side."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.settings = {
            "SOUNDMAP_DATABASE": folder / "soundmap.db",
            "SOUNDMAP_COOLDOWN_SECONDS": 0,
            "TMPDIR": folder / "tmp",
            **settings,
        }
        (folder / "tmp").mkdir(exist_ok=True)
        self.bot: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> World:
        ready = self.folder / "ready.json"
        command = [sys.executable, str(FAKE / "fake_discord.py"), "--port", "0"]
        self._server = subprocess.Popen(
            [*command, "--ready-file", str(ready)], stdout=subprocess.DEVNULL
        )
        text = until(lambda: ready.exists() and ready.read_text(), 20)
        self._env: dict[str, str] = json.loads(str(text))
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGKILL)
        self._server.kill()
        self._server.wait()

    # ------------------------------------------------------------------ the bot

    def start(self) -> World:
        """Starts the bot and waits until it is connected and its commands are registered."""
        env = {**os.environ, **self._env, "PYTHONPATH": str(FAKE)}
        env |= {name: str(value) for name, value in self.settings.items()}
        with self.log_file.open("ab") as log:
            self.bot = subprocess.Popen(
                [sys.executable, "-m", "bot"], cwd=ROOT, env=env, stdout=log, stderr=log
            )
        n_seen = self.state()["gateway_log"]
        until(lambda: self._connected(len(n_seen)) or self.bot_ended, 30)
        assert not self.bot_ended, self.log()
        return self

    def stop(self, number: int = signal.SIGTERM, seconds: float = 40) -> int:
        """Sends the bot a signal and waits for its end; its exit status."""
        if self.bot is None:
            return 0
        self.bot.send_signal(number)
        try:
            return self.bot.wait(seconds)
        finally:
            self.bot.kill()
            self.bot = None

    @property
    def bot_ended(self) -> bool:
        """Whether the bot's process is over."""
        return self.bot is None or self.bot.poll() is not None

    def workers(self) -> list[int]:
        """Process numbers of the bot's children that listen."""
        assert self.bot
        task = Path(f"/proc/{self.bot.pid}/task")
        children = {
            int(pid)
            for thread in task.iterdir()
            for pid in (thread / "children").read_text().split()
        }
        return [
            pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]

    def rss_mb(self) -> float:
        """Resident memory of the bot's own process in MB."""
        assert self.bot
        status = Path(f"/proc/{self.bot.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1_000

    @property
    def log_file(self) -> Path:
        """Where the bot's output goes."""
        return self.folder / "bot.log"

    def log(self) -> str:
        """What the bot has said so far."""
        return self.log_file.read_text(errors="replace")

    @property
    def database(self) -> Path:
        """The bot's database."""
        return Path(str(self.settings["SOUNDMAP_DATABASE"]))

    def _connected(self, n_before: int) -> bool:
        state = self.state()
        events = [event["event"] for event in state["gateway_log"][n_before:]]
        return "identify" in events and "on Discord as" in self.log() and bool(state["commands"])

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

    def settled(self, interaction: str, seconds: float = 30) -> Json:
        """An interaction once its last word is said: an embed, a text that is no progress, or a
        private follow-up.
        """
        return until(lambda: _said(self.interaction(interaction)), seconds) or {}

    def interaction(self, number: str) -> Json:
        """One interaction as the server sees it."""
        return next(it for it in self.see("interactions") if it["id"] == number)

    def message(self, number: str) -> Json:
        """One message as the server sees it."""
        return next(it for it in self.see("messages") if it["id"] == number)

    def replies_to(self, message: str) -> list[Json]:
        """The bot's messages that reply to one."""
        found: list[Json] = self.see("messages?author=bot")
        return [it for it in found if it["reply_to"] == message]


PROGRESS = ("In line: number", "Fetching the sound", "Listening …", "Comparing …")


def _said(interaction: Json) -> Json | None:
    shown = [interaction["response"], *interaction["followups"]]
    for message in shown:
        if not message or message["deleted"] or message["thinking"]:
            continue
        if message["embeds"] or not message["content"].startswith(PROGRESS):
            return {**interaction, "shown": message}
    return None


def until(check: Callable[[], T], seconds: float, pause_s: float = 0.05) -> T:
    """The first true value of ``check()``; fails after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        if value := check():
            return value
        assert time.monotonic() < end, f"not within {seconds:g} s"
        time.sleep(pause_s)


def file(path: Path) -> Json:
    """A file as a person attaches it."""
    return {"path": str(path), "filename": path.name}


@contextmanager
def world(folder: Path, **settings: object) -> Iterator[World]:
    """A world with its bot started."""
    with World(folder, **settings) as made:
        yield made.start()
