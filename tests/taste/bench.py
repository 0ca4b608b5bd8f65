"""What taste costs with 1,000 people and 100 votes each: ``python -m tests.taste.bench``.

Prints the size of the database and, for 200 of these people, how long their taste and their list
take, beside the plain list for the same sounds in the same run.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bot.core.tastes import Tastes
from bot.store.store import Store
from soundmap.bundle.listener import Listener
from soundmap.recommendation.nearest import Neighborhood, recommend
from soundmap.recommendation.request import Request
from soundmap.taste.lists import personal

PEOPLE, LISTS, PICKS, ASKED = 1_000, 20, 5, 200
DAY_SECONDS = 86_400


def fill(database: Path, track_ids: list[int], rng: np.random.Generator) -> None:
    """Lists of five for everybody, each pick of them voted for."""
    now = int(time.time())
    with sqlite3.connect(database) as connection:
        for person in range(PEOPLE):
            for _ in range(LISTS):
                at = now - int(rng.integers(0, 60 * DAY_SECONDS))
                row = (f"{person:032x}", "overview", "", 2, "{}", "server", "plain", at)
                list_id = connection.execute(
                    "INSERT INTO lists (person, bundle_id, clip_sha256, seed_track_id, request,"
                    " place, rung, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                ).lastrowid
                chosen = rng.choice(track_ids, PICKS, replace=False)
                picks = [(list_id, rank + 1, int(chosen[rank]), 1.0) for rank in range(PICKS)]
                connection.executemany("INSERT INTO picks VALUES (?, ?, ?, ?)", picks)
                votes = [(list_id, rank + 1, f"{person:032x}", 1, at) for rank in range(PICKS)]
                connection.executemany("INSERT INTO votes VALUES (?, ?, ?, ?, ?)", votes)
        connection.execute("COMMIT") if connection.in_transaction else None


def timed_ms(work: Callable[[], object]) -> float:
    """How long a call takes, in ms."""
    started = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - started)


async def main() -> None:
    """Fills a database, asks, prints."""
    listener, rng = Listener(), np.random.default_rng(0)
    catalog, manifest = listener.catalog, listener.manifest
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "soundmap.db"
        async with Store.open(database):
            pass
        fill(database, [int(track_id) for track_id in catalog.track_ids], rng)
        print(f"database: {database.stat().st_size / 1e6:.1f} MB, {PEOPLE * LISTS * PICKS:,} votes")
        async with Store.open(database) as store:
            tastes = Tastes(store)
            told = await store.taste.told("0" * 32)
            await tastes.of(
                told, catalog, "server"
            )  # the server's own taste is looked up now and then
            plain_ms, known_ms, list_ms = [], [], []
            for person in range(ASKED):
                sound = manifest.analysis_of(catalog, int(rng.integers(len(catalog))))
                plain_ms.append(timed_ms(lambda: recommend(sound, catalog, Request())))  # noqa: B023
                started = time.perf_counter()
                told = await store.taste.told(f"{person:032x}")
                taste = await tastes.of(told, catalog, "server")
                known_ms.append(1_000 * (time.perf_counter() - started))
                list_ms.append(
                    timed_ms(
                        lambda: personal(
                            Neighborhood.around(sound, catalog, Request()),  # noqa: B023
                            taste,  # noqa: B023
                            0,
                        )
                    )
                )
    for what, values in (
        ("plain list", plain_ms),
        ("taste from the votes", known_ms),
        ("list by taste", list_ms),
        ("taste step (both, less the plain list)", np.add(known_ms, list_ms) - plain_ms),
    ):
        print(
            f"{what}: median {np.median(values):.1f} ms, 95 % under {np.quantile(values, 0.95):.1f}"
        )


if __name__ == "__main__":
    asyncio.run(main())
