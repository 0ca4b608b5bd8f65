"""Killed, canceled, restarted, and many at once: what was acknowledged is kept."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.store.store import Store
from soundmap.recommendation.request import Request
from tests.helpers.store import ANN, Law, add_list, analysis, child, keep_list, opened, query, votes


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
@pytest.mark.process
def test_a_vote_that_was_acknowledged_survives_a_kill(path: Path, wait_s: float) -> None:
    async def prepared() -> int:
        async with Store.open(path) as store:
            return await keep_list(store, ANN, "b1", "c1", None, Request(), range(100))

    list_id = asyncio.run(prepared())
    with child(VOTING, path, list_id) as process:
        assert process.stdout
        first = process.stdout.readline()  # however long the machine takes
        time.sleep(wait_s)
        process.send_signal(signal.SIGKILL)
        said = (first + process.stdout.read()).split("\n")[:-1]
    assert process.returncode == -signal.SIGKILL
    kept = {person for _, _, person, _ in votes(path)}
    assert said and set(said) <= kept
    assert len(kept) <= len(said) + 5
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    asyncio.run(opened(path))


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
                keep_list(store, ANN, "b1", "c1", None, Request(), range(10))
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
