"""Sounds, lists and messages come back as they were kept."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.store.store import Store
from soundmap.recommendation.request import Request
from soundmap.types import Analysis, Window
from tests.helpers.store import ANN, Law, add_list, analysis, keep_list


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


def test_parts_of_one_file_are_sounds_of_their_own(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        windows = (Window(0.5, 3.75), Window(90.0, 3.75))
        whole = replace(analysis(seed=1), windows=windows, duration_s=200.0)
        part = replace(analysis(seed=2), windows=(Window(90.5, 30.0),), duration_s=200.0)
        for sound in (whole, part):
            await store.add_sound(sound)
        for sound in (whole, part):
            found = await store.sound(sound.sound_id, "b1")
            assert found and found.clip_sha256 == "c1"
            assert (found.windows, found.duration_s) == (sound.windows, 200.0)
            np.testing.assert_array_equal(found.embedding, sound.embedding)

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


def test_a_list_comes_back_with_its_picks_by_rank(holds: Callable[[Law], None]) -> None:
    async def law(store: Store) -> None:
        request = Request(count=3, genre="Rock", roam="wide", excluded_tracks=(7, 8))
        request = replace(request, excluded_artists=("Łódź", 'a "b"'))
        list_id = await keep_list(store, ANN, "b1", "c1", 77, request, [30, 10, 20])
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
        list_id = await keep_list(store, ANN, "b1", "", 5, Request(), [])
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


def test_what_was_shown_for_a_sound_is_known_from_a_list_on(tmp_path: Path) -> None:
    async def work() -> None:
        async with Store.open(tmp_path / "soundmap.db") as store:
            lists = []
            for person, tracks in (("ann", [1, 2]), ("ann", [3]), ("bob", [4]), ("ann", [5])):
                lists.append(await keep_list(store, person, "b", "sound", None, Request(), tracks))
            await keep_list(store, "ann", "b", "other sound", None, Request(), [6])
            await keep_list(store, "ann", "b", "", 7, Request(), [8])
            kept = await store.kept_list(lists[1])
            assert kept is not None
            assert sorted(await store.shown_since(kept, "ann")) == [3, 5]
            assert sorted(await store.shown_since(kept, "bob")) == [4]

    asyncio.run(work())
