"""Two ways to hold slices out, and what each of them tells."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from soundmap.cli.main import main
from soundmap.errors import BadDataset
from soundmap.lab.datasets.arrays import TileSet
from soundmap.lab.evaluation.metrics import wilson_interval
from soundmap.lab.ladder.leak import measure_leak
from soundmap.lab.ladder.plan import Plan
from soundmap.lab.ladder.slices import Sizes, choose, cut, held_out, majority, tracks_interval
from soundmap.types import silent

GENRES = ("Folk", "Pop")
SIZES = Sizes(tracks=40, slices=4, test_share=0.25)
PLAN = Plan(epochs=10, batch_size=8, learning_rate=3e-3, lr_step=8)


def signed(n: int = 48) -> TileSet:
    """Tracks whose sound says who they are and nothing about their genre: a pattern of bands of
    their own, the same in every slice.
    """
    rng = np.random.default_rng(5)
    own = rng.integers(0, 200, (n, 32, 1))
    tiles = own + rng.integers(0, 40, (n, 32, 16))
    genres = tuple(GENRES[kind] for kind in rng.permutation(np.arange(n) % 2))
    return TileSet(np.arange(n, dtype=np.int64), tiles.astype(np.uint8), genres)


def rows_of(tiles: TileSet) -> dict[int, dict[str, str]]:
    """Two tracks by each artist."""
    return {
        int(i): {"artist_id": str(i // 2), "artist": f"Artist {i // 2}"} for i in tiles.track_ids
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, tiles = tmp_path_factory.mktemp("data"), signed()
    np.savez(folder / "tiles-training.npz", track_id=tiles.track_ids, tile=tiles.tiles)
    table = rows_of(tiles)
    with (folder / "tracks.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("track_id", "artist_id", "artist", "genre"))
        for (track_id, row), genre in zip(table.items(), tiles.genres, strict=True):
            writer.writerow((track_id, row["artist_id"], row["artist"], genre))
    return folder


def test_slices_are_the_tile_in_pieces() -> None:
    tiles = signed()
    slices = cut(tiles, 4)
    assert slices.tiles.shape == (48 * 4, 32, 4)
    np.testing.assert_array_equal(np.hstack(list(slices.tiles[4:8])), tiles.tiles[1])
    assert slices.tracks[:8].tolist() == [0] * 4 + [1] * 4
    with pytest.raises(BadDataset, match="cannot be cut"):
        cut(tiles, 17)


def test_as_many_tracks_of_each_genre_are_taken() -> None:
    chosen = choose(signed(), Sizes(tracks=20))
    assert [chosen.genres.count(genre) for genre in GENRES] == [10, 10]
    again = choose(signed(), Sizes(tracks=20))
    np.testing.assert_array_equal(chosen.track_ids, again.track_ids)
    assert set(choose(signed(), Sizes(tracks=20, seed=1)).track_ids) != set(chosen.track_ids)


def test_the_protocols_hold_out_as_many_slices() -> None:
    tiles = signed()
    by_track = held_out(tiles, rows_of(tiles), "tracks", SIZES)
    at_random = held_out(tiles, rows_of(tiles), "slices-random", SIZES)
    assert by_track.sum() == at_random.sum()
    assert 0.25 <= by_track.mean() < 0.35


def test_by_track_neither_track_nor_artist_is_on_both_sides() -> None:
    tiles = signed()
    table = rows_of(tiles)
    out = held_out(tiles, table, "tracks", SIZES)
    tracks = tiles.track_ids.repeat(SIZES.slices)
    assert not set(tracks[out]) & set(tracks[~out])
    artists = np.array([table[int(i)]["artist_id"] for i in tracks])
    assert not set(artists[out]) & set(artists[~out])


def test_at_random_nearly_every_track_is_on_both_sides() -> None:
    tiles = signed()
    out = held_out(tiles, rows_of(tiles), "slices-random", SIZES)
    tracks = tiles.track_ids.repeat(SIZES.slices)
    assert len(set(tracks[out]) & set(tracks[~out])) > 0.8 * len(set(tracks[out]))


def test_what_cannot_be_known_is_known_by_heart_at_random_only(
    folder: Path, tmp_path: Path
) -> None:
    """Sound that says nothing about genre: slices at random are told nonetheless."""
    report = measure_leak(folder, tmp_path, "both", silent, SIZES, PLAN, width=4)
    at_random, by_track = report["protocols"]
    assert (at_random["protocol"], by_track["protocol"]) == ("slices-random", "tracks")
    assert at_random["n_training"] == by_track["n_training"]
    assert at_random["n_test"] == by_track["n_test"]
    assert by_track["test_tracks_also_in_training"] == 0
    assert at_random["slice_accuracy"] > 0.85
    assert by_track["slice_accuracy"] < 0.75
    assert at_random["neighbor_accuracy"] > 0.95
    assert by_track["neighbor_accuracy"] < 0.75
    low, high = by_track["slice_ci95"]
    assert low <= by_track["slice_accuracy"] <= high


def test_protocols_run_one_by_one_are_shown_together(folder: Path, tmp_path: Path) -> None:
    plan = Plan(epochs=1, batch_size=32)
    one = measure_leak(folder, tmp_path, "tracks", silent, SIZES, plan, width=2)
    assert [found["protocol"] for found in one["protocols"]] == ["tracks"]
    both = measure_leak(folder, tmp_path, "slices-random", silent, SIZES, plan, width=2)
    assert [found["protocol"] for found in both["protocols"]] == ["slices-random", "tracks"]
    assert both["protocols"][1] == one["protocols"][0]
    with pytest.raises(BadDataset, match="another recipe"):
        measure_leak(
            folder, tmp_path, "tracks", silent, SIZES, Plan(epochs=1, batch_size=16), width=2
        )


def test_an_interval_of_tracks_minds_that_slices_go_together() -> None:
    rng = np.random.default_rng(0)
    right = (rng.random(200) < 0.6).repeat(8)
    low, high = tracks_interval(right, np.arange(200).repeat(8))
    naive = wilson_interval(int(right.sum()), len(right))
    assert high - low > 2 * (naive[1] - naive[0])
    assert (low, high) == pytest.approx(wilson_interval(int(right[::8].sum()), 200), abs=0.02)
    alone = tracks_interval(right[::8], np.arange(200))
    assert (low, high) == pytest.approx(alone)


def test_the_majority_of_slices_speaks_for_a_track() -> None:
    rows = [[0.6, 0.4, 0], [0.6, 0.4, 0], [0, 0, 1.0], [0.5, 0.2, 0.3], [0.1, 0.8, 0.1]]
    said, first = majority(np.array(rows, np.float32), np.array([4, 4, 4, 9, 9]))
    assert said.tolist() == [0, 1]  # two of three; then the surer of two
    assert first.tolist() == [0, 3]


def test_the_command_prints_both_side_by_side(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["evaluate", "--protocol", "both", "--data", str(folder), "--run", str(tmp_path)]
    assert main([*asked, "--epochs", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [found["epochs"] for found in report["protocols"]] == [1, 1]
    assert main([*asked, "--epochs", "1"]) == 0
    text = capsys.readouterr().out
    assert "slices at random" in text and "artists apart" in text


def test_a_protocol_needs_data() -> None:
    assert main(["evaluate", "--protocol", "both", "--tiles", "a.npz"]) == 2
