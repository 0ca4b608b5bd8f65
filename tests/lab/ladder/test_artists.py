"""Cross-validation by artist: no network is asked about an artist it learned from."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from soundmap.cli.main import main
from soundmap.errors import BadDataset
from soundmap.lab.datasets.splits import check_split
from soundmap.lab.ladder import N_FOLDS
from soundmap.lab.ladder.artists import measure_artists
from soundmap.lab.ladder.folds import read_library
from soundmap.lab.training.recipe import Recipe
from soundmap.types import silent
from tests.helpers.training import GENRES, banded

RECIPE = Recipe(width=2, epochs=4, batch_size=8, crop_columns=24, averaging=0.9, polish=0)
SLOW = dataclasses.replace(RECIPE, learning_rate=1e-6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sides; an artist has one to five tracks of a genre, and one upload stands twice."""
    folder, rng, rows = tmp_path_factory.mktemp("data"), np.random.default_rng(2), []
    for start, side, n in ((0, "training", 90), (500, "validation", 30)):
        ids = np.arange(start, start + n)
        kinds = np.arange(n) // 5 % len(GENRES)
        tiles = banded(rng, kinds)
        if side == "validation":
            tiles[0] = tiles[7]  # the same upload by two artists
        np.savez(folder / f"tiles-{side}.npz", track_id=ids, tile=tiles)
        for track_id, kind in zip(ids, kinds, strict=True):
            artist = f"{side} {(track_id - start) // 5}" if track_id % 4 else f"Alone {track_id}"
            rows.append((track_id, GENRES[kind], artist, ""))
    with (folder / "tracks.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows((("track_id", "genre", "artist", "artist_id"), *rows))
    return folder


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("runs") / "good"
    measure_artists(folder, run, RECIPE, 2, silent)
    return run


def test_folds_share_no_artist_and_no_upload(folder: Path) -> None:
    library = read_library(folder)
    assert set(library.folds) == set(range(N_FOLDS))
    for fold in range(N_FOLDS):
        out = library.folds == fold
        check_split(
            {"training": library.tiles.part(~out), "fold": library.tiles.part(out)}, library.table
        )
        assert {library.tiles.genres[row] for row in np.flatnonzero(out)} == set(GENRES)


def test_what_is_easy_is_learned_and_counted_by_artist(folder: Path, run: Path) -> None:
    report = json.loads((run / "artists.json").read_text())
    library = read_library(folder)
    heard = np.isin(library.folds, (0, 1))
    artists = {name for name, kept in zip(library.tiles.artists, heard, strict=True) if kept}
    assert report["n"] == len(artists)
    assert report["by_track"]["n"] == heard.sum()
    assert report["accuracy"] > 0.6 and report["precision_at_5"] > 0.6
    for name in ("accuracy", "precision_at_5"):
        low, high = report[f"{name}_ci95"]
        assert 0 <= low <= report[name] <= high <= 1
    assert report["recall"].keys() == set(GENRES)
    assert report["folds"] == [2, N_FOLDS] and report["recipe"]["width"] == 2


def test_a_finished_fold_is_not_trained_again(folder: Path, run: Path) -> None:
    before = (run / "fold-0" / "checkpoint.pt").stat().st_mtime_ns
    again = measure_artists(folder, run, RECIPE, 2, silent)
    assert (run / "fold-0" / "checkpoint.pt").stat().st_mtime_ns == before
    assert again == json.loads((run / "artists.json").read_text())
    with pytest.raises(BadDataset, match="another recipe or other data"):
        measure_artists(folder, run, SLOW, 1, silent)


def test_recipes_are_compared_in_pairs(folder: Path, run: Path, tmp_path: Path) -> None:
    itself = measure_artists(folder, run, RECIPE, 2, silent, against=run)["difference"]
    assert itself["accuracy"] == 0 and itself["precision_at_5_ci95"] == [0, 0]
    other = measure_artists(folder, tmp_path, SLOW, 2, silent, against=run)["difference"]
    assert other["accuracy"] < 0 and other["accuracy_ci95"][1] < 0


def test_the_command_takes_any_number_of_the_recipe(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["evaluate", "--protocol", "artists", "--data", str(folder), "--run", str(tmp_path)]
    small = ["--folds", "1", "--width", "2", "--epochs", "1", "--set", "batch_size=8"]
    assert main([*asked, *small, "--set", "crop_columns=16", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["recipe"]["batch_size"] == 8 and report["recipe"]["crop_columns"] == 16
    assert main([*asked, *small, "--set", "crop_columns=16"]) == 0
    assert "each counted once" in capsys.readouterr().out
    for wrong in ("size=3", "epochs=many"):
        with pytest.raises(SystemExit):
            main([*asked, "--set", wrong])
