"""``python -m tests.soak --minutes 10``: a crowd on both loopbacks, with outages, and its figures.

Every job has to be answered or refused.  In the end nothing of the bot may be left, its log has no
traceback, and its own process holds at most a fifth more than it did after ``EARLY`` jobs.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers.waiting import free_port, until
from tests.loopback.slack.workspace import APP_TOKEN, BOT_TOKEN
from tests.scenarios.discord.world import World
from tests.scenarios.slack.world import SlackWorld
from tests.soak.jobs import Jobs

EARLY, GROWTH = 200, 1.2
TOO_LATE = (10015, 10062, 40060)  # what Discord says of what came while it was frozen
CROWD, OUTAGE_EVERY_S, END_S = 10, 20.0, 40.0


@dataclass
class Report:
    """How the jobs ended, what the bot held, and what went wrong."""

    jobs: Counter[tuple[str, str]] = field(default_factory=Counter)
    memory_mb: list[tuple[int, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    semaphores: set[Path] = field(default_factory=set)  # that it has had

    @property
    def n_jobs(self) -> int:
        """Jobs that have ended."""
        return sum(self.jobs.values())

    def look(self, discord: World) -> None:
        """Notes what the bot holds."""
        assert discord.bot is not None
        self.memory_mb.append((self.n_jobs, discord.rss_mb()))
        maps = Path(f"/proc/{discord.bot.pid}/maps").read_text()
        self.semaphores |= set(map(Path, re.findall(r"/dev/shm/sem[^\s]+", maps)))
        print(f"{self.n_jobs} jobs, {discord.rss_mb():.0f} MB", flush=True)

    def after(self, n_jobs: int) -> float:
        """What the bot held after so many jobs, in MB."""
        return next((mb for n, mb in self.memory_mb if n >= n_jobs), 0.0)

    def table(self) -> str:
        """One line for each kind of job, then memory."""
        kinds = sorted({kind for kind, _ in self.jobs})
        ends = ("answered", "refused", "lost")
        lines = [f"{'job':16}" + "".join(f"{end:>10}" for end in ends)]
        for kind in kinds:
            lines.append(f"{kind:16}" + "".join(f"{self.jobs[kind, end]:10}" for end in ends))
        held = ", ".join(
            f"{mb:.0f} MB after {n}" for n, mb in self.memory_mb[:: len(self.memory_mb) // 8 or 1]
        )
        return "\n".join([*lines, f"{self.n_jobs} jobs; held: {held}"])


def soak(seconds: float, most_jobs: int) -> Report:
    """Has a crowd use a new bot for a time; returns what came of it."""
    report, folder = Report(), Path(tempfile.mkdtemp(prefix="soak-"))
    port = free_port()
    with SlackWorld(folder) as slack:
        way = {"SLACK_API": slack.api, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
        way["SOUNDMAP_TEST_ADDRESSES"] = f"127.0.0.1:{slack.port}"
        with World(
            folder, SOUNDMAP_HEALTH_PORT=port, SOUNDMAP_SHUTDOWN_SECONDS=20, **way
        ) as discord:
            discord.start()
            until(lambda: slack.connected, 20)
            _crowd(report, discord, slack, folder, seconds, most_jobs)
            children = discord.workers()
            until(lambda: discord.see("state")["sessions"][-1]["connected"], 60)
            _end(report, discord, children)
            report.wrong += [f"Slack: {it}" for it in slack.problems]
            problems = [it for it in discord.see("problems") if it.get("code") not in TOO_LATE]
            kinds = [it for it in problems if it["kind"] != "rate limit hit"]
            report.wrong += [f"Discord: {it}" for it in kinds]
    _judge(report, folder)
    return report


def _crowd(
    report: Report, discord: World, slack: SlackWorld, folder: Path, seconds: float, most: int
) -> None:
    sounds = folder / "sounds"
    sounds.mkdir()
    jobs, over, lock = Jobs(discord, slack, sounds), threading.Event(), threading.Lock()
    end = time.monotonic() + seconds

    def one(number: int) -> None:
        while not over.is_set() and time.monotonic() < end and report.n_jobs < most:
            kind, said = jobs.any(number)
            with lock:
                report.jobs[kind, said] += 1
                if report.n_jobs % 50 == 0:
                    report.look(discord)

    with _outages(discord, slack), ThreadPoolExecutor(CROWD) as crowd:
        try:
            for done in [crowd.submit(one, number) for number in range(CROWD)]:
                done.result()
        finally:
            over.set()
    report.look(discord)


@contextmanager
def _outages(discord: World, slack: SlackWorld) -> Iterator[None]:
    """One accident after another while the block runs."""
    over = threading.Event()
    accidents: list[Callable[[], object]] = [
        lambda: discord.do("gateway", action="drop", hold=2),
        lambda: discord.do("fault", path="webhooks|interactions", status=503, count=3),
        lambda: slack.do(slack.drop(politely=False)),
        lambda: os.kill(discord.workers()[0], signal.SIGKILL),
        lambda: discord.do("fault", path="channels", kind="reset", count=3),
        lambda: _frozen(discord, 2.0),
        lambda: discord.do("gateway", action="invalidate"),
        lambda: discord.do("fault", path="webhooks", status=429, page=True, count=1),
        lambda: slack.limited.update({"chat.postMessage": 2}),
    ]

    def go() -> None:
        for number in range(10_000):
            if over.wait(OUTAGE_EVERY_S):
                return
            accidents[number % len(accidents)]()

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _frozen(discord: World, seconds: float) -> None:
    discord._server.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    discord._server.send_signal(signal.SIGCONT)


def _end(report: Report, discord: World, children: list[int]) -> None:
    begun = time.monotonic()
    if (status := discord.stop(signal.SIGTERM, END_S)) != 0:
        report.wrong.append(f"exit status {status}")
    print(f"ended after {time.monotonic() - begun:.1f} s")
    report.wrong += [f"left: {path}" for path in discord.leftovers()]
    report.wrong += [f"left: process {pid}" for pid in children if Path(f"/proc/{pid}").exists()]
    report.wrong += [f"left: {path}" for path in report.semaphores if path.exists()]


def _judge(report: Report, folder: Path) -> None:
    log = (folder / "bot.log").read_text(errors="replace")
    for sign in ("Traceback", "leaked", "Unclosed", "never retrieved", "ended by force"):
        if n := log.count(sign):
            report.wrong.append(f"{n} x {sign} in the log")
    if lost := sum(n for (_, end), n in report.jobs.items() if end == "lost"):
        report.wrong.append(f"{lost} jobs lost")
    early, late = report.after(EARLY), report.memory_mb[-1][1]
    if early and late > GROWTH * early:
        report.wrong.append(f"it held {early:.0f} MB after {EARLY} jobs, {late:.0f} MB in the end")


def main() -> int:
    """Reads the arguments, soaks and reports; the exit status is 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description="Has a crowd use the bot on both loopbacks.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--jobs", type=int, default=10**9, help="end after so many jobs")
    given = parser.parse_args()
    logging.getLogger("slack_sdk").setLevel(logging.ERROR)
    report = soak(given.minutes * 60, given.jobs)
    print(report.table())
    print("\n".join(report.wrong) or "nothing wrong")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
