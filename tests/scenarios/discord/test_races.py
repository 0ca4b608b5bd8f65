"""What people, moderators and outages do between a question and its answer counts, and once."""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from soundmap.bundle.listener import Listener
from soundmap.catalog.strong import is_strong
from tests.helpers.sounds import music, write
from tests.helpers.waiting import free_port, until
from tests.loopback.discord.flags import ADD_REACTIONS, ATTACH, HISTORY, MANAGE_CHANNELS
from tests.scenarios.discord.corner import corner_of
from tests.scenarios.discord.seen import footer, list_id, picks
from tests.scenarios.discord.test_faults import stopped
from tests.scenarios.discord.world import Json, World, file, react

MANAGE_SERVER = 1 << 5
SEEDS = itertools.count(31_000)


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world"), SOUNDMAP_HEALTH_PORT=free_port()) as made:
        made.do("config", rate_limits=False)
        made.start()
        yield made
        assert "Traceback" not in made.log()


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A sound that was never heard before."""
    return new_sound(tmp_path)


def new_sound(folder: Path) -> Path:
    number = next(SEEDS)
    return write(folder / f"{number}.wav", music(3, 22_050, number), 22_050)


@pytest.fixture(autouse=True)
def rights(discord: World) -> Iterator[int]:
    usual = int(discord.do("permissions", allow=None)["allow"]) | MANAGE_CHANNELS | MANAGE_SERVER
    discord.do("permissions", allow=usual)
    yield usual
    discord.do("faults/clear")
    discord.do("permissions", allow=usual)
    discord.slash("listen off", channel="music")
    discord.do("permissions", allow=None)


@contextmanager
def busy(discord: World) -> Iterator[None]:
    """Nothing is heard to its end meanwhile."""
    until(lambda: len(discord.workers()) >= 2, 30)
    with stopped(discord.workers()):
        yield


@contextmanager
def locked(discord: World) -> Iterator[None]:
    """Another process holds the database meanwhile."""
    with closing(sqlite3.connect(discord.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def working(discord: World, command: str, **options: object) -> Json:
    """A command at work, and its message that says so."""
    made = discord.do("slash", command=command, options=options, wait=0.01)
    until(lambda: discord.interaction(made["id"])["response"], 10)
    return dict(discord.interaction(made["id"]))


def votes(discord: World, shown: Json) -> Callable[[], set[tuple[int, str, int]]]:
    query = f"SELECT rank, person, value FROM votes WHERE list_id = {list_id(shown)}"
    names = {discord.person(user): user for user in ("alice", "bob", "carol")}
    return lambda: {(rank, names[person], value) for rank, person, value in discord.rows(query)}


# ---------------------------------------------------------------------- votes


def test_a_reaction_to_a_message_that_becomes_an_answer_is_a_vote(
    discord: World, sound: Path
) -> None:
    with busy(discord):
        made = working(discord, "recommend", file=file(sound))
        until(lambda: discord.interaction(made["id"])["response"]["content"], 15)
        react(discord, made["response"], "👍", "1️⃣")
        react(discord, made["response"], "2️⃣", "👎", user="bob")
        react(discord, made["response"], "2️⃣", user="bob", op="remove")
        discord.slash("about")
    found = votes(discord, discord.settled(made["id"])["shown"])
    until(lambda: found() == {(0, "alice", 1), (1, "alice", 1), (0, "bob", -1)}, 15)


@pytest.mark.parametrize("command", ["taste reset", "mydata forget"])
def test_what_is_taken_back_while_reactions_are_read_again_stays_so(
    discord: World, demo: Path, command: str
) -> None:
    shown = discord.slash("recommend", options={"file": file(demo)}, user="carol")["shown"]
    found = votes(discord, shown)
    react(discord, shown, "1️⃣", "👍", user="bob")
    until(lambda: found() == {(1, "bob", 1), (0, "bob", 1)}, 15)
    discord.stop()
    react(discord, shown, "3️⃣", user="bob")
    react(discord, shown, "4️⃣", user="carol")
    where = f"messages/{shown['id']}/reactions"
    discord.do("fault", kind="hang", seconds=4, method="GET", path=where, count=1)
    n_before = len(discord.see("requests"))
    discord.start()
    until(lambda: any(where in it["path"] for it in discord.see("requests")[n_before:]), 20)
    discord.slash(command, user="bob")
    until(lambda: (4, "carol", 1) in found(), 30)
    assert found() == {(4, "carol", 1)}


# ---------------------------------------------------------------------- sounds in turn


def test_an_outage_while_too_many_wait_does_not_lose_those_that_may(
    discord: World, tmp_path: Path
) -> None:
    sounds = [file(new_sound(tmp_path)) for _ in range(7)]
    with busy(discord):
        discord.do("fault", status=503, method="POST", path="/messages$", count=4)
        posted = discord.do("message", files=sounds, mention_bot=True, user="dan")
        until(lambda: "503: as the test" in discord.log(), 20)
    until(lambda: sum(bool(picks(it)) for it in discord.replies_to(posted["id"])) == 5, 60)
    again = discord.post(new_sound(tmp_path), mention_bot=True, user="dan")
    assert picks(again)


def test_what_waits_where_listening_is_switched_off_is_not_answered(
    discord: World, sound: Path
) -> None:
    discord.slash("listen on", channel="music")
    with busy(discord):
        posted = discord.do("message", files=[file(sound)], channel="music", user="bob")
        asked = discord.do("message", files=[file(sound)], channel="music", mention_bot=True)
        typed = f"channels/{posted['channel_id']}/typing"
        until(lambda: any(typed in it["path"] for it in discord.see("requests")), 15)
        assert "mentioned" in discord.slash("listen off", channel="music")["shown"]["content"]
    assert picks(until(lambda: discord.replies_to(asked["id"]), 30)[0])
    discord.all_said()
    assert discord.replies_to(posted["id"]) == []


# ---------------------------------------------------------------------- permissions


def lacks(discord: World, name: str) -> bool:
    found = [it["content"] for it in discord.see("messages?author=bot&channel=music")]
    return any(it.startswith("I lack") and name in it for it in found)


def test_a_permission_that_is_lost_with_the_connection_is_said(discord: World, rights: int) -> None:
    discord.slash("listen on", channel="music")
    discord.do("gateway", action="invalidate", hold=1)
    discord.do("permissions", allow=rights & ~ATTACH)
    until(lambda: lacks(discord, "Attach Files"), 20)


def test_a_permission_that_is_lost_before_listening_is_stored_is_said(
    discord: World, rights: int
) -> None:
    with locked(discord):
        made = discord.do("slash", command="listen on", channel="music", wait=0)
        until(lambda: discord.interaction(made["id"])["response"], 10)
        discord.do("permissions", allow=rights & ~HISTORY)
        time.sleep(2.5)
    assert "every audio file" in discord.settled(made["id"])["shown"]["content"]
    until(lambda: lacks(discord, "Read Message History"), 20)


def test_an_answer_promises_reactions_as_they_may_be_added_by_then(
    discord: World, sound: Path, rights: int
) -> None:
    with busy(discord):
        made = working(discord, "recommend", file=file(sound))
        discord.do("permissions", allow=rights & ~ADD_REACTIONS)
    assert "may not react" in footer(discord.settled(made["id"])["shown"])


# ---------------------------------------------------------------------- what is left out


def test_clean_that_is_switched_on_while_a_sound_is_heard_holds_for_its_list(
    discord: World, sound: Path, listener: Listener
) -> None:
    with busy(discord):
        made = working(discord, "recommend", file=file(sound), **corner_of(listener))
        discord.slash("clean on")
    shown = discord.settled(made["id"])["shown"]
    discord.slash("clean off")
    assert picks(shown)
    assert not [it for it in picks(shown) if is_strong(f"{it.title} {it.artist}")]


def test_a_mix_that_is_cleared_while_sounds_are_added_has_room_for_all(
    discord: World, tmp_path: Path, listener: Listener
) -> None:
    ids = [f"#{it}" for it in listener.catalog.track_ids[[10, 900, 2000, 4000]]]
    for it in ids:
        discord.slash("mix add", options={"sound": it}, user="carol")
    posted = discord.do("message", files=[file(new_sound(tmp_path)) for _ in range(3)], user="bob")
    with busy(discord):
        made = discord.do("menu", command="Add to mix", message=posted["id"], user="carol", wait=0)
        until(lambda: discord.interaction(made["id"])["response"], 10)
        discord.slash("mix clear", user="carol")
    said = discord.settled(made["id"])["shown"]["content"]
    assert "**C**" in said and "**D**" not in said, said
