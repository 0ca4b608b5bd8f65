"""Mixes that are gathered: one per person and channel, for an hour; and the lists made of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from bot.store.store import Store
from bot.types import Kept, MixSound
from soundmap.recommendation.request import Request
from tests.helpers.store import ANN, BOB, DAY, Clock, Law, analysis, query, raw_bytes
from tests.recommendation.test_recommend import catalog

HOUR = 3_600
SONG = MixSound(analysis("song"), "a song.mp3")
TRACK = MixSound(analysis("", seed=2), "AWOL - Food", "", 2)


def names(sounds: tuple[MixSound, ...]) -> list[str]:
    return [it.name for it in sounds]


def test_a_mix_is_one_persons_in_one_channel_and_survives_a_restart(
    path: Path, clock: Clock
) -> None:
    async def law() -> None:
        async with Store.open(path, now=clock, elapsed=clock) as store:
            await store.mixes.change(ANN, "here", "b1", lambda _: (SONG, TRACK))
        async with Store.open(path, now=clock, elapsed=clock) as store:
            first, second = await store.mixes.of(ANN, "here", "b1")
            assert (first.name, first.track_id) == ("a song.mp3", None)
            assert first.analysis.embedding.tolist() == SONG.analysis.embedding.tolist()
            assert (second.name, second.catalog, second.track_id) == ("AWOL - Food", "", 2)
            for elsewhere in ((BOB, "here", "b1"), (ANN, "there", "b1"), (ANN, "here", "b2")):
                assert await store.mixes.of(*elsewhere) == ()

    asyncio.run(law())


def test_any_name_is_kept_within_a_bound(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        names = ("\ud800\udcff.mp3", "노" * 5_000, "\x00'; --", "")
        sounds = tuple(MixSound(analysis(str(at)), name) for at, name in enumerate(names))
        await store.mixes.change(ANN, "here", "b1", lambda _: sounds)
        kept = [it.name for it in await store.mixes.of(ANN, "here", "b1")]
        assert kept == ["??.mp3", "노" * 200, "\x00'; --", ""]
        assert json.dumps(await store.export(ANN), ensure_ascii=False).encode()

    holds(law)


def test_many_at_once_lose_nothing(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        def more(before: tuple[MixSound, ...]) -> tuple[MixSound, ...]:
            return (*before, SONG)

        await asyncio.gather(*[store.mixes.change(ANN, "here", "b1", more) for _ in range(20)])
        assert len(await store.mixes.of(ANN, "here", "b1")) == 20

    holds(law)


def test_it_lasts_an_hour_after_the_last_change(holds: Callable[[Law], None], clock: Clock) -> None:
    async def law(store: Store) -> None:
        await store.mixes.change(ANN, "here", "b1", lambda _: (SONG,))
        clock.at += HOUR - 60
        _, after = await store.mixes.change(ANN, "here", "b1", lambda it: (*it, TRACK))
        assert len(after) == 2
        clock.at += HOUR - 60
        assert len(await store.mixes.of(ANN, "here", "b1")) == 2
        clock.at += 120
        assert await store.mixes.of(ANN, "here", "b1") == ()
        before, _ = await store.mixes.change(ANN, "here", "b1", lambda it: (*it, TRACK))
        assert before == ()

    holds(law)


def test_an_old_one_is_deleted_with_its_bytes_but_not_by_a_clock_that_was_set(
    path: Path, clock: Clock
) -> None:
    elapsed = Clock()

    async def law() -> None:
        async with Store.open(path, now=clock, elapsed=elapsed) as store:
            await store.mixes.change(ANN, "here", "b1", lambda _: (SONG,))
            clock.at += 400 * DAY
            assert await store.prune(DAY) == 0
            clock.at -= 400 * DAY
            assert await store.prune(DAY) == 0 and b"a song.mp3" in raw_bytes(path)
            for passing in (clock, elapsed):
                passing.at += DAY + 1
            await store.prune(DAY)
        assert b"a song.mp3" not in raw_bytes(path)

    asyncio.run(law())


def test_it_is_exported_counted_and_forgotten(path: Path, holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        await store.mixes.change(ANN, "here", "b1", lambda _: (SONG, TRACK))
        await store.mixes.change(BOB, "here", "b1", lambda _: (TRACK,))
        kept = await store.export(ANN)
        assert json.loads(json.dumps(kept)) == kept
        told = [(it["channel"], it["name"], it["track_id"]) for it in kept["mix_sounds"]]
        assert told == [("here", "a song.mp3", None), ("here", "AWOL - Food", 2)]
        assert (await store.summary(ANN))["mix_sounds"] == 2
        assert (await store.forget(ANN))["mix_sounds"] == 2
        assert await store.mixes.of(ANN, "here", "b1") == ()
        assert names(await store.mixes.of(BOB, "here", "b1")) == ["AWOL - Food"]
        assert b"a song.mp3" not in raw_bytes(path)

    holds(law)


def test_a_list_keeps_the_sounds_of_its_mix_until_it_is_deleted(
    path: Path, holds: Callable[[Law], None]
) -> None:
    async def law(store: Store) -> None:
        far = MixSound(analysis("far", seed=3), "", is_away=True)
        kept = Kept(ANN, None, Request(), catalog(), None)
        made = await store.add_list(kept, "b1", "mix 1", [30, 10], sounds=(SONG, TRACK, far))
        found = await store.kept_list(made)
        assert found and [it.is_away for it in found.sounds] == [False, False, True]
        assert [it.track_id for it in found.sounds] == [None, 2, None]
        exported = (await store.export(ANN))["lists"][0]["sounds"]
        assert [it["clip_sha256"] for it in exported] == ["song", "", "far"]
        await store.forget(ANN)
        assert query(path, "SELECT count(*) FROM list_sounds") == [(0,)]

    holds(law)
