"""The service with a real store, real workers and real files; no chat platform."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.app import opened
from bot.config import Settings, read_settings
from bot.core.service import Service
from bot.store.taste import Act
from bot.types import Answer, Heard, LocalFile, PathAnswer, Progress, Refusal
from bot.wording import refusal_sentence
from soundmap.recommendation.request import Request
from tests.helpers.sounds import catalog_of, music, write

T = TypeVar("T")
Lasting = Callable[[Callable[[Service], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = read_settings({"SOUNDMAP_WORKERS": "1"}, tmp_path / ".env")
    return replace(made, database=tmp_path / "soundmap.db")


def run(settings: Settings, work: Callable[[Service], Awaitable[T]]) -> T:
    async def whole() -> T:
        async with opened(settings) as service:
            return await work(service)

    return asyncio.run(asyncio.wait_for(whole(), 60))


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lasting]:
    """One service for what leaves it as it was; only its demo sound is known from before."""
    folder = tmp_path_factory.mktemp("lasting")
    made = read_settings({"SOUNDMAP_WORKERS": "1"}, folder / ".env")
    with asyncio.Runner() as runner:
        context = opened(replace(made, database=folder / "soundmap.db"))
        service = runner.run(context.__aenter__())
        yield lambda work: runner.run(asyncio.wait_for(work(service), 60))
        runner.run(context.__aexit__(None, None, None))


async def answer(service: Service, path: Path, person: str = "ann", **wish: object) -> Answer:
    found = await service.recommend(person, LocalFile(path), replace(Request(), **wish))  # type: ignore[arg-type]
    assert isinstance(found, Answer), found
    return found


def tracks(found: Answer) -> list[int]:
    return [pick.track.track_id for pick in found.recommendation.picks]


def test_a_sound_is_answered_and_the_same_again_without_a_worker(
    settings: Settings, demo: Path, tmp_path: Path
) -> None:
    async def work(service: Service) -> None:
        stages: list[Progress] = []
        first = await service.recommend("ann", LocalFile(demo), Request(), stages.append)
        assert isinstance(first, Answer) and len(tracks(first)) == 5
        assert [stage.stage for stage in stages] == ["fetching", "listening", "comparing"]
        assert first.picture and first.picture.startswith(b"\x89PNG")
        same = tmp_path / "other name.wav"
        same.write_bytes(demo.read_bytes())
        stages.clear()
        again = await service.genre("bob", LocalFile(same), stages.append)
        assert isinstance(again, Heard) and again.picture == first.picture
        assert [stage.stage for stage in stages] == ["fetching"]
        assert b"soundmap_cache_hits_total 1.0" in service.metrics.text()

    run(settings, work)


def test_twenty_people_with_one_sound_need_one_hearing(settings: Settings, demo: Path) -> None:
    async def work(service: Service) -> None:
        asked = [service.genre(f"p{i}", LocalFile(demo)) for i in range(20)]
        heard = await asyncio.gather(*asked)
        assert all(isinstance(one, Heard) for one in heard)
        assert b"soundmap_cache_hits_total 19.0" in service.metrics.text()

    run(settings, work)


def test_a_wrong_file_is_a_value_with_its_name_and_not_where_it_lies(
    lasting: Lasting, tmp_path: Path
) -> None:
    text = tmp_path / "notes.mp3"
    text.write_text("no sound at all")

    async def work(service: Service) -> None:
        refused = await service.genre("ann", LocalFile(text))
        assert isinstance(refused, Refusal) and refused.code == "not_audio"
        missing = await service.genre("ann", LocalFile(Path("nowhere.mp3")))
        assert missing == Refusal("missing_file", {"path": Path("nowhere.mp3")})
        wrong = await service.recommend("ann", LocalFile(text), Request(genre="Polka"))
        assert isinstance(wrong, Refusal) and wrong.code == "unknown_genre"

    lasting(work)


def test_another_five_never_repeats_and_goes_on_after_a_restart(
    settings: Settings, demo: Path
) -> None:
    async def first(service: Service) -> tuple[int, set[int]]:
        found = await answer(service, demo, genre="Rock")
        return found.list_id, set(tracks(found))

    async def more(service: Service) -> None:
        last = list_id
        for _ in range(3):
            found = await service.another("bob", last)
            assert isinstance(found, Answer)
            assert not shown & set(tracks(found))
            assert {pick.track.genre for pick in found.recommendation.picks} == {"Rock"}
            shown.update(tracks(found))
            last = found.list_id

    list_id, shown = run(settings, first)
    run(settings, more)


def test_a_second_tap_gives_the_next_ones(lasting: Lasting, demo: Path) -> None:
    async def work(service: Service) -> None:
        found = await answer(service, demo)
        seen = set(tracks(found))
        for _ in range(3):
            more = await service.another("ann", found.list_id)
            assert isinstance(more, Answer)
            assert not seen & set(tracks(more))
            seen.update(tracks(more))

    lasting(work)


def test_more_like_a_pick_is_about_that_pick(lasting: Lasting, demo: Path) -> None:
    async def work(service: Service) -> None:
        found = await answer(service, demo)
        more = await service.more_like("ann", found.list_id, 2)
        assert isinstance(more, Answer) and more.seed is not None
        assert more.seed.track_id == tracks(found)[1]
        assert not set(tracks(found)) & set(tracks(more))
        assert isinstance(await service.more_like("ann", found.list_id, 6), Refusal)
        assert await service.more_like("ann", 999, 1) == Refusal("unknown_list")

    lasting(work)


def test_why_tells_of_the_same_picks(lasting: Lasting, demo: Path) -> None:
    async def work(service: Service) -> None:
        found = await answer(service, demo)
        why = await service.why(found.list_id)
        assert isinstance(why, Answer)
        again = why.recommendation.picks
        assert [pick.track for pick in again] == [p.track for p in found.recommendation.picks]
        assert again[0].distance == pytest.approx(found.recommendation.picks[0].distance)

    lasting(work)


def test_a_hidden_artist_is_hidden_for_one_person_only(settings: Settings, demo: Path) -> None:
    async def work(service: Service) -> None:
        found = await answer(service, demo)
        artist = found.recommendation.picks[0].track.artist
        assert await service.hide("ann", found.list_id, {0}) == (artist,)
        hers = await answer(service, demo)
        his = await answer(service, demo, "bob")
        assert artist not in {pick.track.artist for pick in hers.recommendation.picks}
        assert tracks(his) == tracks(found)
        assert await service.hide("ann", found.list_id, set()) == ()
        assert tracks(await answer(service, demo)) == tracks(found)

    run(replace(settings, discord_token=""), work)


def test_whom_somebody_hides_is_not_written_into_lists_others_may_use(
    settings: Settings, demo: Path
) -> None:
    async def work(service: Service) -> str:
        found = await answer(service, demo)
        artist = found.recommendation.picks[0].track.artist
        await service.hide("ann", found.list_id, {0})
        await answer(service, demo)
        await service.person.forget("ann")
        return artist

    artist = run(settings, work)
    with sqlite3.connect(settings.database) as database:
        assert artist not in "\n".join(database.iterdump())


def test_an_old_bundles_list_is_not_compared_with_a_new_one(settings: Settings, demo: Path) -> None:
    async def work(service: Service) -> None:
        found = await answer(service, demo)
        service.parts.lists._manifest = replace(service.manifest, id="other-1")
        assert await service.another("ann", found.list_id) == Refusal("other_bundle")
        more = await service.more_like("ann", found.list_id, 1)
        assert isinstance(more, Answer)  # a track of the catalog has its place in every bundle

    run(settings, work)


def test_closing_ends_what_runs_with_a_word(settings: Settings, tmp_path: Path) -> None:
    sounds = [write(tmp_path / f"{i}.wav", music(30, seed=i), 44_100) for i in range(4)]

    async def work(service: Service) -> None:
        async def ask(i: int) -> Heard | Refusal:
            with service.handling():
                return await service.genre(f"p{i}", LocalFile(sounds[i]))

        asked = [asyncio.create_task(ask(i)) for i in range(4)]
        await asyncio.sleep(0.01)
        await service.drain(0)
        ends = await asyncio.gather(*asked)
        assert {end.code for end in ends if isinstance(end, Refusal)} == {"closing"}
        late = await service.genre("late", LocalFile(sounds[0]))
        assert late == Refusal("closing")

    run(settings, work)


def test_health_is_the_truth(settings: Settings) -> None:
    async def work(service: Service) -> None:
        await service.parts.workers.ready()
        assert (await service.health())["ready"] is True
        service.parts.admission.closing = True
        assert (await service.health())["ready"] is False

    run(settings, work)


def test_about_says_the_honest_figure(settings: Settings) -> None:
    async def work(service: Service) -> dict[str, object]:
        return service.about()

    facts = run(settings, work)
    assert facts["accuracy"] == pytest.approx(0.60625) and facts["n"] == 800
    assert facts["chance"] == 0.125


def test_a_servers_taste_is_only_a_prior_and_only_there(settings: Settings, demo: Path) -> None:
    async def work(service: Service) -> None:
        found = await service.recommend("ann", LocalFile(demo), Request(), place="here")
        assert isinstance(found, Answer)
        for rank in range(1, 6):
            assert await service.vote("ann", found.list_id, rank, 1) is True
        service.parts.tastes._priors.clear()  # as after some minutes
        told = await service.parts.store.taste.told("newcomer")
        taste_in = partial(service.parts.tastes.of, told, service.parts.catalogs.own)
        here, elsewhere = [await taste_in(place) for place in ("here", "there")]
        assert len(here.rows) == 5 and not here.own.any() and here.n_votes == 0
        assert len(elsewhere.rows) == 0
        await service.person.switch("ann", False)
        assert len((await taste_in("here")).rows) == 0
        await service.person.switch("ann", True)
        plain = await service.recommend("newcomer", LocalFile(demo), Request(), place="here")
        assert isinstance(plain, Answer) and tracks(plain) == tracks(found)

    run(settings, work)


def test_a_servers_taste_that_was_read_before_a_change_is_not_remembered(
    settings: Settings, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(service: Service) -> None:
        tastes, catalog = service.parts.tastes, service.parts.catalogs.own
        acts_in, has_read = service.parts.store.taste.acts_in, asyncio.Event()
        gone_on = asyncio.Event()

        async def slowly(place: str) -> list[Act]:
            acts = await acts_in(place)
            has_read.set()
            await gone_on.wait()
            return acts

        found = await service.recommend("ann", LocalFile(demo), Request(), place="here")
        assert isinstance(found, Answer)
        assert await service.vote("ann", found.list_id, 1, 1) is True
        told = await service.parts.store.taste.told("newcomer")
        tastes._priors.clear()  # as after some minutes
        monkeypatch.setattr(service.parts.store.taste, "acts_in", slowly)
        reading = asyncio.ensure_future(tastes.of(told, catalog, "here"))
        await has_read.wait()
        await service.person.forget("ann")
        gone_on.set()
        assert len((await reading).rows) == 1
        assert len((await tastes.of(told, catalog, "here")).rows) == 0

    run(settings, work)


def test_an_artist_can_be_hidden_and_a_belief_denied_without_a_vote_being_lost(
    settings: Settings, demo: Path
) -> None:
    async def work(service: Service) -> None:
        found = await answer(service, demo)
        for rank in range(1, 6):
            await service.vote("ann", found.list_id, rank, 1)
        before = await service.person.beliefs("ann")
        assert not isinstance(before, Refusal) and before.n_votes == 5
        genre = before.beliefs.of("genre")[0]
        await service.person.deny("ann", genre.kind, genre.name)
        after = await service.person.beliefs("ann")
        assert not isinstance(after, Refusal)
        assert genre.name not in {belief.name for belief in after.beliefs.of("genre")}
        assert await service.person.summary("ann") == {
            "lists": 1,
            "votes": 5,
            "more_like": 0,
            "hidden_artists": 0,
            "denied_beliefs": 1,
            "taste_settings": 0,
            "mix_sounds": 0,
        }

    run(settings, work)


def test_lists_stay_in_the_catalog_they_began_in(
    settings: Settings, demo: Path, tmp_path: Path
) -> None:
    """The files of a library are named and its tracks never mixed with the archive's."""
    settings = replace(settings, catalogs=tmp_path / "catalogs", discord_token="any", cooldown_s=0)
    catalog_of(tmp_path / "music", tmp_path / "catalogs", 12)
    liked: list[int] = []

    async def first(service: Service) -> int:
        found = await answer(service, demo, catalog="mine")
        assert found.catalog == "mine" and len(tracks(found)) == 5
        liked.extend(tracks(found))
        assert all(track > 2**32 for track in liked)
        files = [pick.track.file for pick in found.recommendation.picks]
        assert all(file.startswith("song ") for file in files)  # not where it lies here
        for rank in range(1, 6):
            assert await service.vote("ann", found.list_id, rank, 1) is True
        return found.list_id

    async def later(service: Service) -> None:
        more = await service.more_like("ann", list_id, 1)
        another = await service.another("ann", list_id)
        why = await service.why(list_id)
        assert isinstance(more, Answer) and isinstance(another, Answer)
        assert isinstance(why, Answer) and more.seed is not None
        assert more.seed.track_id == liked[0] and not set(liked) & set(tracks(another))
        assert [pick.track.track_id for pick in why.recommendation.picks] == liked
        mine = set((await service.parts.catalogs.of("mine")).track_ids.tolist())
        assert {*tracks(more), *tracks(another)} <= mine
        own = await answer(service, demo)
        assert own.catalog == "" and not mine & set(tracks(own))
        guessed = await service.from_taste("ann", Request())
        assert isinstance(guessed, Refusal) and guessed.code == "no_taste"  # of the archive
        taken = await service.from_taste("ann", Request(catalog="mine"))
        assert isinstance(taken, Answer) and set(tracks(taken)) <= mine

    list_id = run(settings, first)
    run(settings, later)


