"""Mixes: several sounds in, one list out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from soundmap.bundle.listener import Listener
from soundmap.catalog.names import name_of
from soundmap.catalog.table import Catalog
from soundmap.errors import BadRequest, BadSound
from soundmap.mix.find import Mix, find_mix
from soundmap.mix.moods import MOST_MOODS, moods_of
from soundmap.paths.find import End
from soundmap.recommendation.request import Request
from soundmap.search.exact import distances_to
from soundmap.wording import error_sentence, note_sentence


def end(listener: Listener, row: int) -> End:
    catalog = listener.catalog
    return End(listener.manifest.analysis_of(catalog, row), catalog.track(row))


def draws(listener: Listener, size: int, n: int = 2) -> list[list[End]]:
    """Some groups of random tracks."""
    audible = np.flatnonzero(listener.catalog.audible)
    rng = np.random.default_rng(11)
    return [
        [end(listener, int(row)) for row in rng.choice(audible, size, replace=False)]
        for _ in range(n)
    ]


def ids(mix: Mix) -> list[int]:
    return [it.pick.track.track_id for it in mix]


def test_one_sound_gives_the_list_of_recommend(listener: Listener) -> None:
    for (seed,) in draws(listener, 1):
        for wishes in ({}, {"roam": "wide"}, {"metric": "cosine"}, {"license": "permissive"}):
            request = Request(count=20, **wishes)  # type: ignore[arg-type]
            found = find_mix([seed], [], listener.catalog, request, same_artists=True)
            plain = listener.recommend(seed.analysis, request)
            assert [it.pick for it in found] == list(plain.picks)


def test_each_pick_is_told_by_the_seed_it_is_nearest_to(listener: Listener) -> None:
    catalog = listener.catalog
    for seeds in draws(listener, 5):
        found = find_mix(seeds, [], catalog, Request(count=20))
        assert len(found.picks) == 20
        assert [it.pick.rank for it in found] == list(range(1, 21))
        for it in found:
            row = catalog.row_of(it.pick.track.track_id)
            points = np.stack([seed.analysis.embedding for seed in seeds]).astype(np.float64)
            distances = np.linalg.norm(points - catalog.points.values[row], axis=1)
            assert it.seed == distances.argmin()
            assert it.pick.distance == pytest.approx(distances.min())


def test_a_sound_that_cannot_be_heard_is_told_and_the_others_stay(
    listener: Listener, demo: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.mp3"
    empty.touch()
    found = listener.mix([empty, demo, "no such track", "141"], without=[str(empty), "2"])
    assert [seed.track and seed.track.track_id for seed in found.seeds] == [None, 141]
    assert [seed.track and seed.track.track_id for seed in found.without] == [2]
    assert len(found.picks) == 5
    said = [note_sentence(note) for note in found.notes]
    assert said[0] == f"{empty} is left out: The file is empty."
    assert said[1].startswith("no such track is left out: There is no file and no track")
    assert len(said) == 3
    assert "빈 파일입니다." in note_sentence(found.notes[0], "ko")


def test_a_sound_to_stay_away_from_is_not_gone_by(listener: Listener, demo: Path) -> None:
    found = listener.mix(["2", demo, "141"], without=[str(demo), "141"])
    assert [seed.track and seed.track.track_id for seed in found.seeds] == [2]
    assert len(found.without) == 2 and len(found.picks) == 5
    said = [note_sentence(note) for note in found.notes]
    why = "A mix cannot go by a sound that it stays away from."
    assert said == [f"{demo} is left out: {why}", f"141 is left out: {why}"]
    assert "피할 소리를" in note_sentence(found.notes[0], "ko")
    with pytest.raises(BadRequest) as alone:
        listener.mix(["2"], without=["2"])
    assert alone.value.code == "mix_both"


def test_where_no_seed_can_be_heard_there_is_one_error(listener: Listener, tmp_path: Path) -> None:
    with pytest.raises(BadRequest) as nothing:
        listener.mix([])
    assert nothing.value.code == "mix_asks"
    with pytest.raises(BadSound) as one:
        listener.mix([tmp_path / "none.mp3"])
    assert one.value.code == "missing_file"
    with pytest.raises(BadSound) as several:
        listener.mix([tmp_path / "none.mp3", "no such track"], without=["2"])
    assert several.value.code == "none_heard"
    assert "there is no file" in str(several.value).casefold()
    said = error_sentence(several.value.code, several.value.facts, "ko")
    assert "파일이 없습니다" in said


def test_neither_the_order_of_the_sounds_nor_saying_one_twice_matters(listener: Listener) -> None:
    catalog, request = listener.catalog, Request(count=30)
    for sounds in draws(listener, 8):
        seeds, without = sounds[:5], sounds[5:]
        found = find_mix(seeds, without, catalog, request)
        turned = find_mix(seeds[::-1], without[::-1], catalog, request)
        twice = find_mix([*seeds, seeds[2], seeds[2]], [*without, without[0]], catalog, request)
        assert ids(found) == ids(turned) == ids(twice)
        assert [seeds[it.seed] for it in found] == [seeds[::-1][it.seed] for it in turned]


def test_no_sound_comes_up_itself_nor_its_artist_unless_wanted(listener: Listener) -> None:
    catalog = listener.catalog
    for sounds in draws(listener, 6):
        seeds, without = sounds[:4], sounds[4:]
        own = {it.track.track_id for it in sounds if it.track}
        artists = {it.track.artist for it in sounds if it.track}
        found = find_mix(seeds, without, catalog, Request(count=50))
        assert not artists & {it.pick.track.artist for it in found}
        every = Request(count=100, genre=sounds[0].analysis.genres[0][0])
        assert not own & set(ids(find_mix(seeds, without, catalog, every, same_artists=True)))
    prolific = end(listener, catalog.row_of(2))
    found = find_mix([prolific], [], catalog, Request(count=100), same_artists=True)
    assert "AWOL" in {it.pick.track.artist for it in found}


def test_no_pick_is_nearer_to_a_sound_to_stay_away_from(listener: Listener) -> None:
    catalog, request = listener.catalog, Request(count=50)
    for sounds in draws(listener, 4):
        seeds, without = sounds[:2], sounds[2:]
        for pick in find_mix(seeds, without, catalog, request):
            row = catalog.row_of(pick.pick.track.track_id)
            points = np.stack([it.analysis.embedding for it in sounds]).astype(np.float64)
            distances = np.linalg.norm(points - catalog.points.values[row], axis=1)
            assert distances[:2].min() < distances[2:].min()


def test_filters_hold_and_what_leaves_little_is_said(listener: Listener) -> None:
    catalog, (sounds, *_) = listener.catalog, draws(listener, 3)
    few = Request(count=100, genre="Folk", tempo_bpm=(60.0, 70.0))
    found = find_mix(sounds, [], catalog, few)
    assert 0 < len(found.picks) < 100
    assert {it.pick.track.genre for it in found} == {"Folk"}
    assert all(60 <= it.pick.track.traits.tempo_bpm <= 70 for it in found)
    said = note_sentence(found.notes[-1])
    assert "genre Folk" in said
    assert "by no artist of these sounds" in said


def test_an_empty_mix_says_that_it_is_all_away(listener: Listener) -> None:
    seed = end(listener, 100)
    found = find_mix([seed], [seed], listener.catalog, Request())
    assert found.picks == ()
    (note,) = found.notes
    assert note_sentence(note).startswith("Nothing is left that passes: nearer to your sounds")
    assert "피할 소리보다" in note_sentence(note, "ko")


def test_a_list_in_turn_has_a_pick_near_every_mood(listener: Listener) -> None:
    catalog = listener.catalog
    genres = np.array(catalog.columns["genre"])
    rng = np.random.default_rng(3)
    rows = [*rng.choice(np.flatnonzero(genres == "Folk"), 15, replace=False)]
    rows += [*rng.choice(np.flatnonzero(genres == "Electronic"), 3, replace=False)]
    seeds = [end(listener, int(row)) for row in rows]
    points = np.stack([it.analysis.embedding for it in seeds])
    near = np.stack([distances_to(catalog.points.values, it) for it in points], axis=1)
    between = np.stack([distances_to(points, it) for it in points])
    parts = moods_of(between, near)
    assert sorted(it for part in parts for it in part) == list(range(18))
    assert 1 < len(parts) <= MOST_MOODS
    found = find_mix(seeds, [], catalog, Request(count=len(parts)), in_turn=True)
    assert [any(it.seed in part for it in found) for part in parts] == [True] * len(parts)
    turned = find_mix(seeds[::-1], [], catalog, Request(count=30), in_turn=True)
    assert ids(turned) == ids(find_mix(seeds, [], catalog, Request(count=30), in_turn=True))


def test_one_mood_in_turn_is_the_mix_itself(listener: Listener) -> None:
    for (seed,) in draws(listener, 1, 2):
        plain = find_mix([seed], [], listener.catalog, Request(count=20))
        assert (
            find_mix([seed, seed], [], listener.catalog, Request(count=20), in_turn=True).picks
            == plain.picks
        )


def part_of(catalog: Catalog, rows: Sequence[int]) -> Catalog:
    """Another catalog: some tracks of one."""
    columns = {name: tuple(cells[row] for row in rows) for name, cells in catalog.columns.items()}
    return Catalog(catalog.points.values[rows], catalog.probabilities[rows], columns)


def test_a_track_that_only_the_shipped_catalog_has_is_a_sound_for_another(
    listener: Listener,
) -> None:
    whole = listener.catalog
    artists = whole.artists.tolist()
    name = next(it for it in artists if artists.count(it) > 3 and not it.startswith("\n"))
    first, *theirs = np.flatnonzero(whole.artists == name).tolist()
    others = np.flatnonzero(whole.audible & (whole.artists != name))[:40].tolist()
    mine, track = part_of(whole, sorted([*theirs, *others])), whole.track(first)
    for called in (str(track.track_id), f"#{track.track_id}", name_of(track)):
        found = listener.mix([called], catalog=mine, count=10)
        assert found.seeds[0].track == track and len(found.picks) == 10
        assert all(it.pick.track.artist.casefold() != name for it in found)  # by name, too
        assert not found.notes
        let_in = listener.mix([called], catalog=mine, same_artists=True, count=50)
        assert {whole.track(row).track_id for row in theirs} & {*ids(let_in)}
        way = listener.path(called, str(mine.track_ids[0]), 2, mine)
        assert way.start.track == track and len(way.picks) == 2
        assert all(it.track.artist.casefold() != name for it in way.picks)
    with pytest.raises(BadRequest) as error:
        listener.mix(["no such thing at all"], catalog=mine)
    assert error.value.code == "unknown_track"
