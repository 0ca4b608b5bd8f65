"""Mixes through the service, with real workers and a real store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from bot.app import opened
from bot.config import Settings, read_settings
from bot.core.mixes import Gathered
from bot.core.service import Service, unwatched
from bot.types import Answer, Link, LocalFile, Named, PathAnswer, PathEnd, Progress, Refusal
from soundmap.catalog.names import name_of
from soundmap.recommendation.request import Request
from soundmap.search.exact import distances_to
from tests.helpers.sounds import catalog_of, music, write

T = TypeVar("T")
Lasting = Callable[[Callable[[Service], Awaitable[None]]], None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = read_settings({"SOUNDMAP_WORKERS": "1"}, tmp_path / ".env")
    return replace(made, database=tmp_path / "soundmap.db", cooldown_s=0)


def run(settings: Settings, work: Callable[[Service], Awaitable[T]]) -> T:
    async def whole() -> T:
        async with opened(settings) as service:
            return await work(service)

    return asyncio.run(asyncio.wait_for(whole(), 120))


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lasting]:
    """One service for all that gather in channels of their own."""
    folder = tmp_path_factory.mktemp("lasting")
    made = read_settings({"SOUNDMAP_WORKERS": "1"}, folder / ".env")
    made = replace(made, database=folder / "soundmap.db", cooldown_s=0)
    with asyncio.Runner() as runner:
        context = opened(made)
        service = runner.run(context.__aenter__())
        yield lambda work: runner.run(asyncio.wait_for(work(service), 120))
        runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> list[LocalFile]:
    folder = tmp_path_factory.mktemp("sounds")
    made = [write(folder / f"{n}.wav", music(6, seed=n), 44_100) for n in range(2)]
    return [LocalFile(path) for path in made]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> LocalFile:
    path = tmp_path_factory.mktemp("broken") / "notes.mp3"
    path.write_text("no sound at all")
    return LocalFile(path)


def tracks_of(service: Service, *rows: int) -> list[Named]:
    ids = service.parts.catalogs.own.track_ids
    return [Named(f"#{ids[row]}") for row in rows]


async def mix(
    service: Service,
    near: Sequence[PathEnd],
    away: Sequence[PathEnd] = (),
    person: str = "ann",
    channel: str = "c",
    **wish: object,
) -> Answer | Refusal:
    request = replace(Request(), **wish)  # type: ignore[arg-type]
    return await service.mixes.of(person, channel, near, away, request, unwatched)


async def mixed(service: Service, *near: PathEnd, **how: object) -> Answer:
    found = await mix(service, near, **how)  # type: ignore[arg-type]
    assert isinstance(found, Answer), found
    return found


def ids(found: Answer) -> list[int]:
    return [pick.track.track_id for pick in found.recommendation.picks]


def letters(found: Answer) -> list[object]:
    assert all(it.reasons[0].kind == "nearest_sound" for it in found.recommendation.picks)
    return [it.reasons[0].facts["letter"] for it in found.recommendation.picks]


# ---------------------------------------------------------------------- lists


def test_each_pick_names_the_sound_it_is_nearest_to(
    lasting: Lasting, sounds: list[LocalFile]
) -> None:
    async def work(service: Service) -> None:
        track = tracks_of(service, 1_000)[0]
        found = await mixed(service, sounds[0], sounds[1], track, count=10)
        assert len(ids(found)) == 10 and len(found.sounds) == 3
        catalog = service.parts.catalogs.own
        for pick, letter in zip(found.recommendation.picks, letters(found), strict=True):
            point = catalog.points.values[[catalog.row_of(pick.track.track_id)]]
            away = [float(distances_to(point, it.analysis.embedding)[0]) for it in found.sounds]
            assert "ABC"[int(np.argmin(away))] == letter
            assert pick.distance == pytest.approx(min(away)) and len(pick.reasons) > 1
        assert found.sounds[2].name == name_of(catalog.track(1_000))

    lasting(work)


def test_one_that_is_refused_is_named_and_does_not_lose_the_others(
    lasting: Lasting, sounds: list[LocalFile], broken: LocalFile
) -> None:
    async def work(service: Service) -> None:
        found = await mixed(service, sounds[0], broken, Named("no such track anywhere"))
        assert len(ids(found)) == 5 and len(found.sounds) == 1
        why = [(name, refusal.code) for name, refusal in found.left_out]
        assert why == [("notes.mp3", "not_audio"), ("no such track anywhere", "unknown_track")]
        alone = await mix(service, [broken])
        assert isinstance(alone, Refusal) and alone.code == "not_audio"
        none = await mix(service, [broken, Named("no such track anywhere")], [sounds[0]])
        assert isinstance(none, Refusal) and none.code == "none_of_these"
        assert [name for name, _ in none.left_out] == ["notes.mp3", "no such track anywhere"]

    lasting(work)


def test_a_sound_to_stay_away_from_is_left_out_and_the_others_stay(
    lasting: Lasting, sounds: list[LocalFile]
) -> None:
    async def work(service: Service) -> None:
        first, second = tracks_of(service, 5, 905)
        found = await mixed(service, sounds[0], first, second, away=[first, sounds[0]])
        assert [(it.track_id is None, it.is_away) for it in found.sounds] == [
            (False, False),
            (False, True),
            (True, True),
        ]
        assert [it.code for _, it in found.left_out] == ["mix_both", "mix_both"]
        assert len(found.recommendation.picks) == 5
        assert await mix(service, [first], [first]) == Refusal("mix_both")
        await service.mixes.add("ann", "both", [first, second], unwatched)
        gathered = await mix(service, [], [second], channel="both")
        assert isinstance(gathered, Answer) and len(gathered.left_out) == 1

    lasting(work)


def test_the_same_sound_twice_is_one(lasting: Lasting, tmp_path: Path, demo: Path) -> None:
    same = tmp_path / "another name.wav"
    same.write_bytes(demo.read_bytes())

    async def work(service: Service) -> None:
        found = await mixed(service, LocalFile(demo), LocalFile(same), *tracks_of(service, 7, 7))
        assert len(found.sounds) == 2

    lasting(work)


def test_five_are_the_most_and_a_sixth_says_so(lasting: Lasting) -> None:
    async def work(service: Service) -> None:
        assert await mix(service, tracks_of(service, *range(0, 600, 100))) == Refusal(
            "mix_too_many", {"most": 5, "count": 6}
        )
        six = tracks_of(service, *range(0, 600, 100))
        for at, track in enumerate(six[:5], start=1):
            found = await service.mixes.add("ann", "five", [track], unwatched)
            assert isinstance(found, Gathered) and len(found.sounds) == at
        full = Refusal("mix_full", {"most": 5})
        assert await service.mixes.add("ann", "five", [six[5]], unwatched) == full
        again = await mixed(service, *six[:5], *six[:5])
        assert len(again.sounds) == 5
        many = await service.mixes.add("ann", "many", six, unwatched)
        assert isinstance(many, Gathered) and (many.added, many.over) == (5, 1)

    lasting(work)


def test_what_is_refused_or_there_already_takes_no_room(
    lasting: Lasting, broken: LocalFile
) -> None:
    async def work(service: Service) -> None:
        six, gone = tracks_of(service, *range(0, 600, 100)), LocalFile(Path("gone.mp3"))
        given: list[PathEnd] = [broken, six[0], gone, six[0], *six[1:]]
        found = await service.mixes.add("ann", "room", given, unwatched)
        assert isinstance(found, Gathered)
        assert (found.added, found.known, found.over, len(found.left_out)) == (5, 1, 1, 2)
        assert len(found.sounds) == 5

    lasting(work)


def test_links_of_one_site_are_told_apart_where_they_are_left_out(lasting: Lasting) -> None:
    async def work(service: Service) -> None:
        links = [Link(f"https://sound.invalid/{it}.mp3") for it in "ab"]
        found = await mixed(service, links[0], *tracks_of(service, 3), links[1])
        assert [name for name, _ in found.left_out] == ["sound.invalid (1)", "sound.invalid (2)"]
        alone = await mixed(service, links[0], *tracks_of(service, 3))
        assert [name for name, _ in alone.left_out] == ["sound.invalid"]

    lasting(work)


def test_what_is_hidden_or_rejected_never_comes(lasting: Lasting) -> None:
    async def work(service: Service) -> None:
        near = tracks_of(service, 30, 4_000)
        first = await mixed(service, *near, person="hider")
        for pick in first.recommendation.picks[:2]:
            await service.person.hide("hider", pick.track.artist)
        again = await mixed(service, *near, person="hider")
        gone = {pick.track.artist for pick in first.recommendation.picks[:2]}
        assert not gone & {pick.track.artist for pick in again.recommendation.picks}
        assert await service.vote("hider", again.list_id, 0, -1)
        third = await mixed(service, *near, person="hider")
        assert len(ids(third)) == 5 and not set(ids(again)) & set(ids(third))

    lasting(work)


def test_what_is_without_stays_away(lasting: Lasting) -> None:
    async def work(service: Service) -> None:
        near, away = tracks_of(service, 30), tracks_of(service, 4_000)
        found = await mixed(service, *near, away=away, count=10)
        theirs = found.sounds[1]
        assert theirs.is_away and len(ids(found)) == 10
        points = service.parts.catalogs.own
        for pick in found.recommendation.picks:
            place = points.points.values[[points.row_of(pick.track.track_id)]]
            assert pick.distance < distances_to(place, theirs.analysis.embedding)[0]

    lasting(work)


def test_the_buttons_of_a_mix_go_on_after_a_restart(
    settings: Settings, sounds: list[LocalFile]
) -> None:
    async def first(service: Service) -> tuple[Answer, int]:
        return await mixed(service, sounds[0], *tracks_of(service, 1_000)), 0

    found, _ = run(settings, first)

    async def later(service: Service) -> None:
        why = await service.why(found.list_id)
        assert not isinstance(why, Refusal)
        told = [(it.track.track_id, it.distance, it.reasons[0]) for it in why.recommendation.picks]
        before = found.recommendation.picks
        assert told == [(it.track.track_id, it.distance, it.reasons[0]) for it in before]
        seen = set(ids(found))
        for _ in range(3):
            more = await service.another("ann", found.list_id)
            assert isinstance(more, Answer) and len(more.sounds) == 2 and len(ids(more)) == 5
            assert letters(more) and not seen & set(ids(more))
            seen |= set(ids(more))
        like = await service.more_like("ann", found.list_id, 2)
        assert isinstance(like, Answer) and like.sounds == () and like.seed
        own = service.parts.catalogs.own.track_ids[1_000]
        assert own not in ids(like)
        named = await service.artists("ann", found.list_id)
        assert not isinstance(named, Refusal) and len(named) == 5
        credit = await service.last("ann", 1)
        assert not isinstance(credit, Refusal)

    run(settings, later)


def test_a_list_keeps_no_name_of_what_was_posted(settings: Settings, tmp_path: Path) -> None:
    secret = write(tmp_path / "my private demo.wav", music(6, seed=5), 44_100)

    async def work(service: Service) -> None:
        found = await mixed(service, LocalFile(secret), *tracks_of(service, 5))
        assert found.sounds[0].name == "my private demo.wav"
        await service.parts.store.backup(tmp_path / "copy.db")

    run(settings, work)
    assert b"my private demo" not in (tmp_path / "copy.db").read_bytes()


def test_a_clean_list_names_no_strong_sound(lasting: Lasting, tmp_path: Path) -> None:
    strong = write(tmp_path / "fuck this.wav", music(6, seed=5), 44_100)

    async def work(service: Service) -> None:
        loud = await mixed(service, LocalFile(strong))
        assert loud.sounds[0].name == "fuck this.wav"
        found = await mixed(service, LocalFile(strong), clean=True)
        assert found.sounds[0].name == ""

    lasting(work)


# ---------------------------------------------------------------------- gathering


def test_what_is_gathered_is_mixed_and_cleared(
    lasting: Lasting, sounds: list[LocalFile], broken: LocalFile
) -> None:
    async def work(service: Service) -> None:
        stages: list[Progress] = []
        assert await mix(service, [], channel="g") == Refusal("mix_empty")
        assert await service.mixes.shown("ann", "g") == Refusal("mix_empty")
        made = await service.mixes.add("ann", "g", [sounds[0], broken], stages.append)
        assert isinstance(made, Gathered) and made.added == 1
        assert [name for name, _ in made.left_out] == ["notes.mp3"]
        assert {(it.number, it.of) for it in stages} == {(1, 2), (2, 2)}
        again = await service.mixes.add("ann", "g", [sounds[0]], unwatched)
        assert isinstance(again, Gathered) and (again.added, again.known) == (0, 1)
        listed = await mixed(service, *tracks_of(service, 40))
        picked = await service.mixes.add_picks("ann", "g", listed.list_id, [1, 3])
        assert isinstance(picked, Gathered) and picked.added == 2
        found = await mixed(service, channel="g")
        assert len(found.sounds) == 3 and len(ids(found)) == 5
        assert found.sounds[0].name == "0.wav"
        assert not {ids(listed)[0], ids(listed)[2]} & set(ids(found))
        theirs = await mix(service, [], person="bob", channel="g")
        assert theirs == Refusal("mix_empty")
        assert await service.mixes.clear("ann", "g") == 3
        assert await mix(service, [], channel="g") == Refusal("mix_empty")

    lasting(work)


def test_a_pick_of_a_list_that_is_gone_or_never_was_is_refused(lasting: Lasting) -> None:
    async def work(service: Service) -> None:
        listed = await mixed(service, *tracks_of(service, 40))
        for list_id, rank, code in (
            (listed.list_id, 6, "no_such_pick"),
            (listed.list_id, 0, "no_such_pick"),
            (listed.list_id + 1, 1, "unknown_list"),
            (10**30, 1, "unknown_list"),
        ):
            found = await service.mixes.add_picks("ann", "gone", list_id, [rank])
            assert isinstance(found, Refusal) and found.code == code
        assert await service.mixes.shown("ann", "gone") == Refusal("mix_empty")

    lasting(work)


def test_two_presses_at_once_add_one_sound(lasting: Lasting) -> None:
    async def work(service: Service) -> None:
        listed = await mixed(service, *tracks_of(service, 40))
        await asyncio.gather(
            *[service.mixes.add_picks("ann", "twice", listed.list_id, [2]) for _ in range(5)]
        )
        found = await service.mixes.shown("ann", "twice")
        assert isinstance(found, Gathered) and len(found.sounds) == 1

    lasting(work)


def test_a_shipped_track_is_a_sound_for_music_of_ones_own(
    settings: Settings, tmp_path: Path
) -> None:
    settings = replace(settings, catalogs=tmp_path / "catalogs")
    catalog_of(tmp_path / "music", tmp_path / "catalogs", 6)

    async def work(service: Service) -> None:
        found = await mixed(service, Named("AWOL - Food"), Named("#141"), catalog="mine")
        known = [(it.name, it.catalog, it.track_id) for it in found.sounds]
        assert known[0] == ("AWOL - Food", "", 2) and known[1][1:] == ("", 141)
        assert found.recommendation.picks and all(it > 2**32 for it in ids(found))
        again = await service.another("ann", found.list_id)
        assert isinstance(again, Answer) and again.sounds[0].name == "AWOL - Food"
        ends = Named("#2"), Named("#141")
        way = await service.charts.path("ann", ends, Request(1, catalog="mine"), unwatched)
        assert isinstance(way, PathAnswer) and way.names[0] == "AWOL - Food"
        offered = await service.charts.tracks_like("food", 25, "mine")
        assert isinstance(offered, list) and 2 in [it.track_id for it in offered]

    run(settings, work)
