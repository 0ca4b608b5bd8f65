"""Many people at once: nobody is lost, nobody waits for an acknowledgement, memory stays."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.helpers.sounds import music, write
from tests.helpers.waiting import until
from tests.scenarios.discord.world import Json, World, file, last_word, world

PEOPLE, CALLS_EACH, SOUNDS, WAVES = 50, 4, 25, 3
ACKNOWLEDGED_MS = 3_000
IDLE_MB, GROWTH_MB = 150, 6


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sounds")
    return [write(folder / f"{seed}.wav", music(3, 22_050, seed), 22_050) for seed in range(SOUNDS)]


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("crowd")) as made:
        yield made


def wave(discord: World, sounds: list[Path]) -> list[Json]:
    """Everybody asks four times at once, mostly about different sounds; how each call ended."""
    n_before = len(discord.see("interactions"))

    def ask(number: int) -> None:
        sound = sounds[number * 7 % len(sounds)]
        who = f"listener{number % PEOPLE}"
        discord.do("slash", command="genre", options={"file": file(sound)}, user=who, wait=0)

    with ThreadPoolExecutor(25) as crowd:
        list(crowd.map(ask, range(PEOPLE * CALLS_EACH)))

    def ended() -> list[Json] | None:
        calls: list[Json] = discord.see("interactions")[n_before:]
        return calls if all(map(last_word, calls)) else None

    calls = until(ended, 60, 0.5)
    assert calls
    return calls


def test_an_idle_bot_is_small(discord: World, demo: Path) -> None:
    discord.slash("recommend", options={"file": file(demo)})
    time.sleep(2)
    mb = discord.rss_mb()
    print(f"idle: {mb:.0f} MB")
    assert mb < IDLE_MB


def test_nobody_can_connect_to_a_bot_unless_told_so(discord: World) -> None:
    assert discord.bot is not None
    descriptors = Path(f"/proc/{discord.bot.pid}/fd").iterdir()
    own = {str(it.readlink())[8:-1] for it in descriptors if "socket:" in str(it.readlink())}
    for table in ("tcp", "tcp6"):
        lines = Path(f"/proc/{discord.bot.pid}/net/{table}").read_text().splitlines()[1:]
        listening = {line.split()[9] for line in lines if line.split()[3] == "0A"}
        assert not own & listening


def test_a_crowd_is_answered_or_told_its_place(discord: World, sounds: list[Path]) -> None:
    workers, mb = discord.workers(), [discord.rss_mb()]
    for _ in range(WAVES):
        calls = wave(discord, sounds)
        mb.append(discord.rss_mb())
        report(calls, mb[-1])
        assert len(calls) == PEOPLE * CALLS_EACH
        assert not [call for call in calls if call["failed"] or not call["acked"]]
        assert max(call["ack_ms"] for call in calls) < ACKNOWLEDGED_MS
        assert all(answered(call) or refused_with_a_number(call) for call in calls)
        assert sum(map(answered, calls)) >= 20
    assert mb[-1] - mb[1] < GROWTH_MB
    assert sorted(discord.workers()) == sorted(workers)
    assert discord.see("problems") == []
    assert not discord.leftovers()


def answered(call: Json) -> bool:
    shown = last_word(call)
    return bool(shown and shown["embeds"] and shown["files"])


def refused_with_a_number(call: Json) -> bool:
    shown = last_word(call)
    return bool(shown and shown["ephemeral_to"] and re.search(r"\d", shown["content"]))


def report(calls: list[Json], mb: float) -> None:
    ms = sorted(call["ack_ms"] or 0 for call in calls)
    n = sum(map(answered, calls))
    print(
        f"{n} answered, {len(calls) - n} refused; acknowledged in"
        f" {statistics.median(ms):.0f} ms, at most {ms[-1]:.0f} ms; {mb:.1f} MB"
    )
