"""A split that leaks is found out: a track, an artist or an upload on two sides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from soundmap.errors import BadDataset
from soundmap.lab.datasets.arrays import TileSet, read_table, read_tiles
from soundmap.lab.datasets.splits import check_split, groups_of, split_faults

Table = dict[int, dict[str, str]]


def side(*track_ids: int) -> TileSet:
    """Tiles of the made-up tracks, each its own."""
    tiles = [np.random.default_rng(i).integers(1, 255, (8, 6), dtype=np.uint8) for i in track_ids]
    return TileSet(np.array(track_ids, np.int64), np.array(tiles), ("Folk",) * len(track_ids))


def table(**changes: dict[str, str]) -> Table:
    rows = {i: {"artist_id": str(i), "artist": f"Artist {i}"} for i in range(1, 7)}
    for track, row in changes.items():
        rows[int(track[1:])] |= row
    return rows


SIDES = {"training": side(1, 2, 3), "validation": side(4, 5), "test": side(6)}


def test_an_honest_split_has_no_fault() -> None:
    assert split_faults(SIDES, table()) == ()
    check_split(SIDES, table())


def test_a_track_on_two_sides_is_found() -> None:
    faults = split_faults({"a": side(1, 2), "b": side(2, 3)}, table())
    assert {fault.kind for fault in faults} == {"track", "artist", "upload"}
    assert {fault.tracks for fault in faults} == {(2, 2)}


def test_an_artist_on_two_sides_is_found() -> None:
    (fault,) = split_faults(SIDES, table(t5={"artist_id": "2"}))
    assert (fault.kind, fault.what) == ("artist", "id 2")
    assert (fault.sides, fault.tracks) == (("training", "validation"), (2, 5))


@pytest.mark.parametrize("other_id", ["", "6"])
def test_an_artist_without_an_id_is_found_by_name(other_id: str) -> None:
    rows = table(
        t1={"artist_id": "", "artist": "The  Ears"},
        t6={"artist_id": other_id, "artist": "the ears"},
    )
    (fault,) = split_faults(SIDES, rows)
    assert (fault.kind, fault.tracks) == ("artist", (1, 6))


def test_two_artists_of_one_name_with_ids_of_their_own_are_two() -> None:
    assert not split_faults(SIDES, table(t1={"artist": "Nirvana"}, t6={"artist": "Nirvana"}))


def test_tracks_by_nobody_known_share_no_artist() -> None:
    nobody = {"artist_id": "", "artist": ""}
    assert not split_faults(SIDES, table(t1=nobody, t4=nobody))


def test_the_same_upload_twice_is_found() -> None:
    again = side(4, 5)
    again.tiles[1] = SIDES["training"].tiles[2]
    (fault,) = split_faults({**SIDES, "validation": again}, table())
    assert (fault.kind, fault.tracks) == ("upload", (3, 5))


def test_twice_on_one_side_is_no_fault() -> None:
    twins = side(1, 2)
    twins.tiles[1] = twins.tiles[0]
    assert not split_faults({"training": twins, "validation": side(4)}, table())


def test_two_silences_are_not_one_upload() -> None:
    one, other = side(1), side(4)
    one.tiles[:] = other.tiles[:] = 0
    assert not split_faults({"a": one, "b": other}, table())


def test_a_leaking_split_is_refused_by_name() -> None:
    with pytest.raises(BadDataset, match=r"artist id 2 \(training 2, validation 5\)"):
        check_split(SIDES, table(t5={"artist_id": "2"}))


ARTISTS = some.fixed_dictionaries(
    {
        "artist_id": some.sampled_from(["", "1", "2"]),
        "artist": some.sampled_from(["", "Ann", "ann", "Ben"]),
    }
)


@given(some.lists(ARTISTS, min_size=6, max_size=6), some.lists(some.integers(1, 6), max_size=4))
def test_whole_groups_can_be_dealt_to_any_side(
    artists: list[dict[str, str]], alike: list[int]
) -> None:
    tiles, rows = side(1, 2, 3, 4, 5, 6), dict(enumerate(artists, start=1))
    for track_id in alike:
        tiles.tiles[track_id - 1] = tiles.tiles[0]
    groups = groups_of(tiles, rows)
    for group in set(groups):
        chosen = groups == group
        parts = {"in": chosen, "out": ~chosen}
        sides = {
            name: TileSet(tiles.track_ids[kept], tiles.tiles[kept], ("Folk",) * int(kept.sum()))
            for name, kept in parts.items()
        }
        assert split_faults(sides, rows) == ()


def test_who_shares_nothing_is_alone() -> None:
    assert len(set(groups_of(side(1, 2, 3, 4, 5, 6), table()))) == 6
    assert len(set(groups_of(side(1, 2, 3), table(t3={"artist_id": "1"})))) == 2


def test_the_real_split_is_honest(data: Path) -> None:
    rows = {int(row["track_id"]): row for row in read_table(data / "tracks.csv")}
    genres = {track_id: row["genre"] for track_id, row in rows.items()}
    sides = {
        name: read_tiles(data / f"tiles-{name}.npz", genres) for name in ("training", "validation")
    }
    assert split_faults(sides, rows) == ()
    sides["validation"].tiles[7] = sides["training"].tiles[7]
    assert [fault.kind for fault in split_faults(sides, rows)] == ["upload"]
