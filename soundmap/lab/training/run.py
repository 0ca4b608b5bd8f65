"""``soundmap train``: from tile files to a sealed bundle (the ``train`` extra)."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from soundmap.bundle.manifest import Manifest
from soundmap.catalog.licenses import short_license
from soundmap.errors import BadDataset
from soundmap.features.tiles import OVERVIEW
from soundmap.files import sha256_of
from soundmap.lab.datasets.arrays import TileSet, read_tiles, tracks_by_id
from soundmap.lab.datasets.sources import data_facts
from soundmap.lab.datasets.splits import LEARNING_SIDES, TRAINING, VALIDATION, Table, check_split
from soundmap.lab.network.device import use_threads
from soundmap.lab.training.catalog import TABLE_COLUMNS
from soundmap.lab.training.degraded import train_degraded
from soundmap.lab.training.lesson import Split
from soundmap.lab.training.loop import train
from soundmap.lab.training.pack import build_bundle, check_target
from soundmap.lab.training.recipe import Recipe, Run
from soundmap.lab.training.teacher import ARRAYS, FEATURES, KNOWLEDGE, has_teacher, teach
from soundmap.types import Progress, silent

_NO_LICENSE = "not said"


def recipe_from(options: Mapping[str, Any]) -> Recipe:
    """The default recipe, changed by every option that was given."""
    names = {field.name for field in dataclasses.fields(Recipe)}
    given = {name: value for name, value in options.items() if name in names and value is not None}
    return Recipe(**given)


def train_bundle(
    data: Path,
    run_folder: Path,
    bundle: Path,
    recipe: Recipe,
    threads: int | None = None,
    fresh: bool = False,
    progress: Progress = silent,
) -> Manifest:
    """Trains, or resumes training, in ``run_folder`` and seals the result as ``bundle``.

    ``data`` holds tiles-training.npz, tiles-validation.npz and tracks.csv and, if there is a
    teacher, features-training.npz.  ``fresh`` discards what the run has.  Raises BadDataset, or
    BadRequest ``not_a_bundle`` where ``bundle`` is a folder of something else.
    """
    use_threads(threads)
    check_target(bundle)
    table = tracks_by_id(data / "tracks.csv", TABLE_COLUMNS)
    genres = {track_id: row["genre"] for track_id, row in table.items()}
    training, validation = (
        read_tiles(data / f"tiles-{side}.npz", genres) for side in LEARNING_SIDES
    )
    labels = tuple(sorted({*training.genres, *validation.genres}))
    _check_sides(training, validation, labels)
    check_split({TRAINING: training, VALIDATION: validation}, table)
    rows = [table[int(track_id)] for side in (training, validation) for track_id in side.track_ids]
    facts = _facts(data, labels, rows)
    run = Run(run_folder, recipe, len(labels), _identity(data, labels), facts)
    if fresh:
        run.forget()
    paths = [data / FEATURES] if has_teacher(data) else []
    taught = with_teacher(paths, training, labels, table, progress)
    network = train(run, taught, split_of(validation, labels), progress)
    ear, degraded = train_degraded(run, network, taught, progress)
    sizes = {"n_training": len(training), "n_validation": len(validation)}
    record = {**run.record(), **sizes, "degraded": degraded}
    networks = (network, ear)
    return build_bundle(bundle, networks, labels, (training, validation), table, record, progress)


def _facts(
    data: Path, labels: tuple[str, ...], rows: Iterable[Mapping[str, str]]
) -> dict[str, Any]:
    """What the network learns from, for the record; ``rows`` are its tracks in the table."""
    teacher = {"file": FEATURES, "knowledge": KNOWLEDGE, "arrays": list(ARRAYS)}
    named = Counter(row["licence"] and short_license(row["licence"]) for row in rows)
    known = {name or _NO_LICENSE: n for name, n in sorted(named.items(), key=_by_number)}
    return {
        **data_facts(data),
        "genres": list(labels),
        "licenses": known if any(named) else {},
        "teacher": teacher if has_teacher(data) else None,
    }


def _by_number(item: tuple[str, int]) -> tuple[bool, int, str]:
    """Most tracks first, those without a license last."""
    name, n = item
    return not name, -n, name


def _check_sides(training: TileSet, validation: TileSet, labels: tuple[str, ...]) -> None:
    """Finds before hours of training what would end it: wrong bands, one genre, a track twice."""
    for side in (training, validation):
        if side.tiles.shape[1] != OVERVIEW.n_mels:
            raise BadDataset("other_bands", found=side.tiles.shape[1], expected=OVERVIEW.n_mels)
        if repeated := len(side) - len(np.unique(side.track_ids)):
            raise BadDataset("repeated_tracks", n=repeated)
    if len(labels) < 2:
        raise BadDataset("one_genre", genre=labels[0])


def _identity(data: Path, labels: tuple[str, ...]) -> str:
    """A hash of everything that is learned: a run is not resumed on other data."""
    files = [data / f"tiles-{side}.npz" for side in LEARNING_SIDES] + [data / FEATURES]
    parts = [sha256_of(file) for file in files if file.exists()]
    return hashlib.sha256("|".join([*parts, *labels]).encode()).hexdigest()


def split_of(side: TileSet, labels: tuple[str, ...]) -> Split:
    """A side as tensors."""
    return Split(torch.from_numpy(side.tiles), torch.from_numpy(side.targets(labels)))


def with_teacher(
    paths: Sequence[Path], side: TileSet, labels: tuple[str, ...], table: Table, progress: Progress
) -> Split:
    """A side to learn from, with what a teacher knows of it where there are files of features."""
    split = split_of(side, labels)
    if not paths:
        return split
    artists = np.array([table[i]["artist"].casefold() or f"track {i}" for i in side.track_ids])
    with progress("Asking the teacher", 1) as advance:
        teacher = teach(paths, side, side.targets(labels), artists)
        advance(1)
    return dataclasses.replace(
        split,
        knowledge=torch.from_numpy(teacher.knowledge),
        guesses=torch.from_numpy(teacher.guesses),
    )