def test_a_server_has_a_catalog_of_its_own(settings: Settings, demo: Path, tmp_path: Path) -> None:
    settings = replace(settings, catalogs=tmp_path / "catalogs")
    catalog_of(tmp_path / "music", tmp_path / "catalogs", 3)

    async def work(service: Service) -> None:
        assert await service.chosen_catalog("here") == ("fma", ["fma", "mine"])
        assert await service.choose_catalog("here", "Mine") == "mine"
        unknown = await service.choose_catalog("here", "yours")
        assert isinstance(unknown, Refusal) and unknown.code == "unknown_catalog"
        for place, wish, catalog in (
            ("here", "", "mine"),
            ("here", "fma", ""),
            ("there", "", ""),
            (None, "", ""),
        ):
            found = await service.recommend(
                "ann", LocalFile(demo), Request(catalog=wish), place=place
            )
            assert isinstance(found, Answer) and found.catalog == catalog

    run(settings, work)


def test_a_catalog_made_anew_is_opened_anew_and_a_stale_one_refused(
    settings: Settings, demo: Path, tmp_path: Path
) -> None:
    settings = replace(settings, catalogs=tmp_path / "catalogs")
    catalog_of(tmp_path / "music", tmp_path / "catalogs", 2)

    async def work(service: Service) -> None:
        assert len(tracks(await answer(service, demo, catalog="mine"))) == 2
        catalog_of(tmp_path / "music", tmp_path / "catalogs", 4)
        assert len(tracks(await answer(service, demo, catalog="mine"))) == 4
        manifest = tmp_path / "catalogs" / "mine" / "catalog.json"
        manifest.write_text(manifest.read_text().replace(service.manifest.id, "other-12345678"))
        stale = await service.recommend("ann", LocalFile(demo), Request(catalog="mine"))
        assert isinstance(stale, Refusal) and stale.code == "other_ears"
        assert "soundmap index --name mine" in refusal_sentence(stale)

    run(settings, work)


def test_an_artist_that_is_hidden_while_the_ends_of_a_path_are_heard_is_not_on_it(
    settings: Settings, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = LocalFile(demo), LocalFile(write(tmp_path / "end.wav", music(4), 44_100))

    async def work(service: Service) -> None:
        async def artists(person: str) -> list[str]:
            found = await service.charts.path(person, ends, Request(), lambda _: None)
            assert isinstance(found, PathAnswer), found
            return [pick.track.artist for pick in found.path.picks]

        hear, (unwanted, *_) = service.parts.hearing.hear, await artists("ann")

        async def hide_and_hear(*asked: Any) -> Heard:
            await service.person.hide("bob", unwanted)
            return await hear(*asked)

        monkeypatch.setattr(service.parts.hearing, "hear", hide_and_hear)
        assert unwanted not in await artists("bob")

    run(settings, work)
