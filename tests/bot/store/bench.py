"""How long others wait while somebody is forgotten and old lists are deleted.

``python -m tests.bot.store.bench --lists 300000`` fills a store like that of a busy server, then
forgets one person and prunes everything, while somebody votes all the time.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import numpy as np

from bot.store.errors import StoreError
from bot.store.store import Store
from soundmap.recommendation.request import Request
from tests.helpers.store import ANN, BOB, DAY, Clock, add_list

_PICKS, _PEOPLE = 10, 2_000
_DOCUMENT = json.dumps({"seconds": 30.0, "labels": ["Rock"] * 8, "traits": {}, "notes": ["x"] * 40})


def main() -> None:
    """Reads the arguments, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=int, default=300_000)
    parser.add_argument("--of-one", type=int, default=30_000, help="lists of the one forgotten")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder) / "store.db", given.lists, given.of_one))


async def _measure(path: Path, n: int, of_one: int) -> None:
    clock = Clock()
    async with Store.open(path, now=clock, elapsed=clock):
        pass
    _fill(path, n, of_one, int(clock()))
    os.sync()  # what was filled in is not to be written while others are timed
    print(f"{n:,} lists, {path.stat().st_size / 1e6:,.0f} MB")
    async with Store.open(path, now=clock, elapsed=clock) as store:
        await _beside("forget", store, store.forget(ANN))
        clock.at += 400 * DAY
        await _beside("prune", store, store.prune(365 * DAY))
    started = time.perf_counter()
    async with Store.open(path, now=clock, elapsed=clock):
        print(f"opened again in {time.perf_counter() - started:.2f} s")


async def _beside(what: str, store: Store, work: Awaitable[object]) -> None:
    """Does the work while somebody votes; prints how long each took."""
    fresh, waits, refused = await add_list(store, BOB), list[float](), 0
    started, task = time.perf_counter(), asyncio.ensure_future(work)
    while not task.done():
        asked = time.perf_counter()
        with contextlib.suppress(StoreError):
            await store.vote(fresh, 1, BOB, 1)
            waits.append(time.perf_counter() - asked)
            refused -= 1
        refused += 1
        await asyncio.sleep(0.005)
    seconds = time.perf_counter() - started
    print(
        f"{what}: {seconds:.1f} s; {len(waits)} votes beside it waited {np.median(waits):.3f} s"
        f" (median), {max(waits):.3f} s (longest); {refused} refused; {await task}"
    )


def _fill(path: Path, n: int, of_one: int, at: int) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.executemany("INSERT INTO sounds VALUES (?, 'b1', ?, ?, ?, ?)", _sounds(n, at))
        database.executemany(
            "INSERT INTO lists (id, person, bundle_id, clip_sha256, request, at)"
            " VALUES (?, ?, 'b1', ?, ?, ?)",
            _lists(n, of_one, at),
        )
        picks = ((it, rank, it % 7_000, 1.0) for it in range(1, n + 1) for rank in range(_PICKS))
        database.executemany(
            "INSERT INTO picks VALUES (?, ?, ?, ?)", ((a, b + 1, c, d) for a, b, c, d in picks)
        )
        database.executemany(
            "INSERT INTO votes VALUES (?, ?, ?, 1, ?)",
            ((it, rank, _person(it + rank), at) for it in range(1, n + 1) for rank in range(2)),
        )
        database.executemany(
            "INSERT INTO messages VALUES ('discord', ?, ?, '1')",
            ((str(1 << 60 | it), it) for it in range(1, n + 1)),
        )
        database.commit()


def _lists(n: int, of_one: int, at: int) -> Iterator[tuple[object, ...]]:
    request = json.dumps(asdict(Request()), default=list)
    for it in range(1, n + 1):
        yield it, ANN if it % n < of_one else _person(it), _clip(it), request, at


def _sounds(n: int, at: int) -> Iterator[tuple[object, ...]]:
    for it in range(1, n + 1):
        yield _clip(it), _DOCUMENT, bytes(32), bytes(160), at


def _clip(number: int) -> str:
    return hashlib.sha256(b"clip %d" % number).hexdigest()


def _person(number: int) -> str:
    return hashlib.sha256(b"person %d" % (number % _PEOPLE)).hexdigest()[:32]


if __name__ == "__main__":
    main()
