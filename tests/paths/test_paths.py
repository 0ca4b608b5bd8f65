"""Paths from one sound to another, and tracks by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from soundmap.bundle.listener import Listener
from soundmap.catalog.names import name_of, rows_like, track_named
from soundmap.catalog.table import Catalog
from soundmap.errors import BadRequest
from soundmap.lab.evaluation.paths import compare_paths
from soundmap.paths.chain import Field, smoothest, straight
from soundmap.paths.find import MOST_BETWEEN, End, SoundPath, find_path
from soundmap.recommendation.request import Request
from soundmap.search.exact import distances_to
from tests.helpers.cli import answer, run
from tests.recommendation import test_recommend as small


def end(listener: Listener, row: int) -> End:
    catalog = listener.catalog
    return End(listener.manifest.analysis_of(catalog, row), catalog.track(row))


def path(listener: Listener, first: int, last: int, **wishes: object) -> SoundPath:
    request = Request(**{"count": 8, **wishes})  # type: ignore[arg-type]
    ends = end(listener, first), end(listener, last)
    return find_path(*ends, listener.catalog, request)


def pairs(listener: Listener, n: int) -> list[tuple[int, int]]:
    audible = np.flatnonzero(listener.catalog.audible)
    rng = np.random.default_rng(7)
    return [tuple(map(int, rng.choice(audible, 2, replace=False))) for _ in range(n)]  # type: ignore[misc]


def test_a_path_leads_from_its_start_to_its_end_and_tells_each_step(listener: Listener) -> None:
    catalog = listener.catalog
    for first, last in pairs(listener, 6):
        found = path(listener, first, last)
        rows = [first, *(catalog.row_of(pick.track.track_id) for pick in found.picks), last]
        stops = catalog.points.values[rows].astype(np.float64)
        apart = np.linalg.norm(np.diff(stops, axis=0), axis=1)
        assert found.steps == pytest.approx(apart.tolist())
        assert [pick.rank for pick in found.picks] == list(range(1, 9))
        assert found.smoothness == pytest.approx(apart.max() / apart.mean())
        assert not found.notes


def test_no_artist_and_no_recording_comes_twice_nor_those_of_the_ends(listener: Listener) -> None:
    catalog = listener.catalog
    for first, last in pairs(listener, 6):
        found = path(listener, first, last, count=MOST_BETWEEN)
        rows = [catalog.row_of(pick.track.track_id) for pick in found.picks]
        assert len(rows) == MOST_BETWEEN
        for column in (catalog.artists, catalog.uploads):
            assert len(set(column[rows])) == len(rows)
            assert not {column[first], column[last]} & set(column[rows])


def test_a_sound_that_is_a_track_is_known_with_its_artist(listener: Listener) -> None:
    first, last = pairs(listener, 1)[0]
    ends = [replace(end(listener, row), track=None) for row in (first, last)]
    asked = (listener.catalog, Request(count=8))
    assert find_path(ends[0], ends[1], *asked).picks == path(listener, first, last).picks


def test_genre_and_license_hold_for_what_lies_between(listener: Listener) -> None:
    (first, last), *_ = pairs(listener, 1)
    found = path(listener, first, last, genre="folk", license="permissive")
    assert len(found.picks) == 8
    assert {pick.track.genre for pick in found.picks} == {"Folk"}
    assert {pick.track.license_class for pick in found.picks} == {"permissive"}


def test_who_is_hidden_is_not_on_the_way(listener: Listener) -> None:
    (first, last), *_ = pairs(listener, 1)
    artist = path(listener, first, last).picks[3].track.artist
    found = path(listener, first, last, excluded_artists=(artist.upper(),))
    assert artist not in [pick.track.artist for pick in found.picks]


def test_the_way_back_is_as_smooth(listener: Listener) -> None:
    for first, last in pairs(listener, 4):
        there, back = path(listener, first, last), path(listener, last, first)
        assert there.smoothness == pytest.approx(back.smoothness, rel=0.1)


def test_paths_are_smoother_than_what_lies_along_a_straight_line(listener: Listener) -> None:
    found = compare_paths(listener, 24, 12)
    line, fair = found["against"]["line"], found["against"]["line_fair"]
    assert line["multiple"]["mean"] <= 0.5  # the largest step, in mean steps
    assert line["largest"]["mean"] < 0.8 and fair["largest"]["mean"] < 0.8
    assert found["least"] <= found["ways"]["path"]["largest"] < 1.5 * found["least"]
    few = compare_paths(listener, 2, 4)
    assert few == compare_paths(listener, 2, 4)


def test_a_chain_goes_round_a_gap_that_the_straight_line_jumps() -> None:
    angles = np.linspace(np.pi, 0, 7)
    arc = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    astray = np.array([[0, 0.05], [0, -0.4], [3, 3], [-0.1, -2]], np.float32)
    points = np.vstack([astray, arc[1:-1]])
    field = Field(arc[0], arc[-1], points, np.arange(len(points))[:, None])
    assert smoothest(field, 5).tolist() == [4, 5, 6, 7, 8]
    assert field.steps(straight(field, 5)).max() > 1.5 * field.steps(smoothest(field, 5)).max()


def test_whatever_the_kinds_a_chain_keeps_to_them_and_is_no_rougher_than_the_line() -> None:
    rng = np.random.default_rng(5)
    for n_kinds in (1, 2, 5, 40):
        points = rng.normal(size=(60, 8)).astype(np.float32)
        kinds = np.stack([rng.integers(0, n_kinds, 58), np.arange(58) // 2], axis=1)
        field = Field(points[0], points[1], points[2:], kinds)
        chain, line = smoothest(field, 12), straight(field, 12)
        assert len(chain) == len(line) == min(12, n_kinds)
        assert all(len(set(column)) == len(chain) for column in kinds[chain].T)
        assert field.steps(chain).max() <= field.steps(line).max()


def test_where_few_artists_pass_a_path_is_short_and_says_so() -> None:
    catalog = small.catalog(0.01)
    start = End(small.analysis(), catalog.track(0))
    far = small.analysis(embedding=np.full(40, 0.5, np.float32))
    found = find_path(start, End(far), catalog, Request(count=8))
    artists = [pick.track.artist.casefold() for pick in found.picks]
    assert set(artists) <= {"near", "again", "folk", "last"}
    assert len(set(artists)) == len(artists) >= 3
    assert [note.code for note in found.notes] == ["fewer_picks"]


def test_with_nothing_on_the_way_the_ends_are_one_step_apart() -> None:
    catalog = small.catalog(0.01)
    far = small.analysis(embedding=np.full(40, 0.5, np.float32))
    asked = Request(count=8, genre="Folk", license="permissive")
    found = find_path(End(small.analysis()), End(far), catalog, asked)
    assert (found.picks, [note.code for note in found.notes]) == ((), ["filter_emptied"])
    apart = distances_to(far.embedding[None], small.analysis().embedding)
    assert found.steps == pytest.approx(apart.tolist())


def test_from_a_sound_to_itself_there_is_no_way(listener: Listener) -> None:
    with pytest.raises(BadRequest) as error:
        path(listener, 5, 5)
    assert error.value.code == "same_ends"


def test_a_path_has_an_end(listener: Listener) -> None:
    with pytest.raises(BadRequest) as error:
        path(listener, 5, 6, count=MOST_BETWEEN + 1)
    assert error.value.code == "bad_path"


@pytest.fixture(scope="session")
def catalog(listener: Listener) -> Catalog:
    return listener.catalog


def test_a_track_is_found_by_its_number_and_by_its_name(catalog: Catalog) -> None:
    for row in (0, 777, len(catalog) - 1):
        track = catalog.track(row)
        assert track_named(str(track.track_id), catalog) == (catalog, row)
        assert track_named(f" #{track.track_id} ", catalog) == (catalog, row)
        _, again = track_named(f"{track.artist.upper()}  –  {track.title.lower()}", catalog)
        assert name_of(catalog.track(again)).casefold() == name_of(track).casefold()


def test_some_words_offer_tracks_that_hold_them_all(catalog: Catalog) -> None:
    track = catalog.track(777)
    words = f"{track.title.split()[0]} {track.artist.split()[-1]}".upper()
    found = rows_like(words, catalog, 25)
    assert 777 in found
    for row in found:
        name = name_of(catalog.track(row)).casefold()
        assert all(word in name for word in words.casefold().split())
    assert rows_like("", catalog, 25) == rows_like("  ", catalog, 25) == []


@pytest.mark.parametrize("name", ["", "no such thing at all", "9" * 19, "\x00", "²³"])
def test_a_name_that_is_none_is_told(catalog: Catalog, name: str) -> None:
    with pytest.raises(BadRequest) as error:
        track_named(name, catalog)
    assert error.value.code == "unknown_track"


def test_a_name_of_many_offers_some(catalog: Catalog) -> None:
    with pytest.raises(BadRequest) as error:
        track_named("love", catalog)
    assert error.value.code == "several_tracks" and "love" in str(error.value).casefold()


def test_the_command_walks_from_a_file_to_a_track_and_draws_it(demo: Path, tmp_path: Path) -> None:
    picture = tmp_path / "path.png"
    found = answer("path", demo, "2", "-n", "3", "--picture", picture)
    assert (found["from"]["name"], found["to"]["track_id"]) == (demo.name, 2)
    assert len(found["picks"]) == 3 and len(found["steps"]) == 4
    assert found["smoothness"] == pytest.approx(max(found["steps"]) / np.mean(found["steps"]))
    assert picture.read_bytes().startswith(b"\x89PNG")
    text = run("path", demo, "2", "-n", "3").stdout
    assert all(pick["title"] in text for pick in found["picks"])


def test_a_picture_never_takes_the_place_of_a_song(tmp_path: Path) -> None:
    song = tmp_path / "song.mp3"
    song.write_bytes(b"mine")
    done = run("path", "2", "141", "--picture", song)
    assert done.returncode == 2 and ".png" in done.stderr and song.read_bytes() == b"mine"


def test_how_paths_compare_is_a_command() -> None:
    text = run("path", "--compare", "3", "-n", "4").stdout
    assert "4 tracks between, 3 random pairs" in text and "nearest to a line" in text
    assert run("path", "2").returncode == 2
