"""Cross-validation by artist: one training a fold, which hears the tracks left out (torch: needs
the ``train`` extra).

Nothing is chosen on what is scored: the weights kept are those of the last epoch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from sklearn.model_selection import StratifiedGroupKFold

from soundmap.errors import BadDataset
from soundmap.files import replacing, sha256_of
from soundmap.lab.datasets.arrays import TileSet, arrays_of, joined, read_tiles, tracks_by_id
from soundmap.lab.datasets.splits import LEARNING_SIDES, Table, check_split, groups_of
from soundmap.lab.evaluation.retrieval import Doubles, Tracks, find
from soundmap.lab.ladder import N_FOLDS
from soundmap.lab.training.hearing import hear
from soundmap.lab.training.loop import train
from soundmap.lab.training.recipe import Recipe, Run
from soundmap.lab.training.run import with_teacher
from soundmap.search.exact import Rows
from soundmap.types import Floats, Progress

HEARD, _ARRAYS = "heard.npz", ("track_ids", "logits", "near")


@dataclass(frozen=True, slots=True)
class Library:
    """All tracks to learn from, those of both sides: ``folds`` int64 (n,) is the fold that leaves
    each out.
    """

    tiles: TileSet
    table: Table
    labels: tuple[str, ...]
    folds: Rows
    features: tuple[Path, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Fold:
    """What a fold's network said of the n tracks it left out: ``track_ids`` int64 (n,), ``logits``
    float32 (n, n_genres), and ``near`` float64 (n,), the share of their genre among the five
    nearest tracks that it learned from.
    """

    number: int
    track_ids: Rows
    logits: Floats
    near: Doubles


def read_library(data: Path) -> Library:
    """Reads a data folder and deals its tracks, whole artists at a time, into ``N_FOLDS`` folds of
    the same genres.  Raises BadDataset.
    """
    table = tracks_by_id(data / "tracks.csv", ("track_id", "genre", "artist"))
    genres = {track_id: row["genre"] for track_id, row in table.items()}
    files = [data / f"tiles-{side}.npz" for side in LEARNING_SIDES]
    features = [data / f"features-{side}.npz" for side in LEARNING_SIDES]
    tiles = joined([read_tiles(file, genres) for file in files])
    artists = tuple(table[int(track_id)]["artist"].strip() for track_id in tiles.track_ids)
    tiles = replace(tiles, artists=artists)
    splitter = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=0)
    folds = np.zeros(len(tiles), dtype=np.int64)
    for fold, (_, out) in enumerate(splitter.split(folds, tiles.genres, groups_of(tiles, table))):
        folds[out] = fold
    known = tuple(features) if all(file.is_file() for file in features) else ()
    digests = "|".join(sha256_of(file) for file in (*files, *known))
    sha256 = hashlib.sha256(digests.encode()).hexdigest()
    return Library(tiles, table, tuple(sorted(set(tiles.genres))), folds, known, sha256)


def run_folds(
    library: Library, run: Path, recipe: Recipe, folds: Sequence[int], progress: Progress
) -> list[Fold]:
    """Trains each of the ``folds``, or takes it from ``run`` where it is finished there.  Raises
    BadDataset ``other_recipe`` for a run of something else.
    """
    return [_fold(library, run, recipe, fold, progress) for fold in folds]


def forget(run: Path) -> None:
    """Removes what earlier runs left in a folder."""
    for fold in range(N_FOLDS):
        Run(run / f"fold-{fold}", Recipe(), 1).forget()
        (run / f"fold-{fold}" / HEARD).unlink(missing_ok=True)


def known_fold(library: Library, run: Path, fold: int) -> Fold:
    """A fold that was trained before.  Raises BadDataset ``unreadable_dataset`` where it was not,
    ``other_recipe`` where it was trained on other data.
    """
    arrays = arrays_of(run / f"fold-{fold}" / HEARD, ("data", *_ARRAYS))
    if str(arrays["data"]) != library.sha256:
        raise BadDataset("other_recipe", path=run)
    ids, logits, near = (arrays[name] for name in _ARRAYS)
    return Fold(fold, ids.astype(np.int64), logits.astype(np.float32), near.astype(np.float64))


def _fold(library: Library, run: Path, recipe: Recipe, fold: int, progress: Progress) -> Fold:
    training = Run(run / f"fold-{fold}", recipe, len(library.labels), library.sha256)
    if (training.folder / HEARD).is_file() and training.is_recorded():
        return known_fold(library, run, fold)
    out = library.folds == fold
    learned, left_out = library.tiles.part(~out), library.tiles.part(out)
    check_split({"training": learned, f"fold {fold}": left_out}, library.table)
    taught = with_teacher(library.features, learned, library.labels, library.table, progress)
    network = train(training, taught, None, progress)
    (points, _), (asked, logits) = (
        [it.numpy() for it in hear(network, torch.from_numpy(side.tiles))]
        for side in (learned, left_out)
    )
    near = _precision_at_5(asked, left_out.targets(library.labels), points, taught.targets.numpy())
    found = Fold(fold, left_out.track_ids, logits, near)
    with replacing(training.folder / HEARD) as unfinished, unfinished.open("wb") as file:
        arrays = {name: getattr(found, name) for name in _ARRAYS}
        np.savez(file, allow_pickle=False, data=library.sha256, **arrays)
    return found


def _precision_at_5(asked: Floats, genres: Rows, points: Floats, genres_there: Rows) -> Doubles:
    def tracks(values: Floats, genres: Rows, sign: int) -> Tracks:
        alone = sign * np.arange(1, len(values) + 1)  # no artist or recording is on both sides
        return Tracks(values, genres, alone, alone)

    found = find(tracks(asked, genres, 1), tracks(points, genres_there, -1))
    return np.asarray(found.hits[:, :5].mean(axis=1))
