from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.store import migrations
from bot.store.backup import backup_file
from bot.store.errors import StoreError
from bot.store.store import Store
from soundmap.recommendation.request import Request
from soundmap.types import Analysis, Note, Traits

ANN, BOB = (hashlib.sha256(name).hexdigest() for name in (b"ann", b"bob"))
DAY = 24 * 3600
Law = Callable[[Store], Awaitable[None]]


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.at = 1_700_000_000.5

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "store.db"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def holds(path: Path, clock: Clock) -> Callable[[Law], None]:
    """Runs a law on a new store."""

    def run(law: Law) -> None:
        async def opened() -> None:
            async with Store.open(path, now=clock) as store:
                await law(store)

        asyncio.run(opened())

    return run


def analysis(clip: str = "c1", bundle: str = "b1", seed: int = 0) -> Analysis:
    values = np.random.default_rng(seed).standard_normal(48).astype(np.float32)
    return Analysis(
        bundle_id=bundle,
        clip_sha256=clip,
        seconds=29.976 + 1 / 3,
        labels=("Rock", "힙합"),
        probabilities=values[:8],
        embedding=values[8:],
        traits=Traits(0.0, 1234.5678901234567, 1 / 3, 5e-324, 1.0),
        sure=True,
        notes=(Note("short_clip", {"seconds": 0.1 + 0.2, "least": 3}),),
    )


def add_list(store: Store, person: str = ANN, clip: str = "c1") -> Awaitable[int]:
    return store.add_list(person, "b1", clip, None, Request(), [30, 10, 20])


