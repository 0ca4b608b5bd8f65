"""Votes, tastes, hidden artists and what else people decide."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.store.store import Store
from soundmap.recommendation.request import Request
from tests.helpers.store import ANN, BOB, Clock, Law, add_list, keep_list, query, votes


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


def test_what_somebody_did_is_told_as_acts(tmp_path: Path) -> None:
    async def work() -> None:
        async with Store.open(tmp_path / "soundmap.db", now=lambda: 100.0) as store:
            first = await keep_list(
                store, "ann", "b", "s", None, Request(), [7, 8, 9], place="here"
            )
            second = await keep_list(store, "bob", "b", "s", None, Request(), [4, 5])
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


def test_a_clip_that_is_heard_after_all_is_pardoned(tmp_path: Path) -> None:
    async def work() -> None:
        async with Store.open(tmp_path / "soundmap.db") as store:
            await store.add_kill("a")
            await store.add_kill("b")
            await store.pardon("a")
            assert (await store.kills("a"), await store.kills("b")) == (0, 1)

    asyncio.run(work())


def test_a_clip_may_try_again_a_day_later(tmp_path: Path) -> None:
    async def work() -> None:
        clock = [0.0]
        async with Store.open(
            tmp_path / "soundmap.db", now=lambda: clock[0], elapsed=lambda: clock[0]
        ) as store:
            assert [await store.add_kill("a") for _ in range(2)] == [1, 2]
            clock[0] = 90_000.0
            assert await store.kills("a") == 0
            assert await store.add_kill("a") == 1

    asyncio.run(work())
