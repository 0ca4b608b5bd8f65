"""Ids that no other database gives, ages by a clock that may be wrong, and deleting in slices."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import migrations, upkeep
from bot.store.lists import new_id
from bot.store.store import Store
from tests.helpers.store import (
    ANN,
    BOB,
    DAY,
    Clock,
    Law,
    add_list,
    analysis,
    query,
    raw_bytes,
    votes,
)

YEAR = 365 * DAY


# ---------------------------------------------------------------------- ids


def test_a_list_of_another_database_is_not_known(tmp_path: Path, clock: Clock) -> None:
    async def law() -> None:
        async with Store.open(tmp_path / "old.db", now=clock) as old:
            theirs = [await add_list(old) for _ in range(20)]
            await old.backup(tmp_path / "restored.db")
            later = [await add_list(old) for _ in range(20)]
        async with Store.open(tmp_path / "new.db", now=clock) as new:
            ours = [await add_list(new, BOB) for _ in range(20)]
            assert not set(theirs) & set(ours)
            assert not any([await new.vote(it, 1, ANN, 1) for it in theirs])
        async with Store.open(tmp_path / "restored.db", now=clock) as restored:
            again = [await add_list(restored, BOB) for _ in range(20)]
            assert not set(later) & set(again)
            assert [await restored.kept_list(it) for it in later] == [None] * 20

    asyncio.run(law())


def test_ids_grow_whatever_the_clock_does_and_fit() -> None:
    last = 0
    for at in (1_700_000_000, 1_700_000_000, 0, -5, 1 << 40, 0, 1 << 40):
        made = new_id(last, at)
        assert last < made < 1 << 63
        last = made


def test_lists_of_an_older_version_keep_their_ids(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        for script in migrations.scripts()[:3]:
            connection.executescript(script)
        connection.execute("PRAGMA user_version = 3")
        connection.execute(
            "INSERT INTO lists (id, person, bundle_id, clip_sha256, request, at)"
            " VALUES (7, ?, 'b1', 'c1', '{}', ?)",
            (ANN, clock()),
        )
        connection.execute("INSERT INTO messages VALUES ('discord', '70', 7)")
        connection.commit()

    async def law() -> None:
        async with Store.open(path, now=clock) as store:
            assert await store.list_of("discord", "70") == 7
            assert await store.vote(7, 0, BOB, 1)
            assert await add_list(store, ANN) > 7
            assert await store.showing("discord", DAY, 10) == []

    asyncio.run(law())


# ---------------------------------------------------------------------- what is old


def test_a_vote_outlives_the_list_it_was_cast_on(
    holds: Callable[[Law], None], path: Path, clock: Clock
) -> None:
    async def law(store: Store) -> None:
        await store.add_sound(analysis("c1"))
        old, alone = await add_list(store), await add_list(store)
        await store.vote(old, 1, ANN, 1)
        clock.at += 20 * DAY
        await store.vote(old, 2, BOB, 1)
        clock.at += 15 * DAY
        await store.prune(30 * DAY)
        assert votes(path) == [(old, 2, BOB, 1)]
        assert [act.track_ids for act in (await store.taste.told(BOB)).acts] == [(10,)]
        kept = await store.kept_list(old)
        assert kept and kept.person is None and await store.kept_list(alone) is None
        assert (await store.summary(ANN))["lists"] == 0
        clock.at += 20 * DAY
        await store.prune(30 * DAY)
        assert votes(path) == [] and await store.kept_list(old) is None
        assert query(path, "SELECT count(*) FROM sounds") == [(0,)]

    holds(law)


@pytest.mark.parametrize("years", [-50, -3, 3, 60])
def test_a_clock_that_jumps_deletes_and_quarantines_nothing(
    path: Path, years: int, clock: Clock
) -> None:
    passed = Clock()

    async def law() -> None:
        async with Store.open(path, now=clock, elapsed=passed) as store:
            kept = await add_list(store)
            await store.vote(kept, 1, ANN, 1)
            await store.prune(YEAR)
            for _ in range(2):
                await store.add_kill("killer")
            clock.at += years * YEAR
            await store.prune(YEAR)
            passed.at, clock.at = passed.at + DAY / 2, clock.at + DAY / 2
            await store.prune(YEAR)
            assert await store.kept_list(kept) and await store.kills("killer") == 0
            clock.at -= years * YEAR
            await store.prune(YEAR)
            assert await store.kept_list(kept) and votes(path)

    asyncio.run(law())


@pytest.mark.parametrize("days", [-900, 900])
def test_a_clock_that_was_set_while_the_bot_was_off_is_noticed(
    path: Path, days: int, clock: Clock
) -> None:
    passed = Clock()

    async def law() -> None:
        async with Store.open(path, now=clock, elapsed=passed) as store:
            kept = await add_list(store)
            await store.prune(YEAR)
        clock.at += days * DAY
        for _ in range(3):  # each start waits
            async with Store.open(path, now=clock, elapsed=passed) as store:
                await store.prune(YEAR)
                assert await store.kept_list(kept)
        async with Store.open(path, now=clock, elapsed=passed) as store:
            passed.at, clock.at = passed.at + 2 * DAY, clock.at + 2 * DAY
            await store.prune(YEAR)
            assert bool(await store.kept_list(kept)) == (days < 0)

    asyncio.run(law())


def test_what_was_kept_before_the_clock_was_set_is_not_taken_for_old(
    path: Path, clock: Clock
) -> None:
    right, passed = clock.at, Clock()

    async def law() -> None:
        clock.at = 1_000.0
        async with Store.open(path, now=clock, elapsed=passed) as store:
            kept = await add_list(store)
            await store.vote(kept, 1, BOB, 1)
            clock.at = right
            await store.prune(YEAR)
            passed.at, clock.at = passed.at + 2 * DAY, clock.at + 2 * DAY
            await store.prune(YEAR)
            assert await store.kept_list(kept) and votes(path) == [(kept, 1, BOB, 1)]

    asyncio.run(law())


# ---------------------------------------------------------------------- in slices


def _many(path: Path, n: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT INTO lists (id, person, bundle_id, clip_sha256, request, at)"
            " VALUES (?, ?, 'b1', 'c1', '{}', 1600000001)",
            ((number, (ANN, BOB)[number % 2]) for number in range(1, n + 1)),
        )
        connection.executemany(
            "INSERT INTO votes VALUES (?, 0, ?, 1, 1600000001)",
            ((number, (ANN, BOB)[number % 3 % 2]) for number in range(1, n + 1)),
        )
        connection.commit()


def test_others_have_their_turn_while_much_is_deleted(
    path: Path, holds: Callable[[Law], None]
) -> None:
    """The law is about turns, not about time: others come in between slices."""

    async def law(store: Store) -> None:
        _many(path, 20 * upkeep.SLICE)
        fresh = await add_list(store, BOB)
        for work in (store.forget(ANN), store.prune(30 * DAY)):
            task = asyncio.ensure_future(work)
            turns = 0
            while not task.done():
                await store.vote(fresh, 1, BOB, 1)
                turns += 1
            await task
            assert turns > 10
        assert query(path, "SELECT count(*) FROM lists") == [(1,)]
        assert votes(path) == [(fresh, 1, BOB, 1)]

    holds(law)


def test_a_large_file_gives_its_pages_back_and_is_rebuilt_when_it_is_opened(
    path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(upkeep, "_AT_ONCE_BYTES", 0)

    async def law() -> None:
        async with Store.open(path, now=clock, elapsed=clock) as store:
            _many(path, 4_000)
            before = query(path, "PRAGMA page_count")
            await store.forget(ANN)
            await store.forget(BOB)
            assert query(path, "PRAGMA page_count")[0][0] < before[0][0] / 2
            assert query(path, "PRAGMA freelist_count") == [(0,)]
            due = "SELECT count(*) FROM upkeep WHERE what = 'rebuild'"
            assert query(path, due) == [(1,)]
        async with Store.open(path, now=clock, elapsed=clock):
            assert query(path, due) == [(0,)]
            assert ANN.encode() not in raw_bytes(path)

    asyncio.run(law())


def test_a_file_of_an_older_version_can_give_pages_back(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        for script in migrations.scripts()[:3]:
            connection.executescript(script)
        connection.execute("PRAGMA user_version = 3")
        connection.commit()

    async def law() -> None:
        async with Store.open(path):
            assert query(path, "PRAGMA auto_vacuum") == [(2,)]

    asyncio.run(law())