def query(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def votes(path: Path) -> list[Any]:
    return query(path, "SELECT list_id, rank, person, value FROM votes ORDER BY 1, 2, 3")


def raw_bytes(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


def cells(path: Path) -> Iterator[tuple[str, object]]:
    """(table, value) of every cell."""
    for (table,) in query(path, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        for row in query(path, f"SELECT * FROM {table}"):
            yield from ((table, value) for value in row)


def code_of(error: pytest.ExceptionInfo[StoreError]) -> str:
    assert error.value.code in str(error.value)
    return error.value.code


# Sounds


def test_a_sound_comes_back_exactly(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        kept = analysis()
        await store.add_sound(kept)
        found = await store.sound("c1", "b1")
        assert found
        for field in fields(Analysis):
            np.testing.assert_array_equal(getattr(found, field.name), getattr(kept, field.name))
        assert found.embedding.dtype == found.probabilities.dtype == np.float32
        assert found.traits == kept.traits and found.notes == kept.notes
        assert type(found.labels) is tuple and type(found.sure) is bool

    holds(law)


def test_what_was_really_heard_comes_back_exactly(
    holds: Callable[[Law], None], listener: Any, demo: Path
) -> None:
    async def law(store: Store) -> None:
        kept = listener.listen(demo)
        await store.add_sound(kept)
        found = await store.sound(kept.clip_sha256, kept.bundle_id)
        assert found and found.traits == kept.traits and found.genres == kept.genres
        assert found.embedding.tobytes() == kept.embedding.tobytes()

    holds(law)


def test_embeddings_of_two_bundles_are_two_sounds(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        await store.add_sound(analysis(bundle="b1", seed=1))
        await store.add_sound(analysis(bundle="b2", seed=2))
        await store.add_sound(replace(analysis(bundle="b2", seed=3), sure=False))
        first, second = await store.sound("c1", "b1"), await store.sound("c1", "b2")
        assert first and second and first.sure and not second.sure
        np.testing.assert_array_equal(second.embedding, analysis(seed=3).embedding)
        assert await store.sound("c1", "b3") is None

    holds(law)


# Lists and messages


def test_a_list_comes_back_with_its_picks_by_rank(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        request = Request(count=3, genre="Rock", roam="wide", excluded_tracks=(7, 8))
        request = replace(request, excluded_artists=("Łódź", 'a "b"'))
        list_id = await store.add_list(ANN, "b1", "c1", 77, request, [30, 10, 20])
        kept = await store.kept_list(list_id)
        assert kept
        assert (kept.id, kept.person, kept.bundle_id) == (list_id, ANN, "b1")
        assert (kept.clip_sha256, kept.seed_track_id) == ("c1", 77)
        assert kept.request == request and hash(kept.request)
        assert kept.track_ids == (30, 10, 20)
        assert await store.kept_list(list_id + 1) is None

    holds(law)


def test_a_request_of_another_version_is_read_as_far_as_it_is_known(
    holds: Callable[[Law], None], path: Path
) -> None:
    async def law(store: Store) -> None:
        list_id = await add_list(store)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("""UPDATE lists SET request = '{"count": 9, "tempo": "fast"}'""")
        kept = await store.kept_list(list_id)
        assert kept and kept.request == Request(count=9)

    holds(law)


def test_the_id_of_a_list_is_never_used_again(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        first = await add_list(store)
        await store.forget(ANN)
        assert await add_list(store) > first

    holds(law)


def test_a_list_without_picks_is_a_list(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        list_id = await store.add_list(ANN, "b1", "", 5, Request(), [])
        kept = await store.kept_list(list_id)
        assert kept and kept.track_ids == ()
        assert await store.vote(list_id, 0, ANN, 1)
        assert not await store.vote(list_id, 1, ANN, 1)

    holds(law)


def test_a_message_names_its_list(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        first, second = await add_list(store), await add_list(store)
        await store.add_message("discord", "1", first)
        await store.add_message("slack", "1", second)
        assert await store.list_of("discord", "1") == first
        assert await store.list_of("slack", "1") == second
        assert await store.list_of("slack", "2") is None
        await store.add_message("discord", "1", second)
        assert await store.list_of("discord", "1") == second

    holds(law)


def test_a_message_of_a_list_that_is_gone_names_nothing(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        list_id = await add_list(store)
        await store.forget(ANN)
        await store.add_message("discord", "1", list_id)
        assert await store.list_of("discord", "1") is None

    holds(law)


# Votes and signals


def test_a_second_tap_changes_ones_mind_and_never_adds_a_vote(
    holds: Callable[[Law], None], path: Path
) -> None:
    async def law(store: Store) -> None:
        list_id = await add_list(store)
        for value in (1, 1, -1):
            assert await store.vote(list_id, 2, ANN, value)
        assert votes(path) == [(list_id, 2, ANN, -1)]

    holds(law)


def test_two_people_and_two_picks_have_votes_of_their_own(
    holds: Callable[[Law], None], path: Path
) -> None:
    async def law(store: Store) -> None:
        list_id = await add_list(store)
        assert await store.vote(list_id, 0, ANN, 1)
        assert await store.vote(list_id, 1, ANN, -1)
        assert await store.vote(list_id, 1, BOB, 1)
        expected = [(list_id, 0, ANN, 1), (list_id, 1, ANN, -1), (list_id, 1, BOB, 1)]
        assert votes(path) == sorted(expected)

    holds(law)


def test_there_is_no_vote_on_what_does_not_exist(holds: Callable[[Law], None], path: Path) -> None:
    async def law(store: Store) -> None:
        list_id = await add_list(store)
        for where in ((list_id, 4), (list_id, -1), (list_id + 1, 0), (list_id + 1, 1)):
            assert not await store.vote(*where, ANN, 1)
            assert not await store.more_like(*where, ANN)
        assert not await store.more_like(list_id, 0, ANN)
        assert votes(path) == []

    holds(law)


def test_a_vote_is_up_or_down(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        list_id = await add_list(store)
        with pytest.raises(sqlite3.IntegrityError):
            await store.vote(list_id, 1, ANN, 2)
        assert await store.vote(list_id, 1, ANN, 1)

    holds(law)


def test_taking_a_thumb_down_away_leaves_a_later_thumb_up(
    holds: Callable[[Law], None], path: Path
) -> None:
    async def law(store: Store) -> None:
        list_id = await add_list(store)
        await store.vote(list_id, 1, ANN, -1)
        await store.vote(list_id, 1, ANN, 1)
        assert not await store.unvote(list_id, 1, ANN, -1)
        assert not await store.unvote(list_id, 1, BOB, 1)
        assert votes(path) == [(list_id, 1, ANN, 1)]
        assert await store.unvote(list_id, 1, ANN, 1)
        assert not await store.unvote(list_id, 1, ANN, 1)
        assert votes(path) == []

    holds(law)


def test_more_like_is_kept_once(holds: Callable[[Law], None], path: Path, clock: Clock) -> None:
    async def law(store: Store) -> None:
        list_id = await add_list(store)
        assert await store.more_like(list_id, 1, ANN)
        clock.at += 5
        assert await store.more_like(list_id, 1, ANN)
        assert await store.more_like(list_id, 1, BOB)
        kept = query(path, "SELECT rank, person, at FROM more_likes")
        assert sorted(kept) == sorted((1, person, int(clock.at)) for person in (ANN, BOB))

    holds(law)


# Hidden artists, places, kills


def test_only_the_artists_in_question_are_hidden_or_shown(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        await store.hide(ANN, of=["Z", "A", "B"], hidden={"Z", "A"})
        await store.hide(BOB, of=["B"], hidden=["B"])
        assert await store.hidden(ANN) == ("A", "Z")
        await store.hide(ANN, of=["A", "B"], hidden={"B", "not asked"})
        await store.hide(ANN, of=["A", "B"], hidden={"B"})
        assert await store.hidden(ANN) == ("B", "Z")
        await store.hide(ANN, of=[], hidden={"Y"})
        assert await store.hidden(ANN) == ("B", "Z") and await store.hidden(BOB) == ("B",)

    holds(law)


def test_the_bot_listens_where_it_was_told_to(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        assert not await store.listens("discord", "1")
        for on in (True, True, False, False, True):
            await store.listen("discord", "1", on)
            assert await store.listens("discord", "1") is on
        assert not await store.listens("slack", "1")
        assert not await store.listens("discord", "2")

    holds(law)


def test_kills_are_counted_by_clip(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        assert await store.kills("c1") == 0
        assert [await store.add_kill("c1") for _ in range(3)] == [1, 2, 3]
        assert await store.add_kill("c2") == 1
        assert await store.kills("c1") == 3

    holds(law)


def test_all_is_there_after_a_restart(path: Path) -> None:
    async def first() -> int:
        async with Store.open(path) as store:
            await store.add_sound(analysis())
            list_id = await add_list(store)
            await store.add_message("discord", "1", list_id)
            await store.vote(list_id, 1, ANN, 1)
            return list_id

    async def again(list_id: int) -> None:
        async with Store.open(path) as store:
            assert await store.sound("c1", "b1")
            assert await store.list_of("discord", "1") == list_id
            assert await store.unvote(list_id, 1, ANN, 1)

    asyncio.run(again(asyncio.run(first())))


# What is kept about a person


async def _two_people(store: Store) -> tuple[int, int, int]:
    """Lists: one of Ann's alone, one of hers that Bob voted on, one of Bob's that she did."""
    for clip in ("own", "shared", "bobs"):
        await store.add_sound(analysis(clip))
    own, shared = await add_list(store, ANN, "own"), await add_list(store, ANN, "shared")
    bobs = await add_list(store, BOB, "bobs")
    for number, list_id in enumerate((own, shared, bobs)):
        await store.add_message("discord", str(number), list_id)
        assert await store.vote(list_id, 1, ANN, 1)
        assert await store.more_like(list_id, 2, ANN)
    assert await store.vote(shared, 1, BOB, -1)
    await store.hide(ANN, ["X", "Y"], {"X", "Y"})
    await store.hide(BOB, ["X"], {"X"})
    return own, shared, bobs


def test_an_export_is_everything_as_json(holds: Callable[[Law], None], clock: Clock) -> None:
    async def law(store: Store) -> None:
        clock.at = 0.9
        own, shared, bobs = await _two_people(store)
        kept = await store.export(ANN)
        assert json.loads(json.dumps(kept)) == kept
        assert [entry["id"] for entry in kept["lists"]] == [own, shared]
        first = kept["lists"][0]
        assert first["at"] == "1970-01-01T00:00:00+00:00"
        assert first["bundle_id"] == "b1" and first["request"]["count"] == 5
        assert first["track_ids"] == [30, 10, 20]
        assert first["messages"] == [{"platform": "discord", "message_id": "0"}]
        assert [(v["list_id"], v["rank"], v["track_id"], v["value"]) for v in kept["votes"]] == [
            (own, 1, 30, 1),
            (shared, 1, 30, 1),
            (bobs, 1, 30, 1),
        ]
        assert [signal["track_id"] for signal in kept["more_like"]] == [10, 10, 10]
        assert [entry["artist"] for entry in kept["hidden_artists"]] == ["X", "Y"]
        counts = {"lists": 2, "votes": 3, "more_like": 3, "hidden_artists": 2}
        counts |= {"denied_beliefs": 0, "taste_settings": 0}
        assert await store.summary(ANN) == counts == {name: len(kept[name]) for name in kept}
        assert not any((await store.summary("nobody")).values())

    holds(law)


def test_forget_leaves_nothing(holds: Callable[[Law], None], path: Path) -> None:
    async def law(store: Store) -> None:
        await _two_people(store)
        await store.taste.deny(ANN, "artist", "AWOL")
        await store.taste.switch(ANN, False)
        assert await store.forget(ANN) == {
            "lists": 1,
            "lists_kept": 1,
            "votes": 3,
            "more_like": 3,
            "hidden_artists": 2,
            "denied_beliefs": 1,
            "taste_settings": 1,
            "sounds": 1,
        }
        walked = list(cells(path))
        assert {"lists", "votes", "hidden_artists"} <= {table for table, _ in walked}
        assert not [table for table, value in walked if ANN in str(value)]
        assert BOB.encode() in raw_bytes(path)
        assert ANN.encode() not in raw_bytes(path)
        assert await store.forget(ANN) == dict.fromkeys(await store.forget(ANN), 0)

    holds(law)


def test_two_people_one_forgotten_and_the_other_keeps_everything(
    holds: Callable[[Law], None], path: Path
) -> None:
    async def law(store: Store) -> None:
        own, shared, bobs = await _two_people(store)
        before = await store.export(BOB)
        await store.forget(ANN)
        assert await store.export(BOB) == before
        assert votes(path) == [(shared, 1, BOB, -1)]
        assert await store.kept_list(own) is None and await store.list_of("discord", "0") is None
        kept = await store.kept_list(shared)
        assert kept and kept.person is None and kept.track_ids == (30, 10, 20)
        assert await store.list_of("discord", "1") == shared
        assert await store.kept_list(bobs)
        found = [await store.sound(clip, "b1") for clip in ("own", "shared", "bobs")]
        assert [sound is not None for sound in found] == [False, True, True]

    holds(law)


def _crowd(path: Path) -> list[str]:
    """Fills a store with so much that SQLite moves rows from page to page; returns the people."""
    chance = random.Random(1)
    people = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(50)]
    with closing(sqlite3.connect(path)) as connection:
        for list_id in range(1, 12_001):
            asked = (chance.choice(people), "x" * chance.randrange(300))
            connection.execute(
                "INSERT INTO lists (person, bundle_id, clip_sha256, request, at)"
                " VALUES (?, 'b1', 'c1', ?, 0)",
                asked,
            )
            vote = (chance.randint(1, list_id), chance.choice(people))
            connection.execute("INSERT OR REPLACE INTO votes VALUES (?, 0, ?, 1, 0)", vote)
        connection.commit()
    return people


def test_forget_leaves_nothing_in_the_bytes_of_a_large_store(
    holds: Callable[[Law], None], path: Path
) -> None:
    async def law(store: Store) -> None:
        people = _crowd(path)
        for person in people[:12]:
            assert (await store.forget(person))["lists"]
            assert person.encode() not in raw_bytes(path)
        assert people[-1].encode() in raw_bytes(path)

    holds(law)


def test_what_cannot_be_erased_at_once_is_erased_by_the_next_pruning(path: Path) -> None:
    async def law() -> None:
        async with Store.open(path, busy_timeout_s=0.05) as store:
            await _two_people(store)
            with closing(sqlite3.connect(path, isolation_level=None)) as reader:
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM votes").fetchall()
                assert (await store.forget(ANN))["votes"] == 3
                assert (await store.summary(ANN))["votes"] == 0
                reader.execute("COMMIT")
            await store.prune(365 * DAY)
            assert ANN.encode() not in raw_bytes(path)

    asyncio.run(law())


def test_what_is_too_old_goes_and_the_rest_stays(
    holds: Callable[[Law], None], path: Path, clock: Clock
) -> None:
    async def law(store: Store) -> None:
        own, shared, _ = await _two_people(store)
        await store.add_kill("c1")
        clock.at += 10 * DAY
        assert await store.prune(30 * DAY) == 0
        await store.add_sound(analysis("young"))
        young = await add_list(store, ANN, "shared")
        await store.vote(young, 2, BOB, 1)
        await store.add_kill("c2")
        clock.at += 25 * DAY
        assert await store.prune(30 * DAY) > 10
        assert await store.kept_list(own) is None and await store.kept_list(shared) is None
        assert await store.kept_list(young) and votes(path) == [(young, 2, BOB, 1)]
        assert await store.hidden(ANN) == ("X", "Y")  # what is not wanted stays unwanted
        assert [await store.kills(clip) for clip in ("c1", "c2")] == [0, 0]
        found = [await store.sound(clip, "b1") for clip in ("own", "shared", "young")]
        assert [sound is not None for sound in found] == [False, True, True]
        clock.at += 10 * DAY
        await store.prune(30 * DAY)
        left = {table for table, _ in cells(path)}
        assert left == {"pulse", "sqlite_sequence", "hidden_artists"}

    holds(law)


# The file


def test_only_its_owner_may_read_it(path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        await add_list(store)
        files = list(path.parent.glob("store.db*"))
        assert len(files) == 3
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}

    holds(law)
    assert [file.name for file in path.parent.iterdir()] == ["store.db"]
    path.chmod(0o644)
    holds(law)


async def _open(path: Path, busy_timeout_s: float = 0.1) -> None:
    async with Store.open(path, busy_timeout_s):
        pass


@pytest.mark.parametrize("version", range(len(migrations.scripts())))
def test_every_older_version_is_brought_up_to_date(version: int, tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    with closing(sqlite3.connect(old)) as connection:
        for script in migrations.scripts()[:version]:
            connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()
    asyncio.run(_open(old))
    asyncio.run(_open(new))
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
    assert query(old, schema) == query(new, schema)
    assert query(old, "PRAGMA user_version") == [(len(migrations.scripts()),)]
    assert query(old, "PRAGMA journal_mode") == [("wal",)]


def test_migrations_are_numbered_without_gaps() -> None:
    folder = Path(migrations.__file__).parent
    numbers = sorted(int(file.name.split("_")[0]) for file in folder.glob("*.sql"))
    assert numbers == list(range(1, len(migrations.scripts()) + 1))


def test_a_migration_is_done_as_a_whole_or_not_at_all(
    path: Path, monkeypatch: pytest.MonkeyPatch, holds: Callable[[Law], None]
) -> None:
    async def law(store: Store) -> None:
        await add_list(store)

    holds(law)
    before = list(cells(path))
    bad = "CREATE TABLE moods (mood TEXT);\nDELETE FROM lists;\nINSERT INTO nowhere VALUES (1);\n"
    known = migrations.scripts()
    monkeypatch.setattr(migrations, "scripts", lambda: [*known, bad])
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        asyncio.run(_open(path))
    assert list(cells(path)) == before
    good = "CREATE TABLE moods (\n  mood TEXT -- a comment; with a semicolon\n);\n"
    good += "ALTER TABLE lists ADD COLUMN mood TEXT;\n-- the end\n"
    monkeypatch.setattr(migrations, "scripts", lambda: [*known, good])
    asyncio.run(_open(path))
    assert query(path, "PRAGMA user_version") == [(len(known) + 1,)]
    assert query(path, "SELECT person, mood FROM lists") == [(ANN, None)]
    monkeypatch.undo()
    with pytest.raises(StoreError) as error:
        asyncio.run(_open(path))
    assert code_of(error) == "store_newer"
    assert error.value.facts["version"] == len(known) + 1


def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, other, cut = (tmp_path / name for name in ("text.db", "other.db", "cut.db"))
    text.write_bytes(b"dear diary, " * 1000)
    with closing(sqlite3.connect(other)) as connection:
        connection.executescript("CREATE TABLE t (x); PRAGMA user_version = 9000;")
    asyncio.run(_open(cut))
    cut.write_bytes(cut.read_bytes()[:6000])
    for path in (text, other, cut):
        before = path.read_bytes(), path.stat().st_mode
        with pytest.raises(StoreError) as error:
            asyncio.run(_open(path))
        assert code_of(error) == "store_broken"
        assert (path.read_bytes(), path.stat().st_mode) == before


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "store.db"):
        with pytest.raises(StoreError) as error:
            asyncio.run(_open(path))
        assert code_of(error) == "store_unwritable"


def test_many_may_open_a_new_store_at_once(path: Path) -> None:
    async def law() -> None:
        await asyncio.gather(*[_open(path, 20.0) for _ in range(8)])

    asyncio.run(law())
    assert query(path, "SELECT count(*) FROM pulse") == [(1,)]


# Others hold the file


HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("COMMIT")
"""


@contextlib.contextmanager
def child(script: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Another Python process, which has said its first word."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout and process.stdout.readline()
            yield process
        finally:
            process.kill()


def test_a_short_hold_is_waited_out(path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        list_id = await add_list(store)
        with child(HOLD, path, 0.5):
            assert await store.vote(list_id, 1, ANN, 1)
        assert votes(path) == [(list_id, 1, ANN, 1)]

    holds(law)


@pytest.mark.alone
def test_a_long_hold_is_an_error_and_later_votes_count(path: Path) -> None:
    async def law() -> None:
        async with Store.open(path, busy_timeout_s=0.2) as store:
            list_id = await add_list(store)
            with child(HOLD, path, 60):
                assert await store.kept_list(list_id)  # reading goes on
                begun = time.monotonic()
                tries = [store.vote(list_id, 1, str(n), 1) for n in range(30)]
                errors = await asyncio.gather(*tries, return_exceptions=True)
                assert {getattr(e, "code", e) for e in errors} == {"store_locked"}
                assert time.monotonic() - begun < 3  # not 30 times the wait
                assert not await store.healthy()
            assert await store.healthy()
            assert await store.vote(list_id, 1, ANN, 1)
            assert votes(path) == [(list_id, 1, ANN, 1)]

    asyncio.run(law())


# The disk is full


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for one megabyte."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    with contextlib.suppress(FileNotFoundError):
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            try:
                yield folder
            finally:
                subprocess.run(["umount", str(folder)], check=True)
            return
    pytest.skip("no small disk can be mounted here")


async def _fill(store: Store) -> int:
    """Adds lists until there is no room; returns how many there are."""
    with pytest.raises(StoreError) as error:
        for count in range(100_000):
            await store.add_list(ANN, "b1", f"{count}", None, Request(), range(100))
    assert code_of(error) == "store_full"
    return count


async def _whole(path: Path, lists: int) -> None:
    assert query(path, "SELECT count(*) FROM lists") == [(lists,)]
    assert query(path, "SELECT count(*) FROM picks") == [(100 * lists,)]
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_full_disk_loses_nothing_and_is_got_over(tiny: Path) -> None:
    async def law() -> None:
        ballast, path = tiny / "ballast", tiny / "store.db"
        ballast.write_bytes(bytes(400_000))
        async with Store.open(path) as store:
            lists = await _fill(store)
            with (tiny / "rest").open("wb", buffering=0) as rest, contextlib.suppress(OSError):
                while rest.write(bytes(512)):
                    pass
            with pytest.raises(StoreError) as error:
                await store.backup(tiny / "copy.db")
            assert code_of(error) == "store_full"
            assert sorted(file.name for file in tiny.iterdir())[:2] == ["ballast", "rest"]
            kept = await store.kept_list(1)
            assert kept and len(kept.track_ids) == 100
            ballast.unlink()
            await _whole(path, lists)
            assert await store.healthy()
            assert await store.vote(1, 1, ANN, 1)
            assert await add_list(store) == lists + 1
            await store.forget(ANN)
            assert ANN.encode() not in raw_bytes(path)

    asyncio.run(law())


def test_a_full_store_keeps_no_half_of_a_list(path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        inner = store._database._connection
        await inner.execute_fetchall("PRAGMA max_page_count = 60")
        lists = await _fill(store)
        assert not inner.in_transaction
        await _whole(path, lists)
        await inner.execute_fetchall("PRAGMA max_page_count = 100000")
        await store.add_list(ANN, "b1", "more", None, Request(), range(100))
        await _whole(path, lists + 1)

    holds(law)


# Killed, cancelled, many at once


VOTING = """
import asyncio, sys
from pathlib import Path
from bot.store.store import Store

async def main():
    async with Store.open(Path(sys.argv[1])) as store:
        print("open", flush=True)
        async def voter(number):
            for rank in range(1, 100_000):
                assert await store.vote(int(sys.argv[2]), rank % 100 + 1, f"{number}-{rank}", 1)
                print(f"{number}-{rank}", flush=True)
        await asyncio.gather(*map(voter, range(5)))

asyncio.run(main())
"""


@pytest.mark.parametrize("wait_s", [0.05, 0.3, 0.8])
def test_a_vote_that_was_acknowledged_survives_a_kill(path: Path, wait_s: float) -> None:
    async def prepared() -> int:
        async with Store.open(path) as store:
            return await store.add_list(ANN, "b1", "c1", None, Request(), range(100))

    list_id = asyncio.run(prepared())
    with child(VOTING, path, list_id) as process:
        time.sleep(wait_s)
        process.send_signal(signal.SIGKILL)
        assert process.stdout
        said = process.stdout.read().split("\n")[:-1]
    assert process.returncode == -signal.SIGKILL
    kept = {person for _, _, person, _ in votes(path)}
    assert said and set(said) <= kept
    assert len(kept) <= len(said) + 5
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    asyncio.run(_open(path))


def test_fifty_at_once_are_all_kept(path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        async def one(number: int) -> None:
            person = f"{number}"
            list_id = await add_list(store, person, f"c{number % 7}")
            kept = await store.kept_list(list_id)
            assert kept and kept.person == person and kept.track_ids == (30, 10, 20)
            assert await store.vote(list_id, 1, person, 1)
            await store.hide(person, ["A", "B"], {"A"})
            await store.add_kill("c")

        await asyncio.gather(*map(one, range(50)))
        assert await store.kills("c") == 50
        assert len(votes(path)) == 50
        assert query(path, "SELECT count(*), count(DISTINCT list_id) FROM picks") == [(150, 50)]

    holds(law)


def test_who_is_cancelled_leaves_no_half_and_nothing_open(
    path: Path, holds: Callable[[Law], None]
) -> None:
    async def law(store: Store) -> None:
        for yields in range(60):
            task = asyncio.ensure_future(
                store.add_list(ANN, "b1", "c1", None, Request(), range(10))
            )
            for _ in range(yields):
                await asyncio.sleep(0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            assert await store.healthy()
            assert not store._database._connection.in_transaction
        counts = "SELECT (SELECT count(*) FROM lists), (SELECT count(*) FROM picks)"
        assert query(path, counts) == [(59, 590)]  # all that were begun

    holds(law)


def test_work_that_is_itself_cancelled_is_rolled_back(
    path: Path, holds: Callable[[Law], None]
) -> None:
    async def law(store: Store) -> None:
        task = asyncio.ensure_future(add_list(store))
        while not store._database._connection.in_transaction:
            await asyncio.sleep(0)
        for inner in list(store._database._tasks):
            inner.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await store.healthy()
        assert query(path, "SELECT count(*) FROM lists") == [(0,)]

    holds(law)


def test_what_was_begun_is_kept_when_the_store_closes(path: Path) -> None:
    async def law() -> None:
        async with Store.open(path) as store:
            task = asyncio.ensure_future(add_list(store))
            await asyncio.sleep(0)
        await task
        assert not await store.healthy()

    asyncio.run(law())
    assert query(path, "SELECT count(*) FROM picks") == [(3,)]
    assert not path.with_name("store.db-wal").exists()


# Backups


def test_a_backup_made_while_votes_come_in_is_whole(
    path: Path, tmp_path: Path, holds: Callable[[Law], None]
) -> None:
    target = tmp_path / "copy.db"

    async def law(store: Store) -> None:
        list_id = await add_list(store)
        await store.vote(list_id, 1, "early", 1)

        async def voting() -> None:
            for number in range(200):
                await add_list(store, f"{number}")
                await store.vote(list_id, 1, f"{number}", 1)

        voter = asyncio.ensure_future(voting())
        await store.vote(list_id, 2, "before", 1)
        await store.backup(target)
        await voter
        assert len(votes(path)) == 202

    holds(law)
    assert target.stat().st_mode & 0o777 == 0o600
    assert query(target, "PRAGMA integrity_check") == [("ok",)]
    assert query(target, "PRAGMA foreign_key_check") == []
    kept = votes(target)
    assert {"early", "before"} <= {person for _, _, person, _ in kept}
    assert query(
        target, "SELECT 3 * (SELECT count(*) FROM lists) - (SELECT count(*) FROM picks)"
    ) == [(0,)]
    assert not list(tmp_path.glob(".copy.db*"))


def test_a_backup_is_a_store(tmp_path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        first = await add_list(store)
        await store.backup(tmp_path / "copy.db")
        async with Store.open(tmp_path / "copy.db") as copy:
            assert await copy.kept_list(first) == await store.kept_list(first)
            assert await add_list(copy) == first + 1

    holds(law)


def test_another_process_can_make_a_backup(
    path: Path, tmp_path: Path, holds: Callable[[Law], None]
) -> None:
    script = "import sys; from pathlib import Path; from bot.store.backup import backup_file; "
    script += "backup_file(Path(sys.argv[1]), Path(sys.argv[2]))"
    copy = tmp_path / "copy.db"

    async def law(store: Store) -> None:
        await add_list(store)
        command = [sys.executable, "-W", "error", "-c", script, str(path), str(copy)]
        subprocess.run(command, check=True)
        await add_list(store)

    holds(law)
    assert query(copy, "SELECT count(*) FROM lists") == [(1,)]


def test_a_backup_overwrites_nothing_and_invents_nothing(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    with pytest.raises(StoreError) as error:
        backup_file(path, target)
    assert code_of(error) == "store_missing" and not path.exists()
    asyncio.run(_open(path))
    target.write_text("mine")
    with pytest.raises(StoreError) as error:
        backup_file(path, target)
    assert code_of(error) == "store_exists" and target.read_text() == "mine"
    with pytest.raises(StoreError) as error:
        backup_file(path, tmp_path / "nowhere" / "copy.db")
    assert code_of(error) == "store_unwritable"
    path.write_bytes(b"dear diary, " * 1000)
    with pytest.raises(StoreError) as error:
        backup_file(path, tmp_path / "new.db")
    assert code_of(error) == "store_broken"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.db", "kept"]


def test_a_store_is_healthy_while_it_can_be_written(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        assert await store.healthy()
        await store._database._connection.execute_fetchall("PRAGMA query_only = ON")
        assert not await store.healthy()
        with pytest.raises(StoreError) as error:
            await add_list(store)
        assert code_of(error) == "store_unwritable"
        await store._database._connection.execute_fetchall("PRAGMA query_only = OFF")
        assert await store.healthy()

    holds(law)


def test_a_clip_that_is_heard_after_all_is_pardoned(tmp_path: Path) -> None:
    async def work() -> None:
        async with Store.open(tmp_path / "soundmap.db") as store:
            await store.add_kill("a")
            await store.add_kill("b")
            await store.pardon("a")
            assert (await store.kills("a"), await store.kills("b")) == (0, 1)

    asyncio.run(work())


def test_what_was_shown_for_a_sound_is_known_from_a_list_on(tmp_path: Path) -> None:
    async def work() -> None:
        async with Store.open(tmp_path / "soundmap.db") as store:
            lists = []
            for person, tracks in (("ann", [1, 2]), ("ann", [3]), ("bob", [4]), ("ann", [5])):
                lists.append(await store.add_list(person, "b", "sound", None, Request(), tracks))
            await store.add_list("ann", "b", "other sound", None, Request(), [6])
            await store.add_list("ann", "b", "", 7, Request(), [8])
            kept = await store.kept_list(lists[1])
            assert kept is not None
            assert sorted(await store.shown_since(kept, "ann")) == [3, 5]
            assert sorted(await store.shown_since(kept, "bob")) == [4]

    asyncio.run(work())


def test_what_somebody_did_is_told_as_acts(tmp_path: Path) -> None:
    async def work() -> None:
        async with Store.open(tmp_path / "soundmap.db", now=lambda: 100.0) as store:
            first = await store.add_list("ann", "b", "s", None, Request(), [7, 8, 9], place="here")
            second = await store.add_list("bob", "b", "s", None, Request(), [4, 5])
            await store.vote(first, 2, "ann", 1)
            await store.vote(first, 0, "ann", -1)
            await store.vote(second, 0, "ann", 1)
            await store.vote(first, 1, "bob", 1)
            await store.more_like(first, 3, "ann")
            acts = {
                (act.kind, act.track_ids, act.liked, act.at)
                for act in (await store.taste.told("ann")).acts
            }
            assert acts == {
                ("pick", (8,), True, 100),
                ("list", (7, 8, 9), False, 100),
                ("list", (4, 5), True, 100),
                ("more", (9,), True, 100),
            }
            here = {(act.kind, act.track_ids) for act in await store.taste.acts_in("here")}
            assert here == {("pick", (8,)), ("list", (7, 8, 9)), ("pick", (7,))}
            assert sorted((await store.taste.told("ann")).rejected) == [7, 8, 9]
            assert sorted(await store.taste.recent("ann", 1)) == [7, 8, 9]
            assert await store.taste.reset("ann") == 4
            assert (await store.taste.told("ann")).acts == ()
            assert len((await store.taste.told("bob")).acts) == 1

    asyncio.run(work())


def test_a_taste_is_on_until_it_is_switched_off_and_beliefs_can_be_denied(tmp_path: Path) -> None:
    async def work() -> None:
        async with Store.open(tmp_path / "soundmap.db") as store:
            taste = store.taste
            assert (await taste.told("ann")).is_on
            await taste.switch("ann", False)
            assert not (await taste.told("ann")).is_on and (await taste.told("bob")).is_on
            await taste.switch("ann", True)
            assert (await taste.told("ann")).is_on
            await taste.deny("ann", "genre", "Pop")
            await taste.deny("ann", "genre", "Pop")
            assert (await taste.told("ann")).denied == (("genre", "Pop"),)

    asyncio.run(work())


def test_a_clip_may_try_again_a_day_later(tmp_path: Path) -> None:
    async def work() -> None:
        clock = [0.0]
        async with Store.open(tmp_path / "soundmap.db", now=lambda: clock[0]) as store:
            assert [await store.add_kill("a") for _ in range(2)] == [1, 2]
            clock[0] = 90_000.0
            assert await store.kills("a") == 0
            assert await store.add_kill("a") == 1

    asyncio.run(work())


def test_forgetting_one_person_takes_no_signal_from_another(tmp_path: Path) -> None:
    async def work() -> None:
        async with Store.open(tmp_path / "soundmap.db") as store:
            kept = await store.add_list("ann", "b", "s", None, Request(), [7, 8])
            await store.more_like(kept, 1, "bob")
            await store.forget("ann")
            assert (await store.summary("bob"))["more_like"] == 1

    asyncio.run(work())
