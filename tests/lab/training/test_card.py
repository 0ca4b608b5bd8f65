"""What a bundle's card and record say of its training is what was trained on, nothing else."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundmap.lab.datasets.sources import FACTS
from soundmap.lab.training.card import card_text
from soundmap.lab.training.recipe import Recipe
from soundmap.lab.training.run import train_bundle

GENRES = ("blues", "classical", "metal")
SIZES = {"training": 36, "validation": 12}
RECIPE = Recipe(width=2, epochs=2, batch_size=8, crop_columns=24, averaging=0.9, seed=7)
COLUMNS = ("track_id", "title", "artist", "genre", "subgenres", "licence", "licence_class")


def write_data(folder: Path, arrays: tuple[str, ...], licenses: tuple[str, ...] = ("",)) -> Path:
    """What ``soundmap dataset prepare gtzan`` writes, made up: no artists and, unless some are
    given, no licenses.
    """
    rng, rows = np.random.default_rng(0), []
    for start, (side, n) in enumerate(SIZES.items()):
        ids, kinds = np.arange(n, dtype=np.int32) + 1000 * start, np.arange(n) % len(GENRES)
        tiles = rng.integers(0, 90, (n, 128, 32))
        for tile, kind in zip(tiles, kinds, strict=True):
            tile[40 * kind : 40 * kind + 40] += 120
        np.savez(folder / f"tiles-{side}.npz", track_id=ids, tile=tiles.astype(np.uint8))
        features: dict[str, Any] = {
            "mfcc": rng.normal(size=(n, 20, 20)).astype(np.float16),
            "vggish": (rng.normal(size=(n, 128)) + 4 * kinds[:, None]).astype(np.float32),
        }
        chosen: dict[str, Any] = {name: features[name] for name in arrays}
        np.savez(folder / f"features-{side}.npz", allow_pickle=False, track_id=ids, **chosen)
        rows += [
            (i, f"{GENRES[k]}.{i:05d}", "", GENRES[k], GENRES[k], licenses[i % len(licenses)], "")
            for i, k in zip(ids, kinds, strict=True)
        ]
    with (folder / "tracks.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow((*COLUMNS, "page_url", "tempo_bpm"))
        writer.writerows((*row, "", 120) for row in rows)
    facts = {"name": "gtzan", "spec": "overview", "tracks": SIZES, "failures": 0}
    (folder / FACTS).write_text(json.dumps(facts))
    return folder


def trained_on(folder: Path, arrays: tuple[str, ...], **data: tuple[str, ...]) -> tuple[str, str]:
    """Card and record of a bundle, as text."""
    (folder / "data").mkdir()
    write_data(folder / "data", arrays, **data)
    train_bundle(folder / "data", folder / "run", folder / "mine", RECIPE)
    card, record = folder / "mine" / "card.md", folder / "mine" / "training.json"
    return card.read_text(encoding="utf-8"), record.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Trained without a teacher."""
    return trained_on(tmp_path_factory.mktemp("alone"), ("mfcc",))


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Trained with a teacher, on tracks some of which have a license."""
    licenses = ("", "Attribution 4.0", "Attribution 4.0", "https://example.org/all-rights")
    return trained_on(tmp_path_factory.mktemp("taught"), ("mfcc", "vggish"), licenses=licenses)


def test_nothing_is_said_of_what_was_not_trained_on(alone: tuple[str, str]) -> None:
    for text in alone:
        assert not [
            word
            for word in ("fma", "free music archive", "eight genres", "vggish", "12.5 %")
            if word in text.casefold()
        ]
    assert "Licenses" not in alone[0] and "Creative Commons" not in alone[0]


def test_the_card_says_what_was_trained_on(alone: tuple[str, str]) -> None:
    card = " ".join(alone[0].split())
    for words in (
        "The data set is `gtzan`.",
        "which of 3 genres it is heard as: blues, classical, metal.",
        "learned from 36 training tracks. 12 validation tracks chose",
        "the 48 tracks of both sides",
        "chance 33.3%",
        "(width 2)",
        "Trained for 2 epochs with seed 7",
        "No teacher took part",
        "## Map",
    ):
        assert words in card


def test_the_record_says_it_too(alone: tuple[str, str], taught: tuple[str, str]) -> None:
    record = json.loads(alone[1])
    assert record["data"] == {
        "name": "gtzan",
        "spec": "overview",
        "genres": list(GENRES),
        "licenses": {},
        "teacher": None,
    }
    assert (record["n_training"], record["n_validation"]) == (36, 12)
    assert json.loads(taught[1])["data"]["teacher"] == {
        "file": "features-training.npz",
        "knowledge": "vggish",
        "arrays": ["vggish", "mfcc"],
    }


def test_a_teacher_is_named_by_what_it_taught(taught: tuple[str, str]) -> None:
    card = " ".join(taught[0].split())
    assert "A teacher took part" in card and "No teacher" not in card
    assert "the arrays `vggish` and `mfcc` of `features-training.npz`" in card


def test_licenses_are_counted_where_they_are_known(taught: tuple[str, str]) -> None:
    assert taught[0].endswith(
        "| license | tracks |\n|---|---|\n"
        "| CC BY 4.0 | 24 |\n| https://example.org/all-rights | 12 |\n| not said | 12 |\n"
    )


def test_a_data_set_without_facts_has_the_name_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from soundmap.lab.datasets.sources import data_facts

    (tmp_path / "songs").mkdir()
    monkeypatch.chdir(tmp_path / "songs")
    assert data_facts(Path()) == {"name": "songs", "spec": None}


def test_a_card_can_be_written_of_any_genres() -> None:
    row = {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    facts = {
        **dict.fromkeys(("accuracy", "macro_f1", "ece", "sure_share", "sure_accuracy"), 0.5),
        **dict.fromkeys(("n_tracks", "n_training", "n_validation", "parameters", "width"), 4),
        **dict.fromkeys(("embedding_size", "n_mels", "n_columns", "epochs", "kept_epoch"), 4),
        "per_genre": {"{odd}": row, "Pop": row},
        "accuracy_ci95": [0.2, 0.8],
        "retrieval": None,
        "sure_threshold": 0.5,
        "data": "mine",
        "filters": "4",
        "spec": "overview",
        "seed": 0,
        "teacher": None,
        "licenses": {},
    }
    assert "2 genres it\nis heard as: {odd}, Pop." in card_text("small", facts)
