"""Reads and checks what the rows of the ladder train on: tiles and MFCCs of a data folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.errors import BadDataset
from soundmap.lab.datasets.arrays import TileSet, arrays_of, read_tiles, tracks_by_id
from soundmap.lab.datasets.sources import data_facts
from soundmap.lab.datasets.splits import LEARNING_SIDES, check_split

N_COEFFICIENTS = 20


@dataclass(frozen=True, slots=True)
class Inputs:
    """One side as arrays: ``values`` (n, ...), ``genres`` n names, ``track_ids`` int64 (n,)."""

    values: npt.NDArray[Any]
    genres: tuple[str, ...]
    track_ids: npt.NDArray[np.int64]

    def targets(self, labels: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """Index of each genre in ``labels``, int64 (n,)."""
        return np.array([labels.index(genre) for genre in self.genres], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Data:
    """Training and validation side, the sorted ``labels`` of both, and ``facts`` for the record."""

    training: Inputs
    validation: Inputs
    labels: tuple[str, ...]
    facts: dict[str, Any]


def read_data(folder: Path, what: str) -> Data:
    """Both sides of a folder; ``what`` is ``tiles`` or ``mfcc``.

    Tiles come from tiles-*.npz, MFCCs float (n, n_frames, 20) from features-*.npz, genres and
    artists from tracks.csv.  Raises BadDataset; ``leaking_split`` where a track, an artist or an
    upload is on both sides.
    """
    table = tracks_by_id(folder / "tracks.csv")
    genres = {track_id: row["genre"] for track_id, row in table.items()}
    tiles = {side: read_tiles(folder / f"tiles-{side}.npz", genres) for side in LEARNING_SIDES}
    check_split(tiles, table)
    if what == "tiles":
        training, validation = (_of_tiles(tiles[side]) for side in LEARNING_SIDES)
    else:
        training, validation = (
            _of_features(folder, side, tiles[side], genres) for side in LEARNING_SIDES
        )
    labels = tuple(sorted({*training.genres, *validation.genres}))
    shapes = [side.values.shape[1:] for side in (training, validation)]
    if shapes[0] != shapes[1]:
        raise BadDataset("uneven_sides", training=shapes[0], validation=shapes[1])
    if len(labels) < 2:
        raise BadDataset("one_genre", genre=labels[0])
    facts = {**data_facts(folder), "arrays": what}
    return Data(training, validation, labels, _facts(facts, training, validation))


def sliced(data: Data, n_slices: int, seed: int = 0) -> Data:
    """Both sides in slices, ``n_slices`` equal parts of each input along time, of which a fifth are
    held out at random, whatever they are slices of: so are most published figures counted.

    Each slice is a track of its own.  Raises BadDataset ``too_narrow``.
    """
    sides = (data.training, data.validation)
    time = 2 if data.facts["arrays"] == "tiles" else 1
    values = np.concatenate([side.values for side in sides])
    size = values.shape[time] // n_slices
    if not size:
        raise BadDataset("too_narrow", columns=values.shape[time], slices=n_slices)
    parts = [values.take(range(i * size, (i + 1) * size), time) for i in range(n_slices)]
    genres = [genre for side in sides for genre in side.genres] * n_slices
    order = np.random.default_rng(seed).permutation(len(genres))
    together = np.concatenate(parts)

    def dealt(rows: npt.NDArray[np.int64]) -> Inputs:
        return Inputs(together[rows], tuple(genres[row] for row in rows), rows)

    held_out = len(order) // 5
    training, validation = dealt(order[held_out:]), dealt(order[:held_out])
    facts = _facts(data.facts, training, validation)
    return Data(training, validation, data.labels, {**facts, "slices": n_slices})


def _of_tiles(tiles: TileSet) -> Inputs:
    return Inputs(tiles.tiles, tiles.genres, tiles.track_ids)


def _of_features(folder: Path, side: str, tiles: TileSet, genres: Mapping[int, str]) -> Inputs:
    path = folder / f"features-{side}.npz"
    arrays = arrays_of(path, ("track_id", "mfcc"))
    ids, values = arrays["track_id"], np.asarray(arrays["mfcc"], dtype=np.float32)
    if values.ndim != 3 or ids.shape != values.shape[:1] or values.shape[2] != N_COEFFICIENTS:
        raise BadDataset("bad_mfcc", path=path, found=f"{arrays['mfcc'].dtype} {values.shape}")
    track_ids = np.asarray(ids, dtype=np.int64)
    if set(track_ids.tolist()) != set(tiles.track_ids.tolist()):
        raise BadDataset("other_tracks", path=path, other=f"tiles-{side}.npz")
    return Inputs(values, tuple(genres[int(i)] for i in track_ids), track_ids)


def _facts(known: dict[str, Any], training: Inputs, validation: Inputs) -> dict[str, Any]:
    sides = (training, validation)
    digest = hashlib.sha256()
    for side in sides:
        digest.update(np.ascontiguousarray(side.values).tobytes())
        digest.update("|".join(side.genres).encode())
    n_training, n_validation = (len(np.unique(side.track_ids)) for side in sides)
    return {
        **known,
        "n_training": n_training,
        "n_validation": n_validation,
        "sha256": digest.hexdigest(),
    }
