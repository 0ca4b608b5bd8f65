"""The real bot as a separate process, which each chat's test world starts, stops and reads."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import urllib.request
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.helpers.waiting import until

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "bot"]


class BotWorld(ABC):
    """The bot, and a folder with its log, database and temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "tmp").mkdir(exist_ok=True)
        self.bot: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def environment(self, **settings: object) -> dict[str, str]:
        """The environment to start the bot with; ``settings`` override those of the world."""

    @abstractmethod
    def is_there(self, log_before: str) -> bool:
        """Whether the bot has logged that it is connected, after ``log_before``."""

    def start_bot(self, seconds: float = 40) -> None:
        """Starts the bot and waits until it is connected."""
        before = self.log()
        self.begin()
        until(lambda: self.ended or self.is_there(before), seconds)
        assert not self.ended, self.log()

    def begin(self) -> None:
        """Starts the bot."""
        with self.log_file.open("ab") as log:
            self.bot = subprocess.Popen(
                COMMAND, cwd=ROOT, env=self.environment(), stdout=log, stderr=log
            )

    def stop(self, number: int = signal.SIGTERM, seconds: float = 40) -> int:
        """Sends the bot a signal and waits until it exits; returns its exit status."""
        if self.bot is None:
            return 0
        self.bot.send_signal(number)
        try:
            return self.bot.wait(seconds)
        finally:
            self.bot.kill()
            self.bot = None

    def run(self, *arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
        """Runs another command of the bot to its end."""
        env = self.environment(**settings)
        return subprocess.run(
            [*COMMAND, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
        )

    @property
    def ended(self) -> bool:
        """Whether the bot's process has exited."""
        return self.bot is None or self.bot.poll() is not None

    @property
    def is_silent(self) -> bool:
        """Whether nobody is being answered; for a bot with a port for its health."""
        port = self.environment()["SOUNDMAP_HEALTH_PORT"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            return b"soundmap_conversations 0.0" in answer.read()

    @property
    def log_file(self) -> Path:
        """The file that receives the bot's output."""
        return self.folder / "bot.log"

    def log(self) -> str:
        """The bot's output so far."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    @property
    def database(self) -> Path:
        """The bot's database."""
        return self.folder / "soundmap.db"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that a query finds in the bot's database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()
