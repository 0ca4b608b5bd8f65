"""An outage of Discord is waited out, and the end comes in time, whatever hangs."""

from __future__ import annotations

import itertools
import json
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.helpers.sounds import music, write
from tests.helpers.waiting import free_port, until
from tests.scenarios.discord.test_faults import (
    asked,
    fetch,
    stopped,
    told,
    warm,
)
from tests.scenarios.discord.world import World, file, last_word

SEEDS = itertools.count(19_000)
IN_TIME_S = 1 + 5 + 1  # what it may take: the setting, the margin, a busy machine


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write(tmp_path / "sound.wav", music(3, 22_050, next(SEEDS)), 22_050)


@pytest.fixture(scope="module")
def stopping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world whose bot every test starts and ends."""
    folder = tmp_path_factory.mktemp("stopping")
    how = {"SOUNDMAP_SHUTDOWN_SECONDS": 1, "SOUNDMAP_WORKERS": 1}
    with World(folder, SOUNDMAP_HEALTH_PORT=free_port(), **how) as made:
        yield made


@pytest.fixture
def frozen(stopping: World) -> Iterator[World]:
    """A world whose Discord hears and says nothing any more once its bot is asked to end."""
    yield stopping
    stopping._server.send_signal(signal.SIGCONT)
    stopping.stop(signal.SIGKILL)
    stopping.do("faults/clear")


def ended_within(discord: World, number: int, seconds: float = IN_TIME_S) -> int:
    begun = time.monotonic()
    status = discord.stop(number, seconds)
    print(f"ended {status} after {time.monotonic() - begun:.1f} s")
    return status


# ---------------------------------------------------------------------- the end


@pytest.mark.parametrize("cut", [True, False])
def test_a_discord_that_freezes_holds_up_no_end(frozen: World, sound: Path, cut: bool) -> None:
    frozen.start()
    asked(frozen, sound)
    if cut:
        frozen.do("gateway", action="drop")
    frozen._server.send_signal(signal.SIGSTOP)
    time.sleep(0.5)
    assert ended_within(frozen, signal.SIGTERM) == 0
    assert "Traceback" not in frozen.log()


def test_hanging_up_means_the_same(frozen: World) -> None:
    frozen.start()
    n_log = len(frozen.log())
    assert ended_within(frozen, signal.SIGHUP) == 0
    assert "stopping" in frozen.log()[n_log:]


def test_a_second_signal_makes_haste(frozen: World, sound: Path) -> None:
    frozen.settings["SOUNDMAP_SHUTDOWN_SECONDS"] = 60
    warm(frozen.start())
    with stopped(frozen.workers()):
        call = asked(frozen, sound)
        until(lambda: frozen.interaction(call["id"])["acked"], 5)
        assert frozen.bot is not None
        frozen.bot.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert not frozen.ended
        assert ended_within(frozen, signal.SIGINT) == 0
    assert "restart" in str(last_word(frozen.interaction(call["id"])))
    frozen.settings["SOUNDMAP_SHUTDOWN_SECONDS"] = 1


def test_it_ends_as_well_before_it_ever_reached_discord(frozen: World) -> None:
    frozen.do("fault", path="users/@me", page=True, status=429, count=99)
    before = frozen.log()
    frozen.begin()
    until(lambda: "is away" in frozen.log()[len(before) :], 20)
    assert ended_within(frozen, signal.SIGTERM) == 0


# ---------------------------------------------------------------------- no network


def test_an_outage_at_the_start_is_one_line_and_passes(frozen: World) -> None:
    frozen.do("fault", path="users/@me", page=True, status=429, count=1)
    frozen.do("fault", path="users/@me", kind="reset", count=1)
    frozen.do("fault", path="gateway/bot", page=True, status=503, count=1)
    n_log = len(frozen.log())
    frozen.start()
    port = frozen.settings["SOUNDMAP_HEALTH_PORT"]
    until(lambda: fetch(port, "ready")[0] == 200, 10)
    lines = frozen.log()[n_log:].splitlines()
    assert len([line for line in lines if "is away" in line]) == 1
    assert len(lines) < 20
    assert not [line for line in lines if "Traceback" in line or "<html" in line]


def test_ready_follows_the_connection_and_the_log_stays_calm(frozen: World) -> None:
    frozen.start()
    port = frozen.settings["SOUNDMAP_HEALTH_PORT"]
    until(lambda: fetch(port, "ready")[0] == 200, 10)
    n_log = len(frozen.log())
    frozen.do("gateway", action="drop", hold=0.5)
    until(lambda: fetch(port, "ready")[0] == 503, 5, 0.01)
    assert json.loads(fetch(port, "ready")[1])["mouths"] == {"Discord": "connecting"}
    until(lambda: fetch(port, "ready")[0] == 200, 30)
    lines = frozen.log()[n_log:].splitlines()
    assert len([line for line in lines if "is away" in line]) == 1
    assert len(lines) < 10, lines
    assert not [line for line in lines if "Traceback" in line]


def test_a_token_that_only_calls_reveal_as_revoked_ends_it_with_a_sentence(frozen: World) -> None:
    frozen.start()
    frozen.do("config", token="another.than.ours")
    frozen.do("slash", command="help", wait=0.1)
    frozen.do("message", content="hello", mention_bot=True)
    assert frozen.bot is not None
    assert frozen.bot.wait(15) == 1
    assert "does not accept DISCORD_TOKEN" in frozen.log().splitlines()[-1]
    frozen.do("config", token=frozen.token)


@pytest.mark.parametrize("code", [4004, 4010, 4013])
def test_what_is_refused_for_good_is_one_sentence(frozen: World, code: int) -> None:
    frozen.start()
    n_log = len(frozen.log())
    frozen.do("gateway", action="close", code=code)
    assert frozen.bot is not None
    assert frozen.bot.wait(15) == 1
    lines = frozen.log()[n_log:].splitlines()
    assert lines[-1].startswith("soundmap-bot: ")
    assert not [line for line in lines if "Traceback" in line]


# ---------------------------------------------------------------------- what it keeps


def test_a_database_that_is_taken_away_is_noticed_and_lost_by_nobody(
    frozen: World, sound: Path
) -> None:
    shown = frozen.start().slash("recommend", options={"file": file(sound)})["shown"]
    frozen.do("reaction", message=shown["id"], emoji="👍", user="bob")
    until(lambda: frozen.rows("SELECT value FROM votes") == [(1,)], 10)
    n_log, port = len(frozen.log()), frozen.settings["SOUNDMAP_HEALTH_PORT"]
    frozen.database.unlink()
    until(lambda: fetch(port, "ready")[0] == 503, 5)
    assert json.loads(fetch(port, "ready")[1])["store"] is False
    assert "notebook" in told(frozen.slash("recommend", options={"file": file(sound)}))
    [copy] = frozen.folder.glob("soundmap.db.rescued-*")
    with closing(sqlite3.connect(copy)) as rescued:
        assert rescued.execute("SELECT value FROM votes").fetchall() == [(1,)]
    assert frozen.log()[n_log:].count(copy.name) == 1
    assert ended_within(frozen, signal.SIGTERM) == 0
