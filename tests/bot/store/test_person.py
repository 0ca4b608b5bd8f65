"""What is kept about a person is handed over, and deleted to the last byte."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.store.store import Store
from bot.types import Kept
from soundmap.recommendation.request import Request
from soundmap.types import ByTaste
from tests.helpers.store import (
    ANN,
    BOB,
    DAY,
    Clock,
    Law,
    add_list,
    analysis,
    cells,
    keep_list,
    raw_bytes,
    votes,
)
from tests.recommendation.test_recommend import catalog


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
        counts |= {"denied_beliefs": 0, "taste_settings": 0, "mix_sounds": 0}
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
            "mix_sounds": 0,
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
        assert left == {"pulse", "sqlite_sequence", "hidden_artists", "upkeep"}

    holds(law)


def test_why_taste_put_a_pick_there_is_kept_handed_over_and_forgotten(
    holds: Callable[[Law], None],
) -> None:
    by_taste = (None, ByTaste("liked_before", 7), ByTaste("guess"))

    async def law(store: Store) -> None:
        kept = Kept(ANN, None, Request(), catalog())
        ids = [
            await store.add_list(kept, "b1", "c1", [30, 10, 20], by_taste=by_taste)
            for _ in range(2)
        ]
        for list_id in ids:
            found = await store.kept_list(list_id)
            assert found and found.by_taste == by_taste
        first, _ = (await store.export(ANN))["lists"]
        assert first["by_taste"] == [None, "liked_before", "guess"]
        assert first["liked_track_ids"] == [None, 7, None]
        await store.vote(ids[0], 1, BOB, 1)
        await store.forget(ANN)
        left = await store.kept_list(ids[0])
        assert left and left.person is None and not any(left.by_taste)

    holds(law)


def test_a_reset_forgets_why_taste_put_picks_there(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        lists = {}
        for person in (ANN, BOB):
            kept, by_taste = Kept(person, None, Request(), catalog()), [ByTaste("liked_before", 7)]
            lists[person] = await store.add_list(kept, "b1", "c1", [30], by_taste=by_taste)
        await store.taste.reset(ANN)
        hers, his = [await store.kept_list(lists[person]) for person in (ANN, BOB)]
        assert hers and his and not any(hers.by_taste) and any(his.by_taste)

    holds(law)


def test_forgetting_one_person_takes_no_signal_from_another(tmp_path: Path) -> None:
    async def work() -> None:
        async with Store.open(tmp_path / "soundmap.db") as store:
            kept = await keep_list(store, "ann", "b", "s", None, Request(), [7, 8])
            await store.more_like(kept, 1, "bob")
            await store.forget("ann")
            assert (await store.summary("bob"))["more_like"] == 1

    asyncio.run(work())
