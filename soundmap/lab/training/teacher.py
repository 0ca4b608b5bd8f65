"""What a stronger model knows of the training tracks (scikit-learn: needs the ``train`` extra).

The teacher is VGGish (Hershey et al., *CNN Architectures for Large-Scale Audio Classification*,
ICASSP 2017), run once and kept in ``features-training.npz``; answering does not need it.  The
network learns to recall its embedding.  A guess at the genre is made from that, from MFCCs and from
the tile, by models that never heard the artist of the track (cross-fitting): otherwise it would
only repeat the label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from soundmap.errors import BadDataset
from soundmap.features.mfcc import time_statistics
from soundmap.lab.datasets.arrays import TileSet, arrays_of
from soundmap.lab.evaluation.metrics import Targets
from soundmap.types import Floats

FEATURES = "features-training.npz"
KNOWLEDGE, ARRAYS = "vggish", ("vggish", "mfcc")
N_FOLDS = 5
_Names = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Teacher:
    """``knowledge`` float32 (n, size), each column with mean 0 and deviation 1; ``guesses`` float32
    (n, n_genres), probabilities.
    """

    knowledge: Floats
    guesses: Floats


def has_teacher(data: Path) -> bool:
    """Whether a data folder has a teacher: MFCCs alone are none."""
    path = data / FEATURES
    return path.is_file() and KNOWLEDGE in arrays_of(path, (), (KNOWLEDGE,))


def read_features(paths: Sequence[Path], track_ids: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """``vggish`` float32 (n, 128) and ``mfcc`` float32 (n, frames, 20) of the tracks, in their
    order, from the files that together have them.

    Raises BadDataset ``missing_features`` or ``missing_arrays`` where they lack tracks or arrays.
    """
    files = [arrays_of(path, ("track_id", *ARRAYS)) for path in paths]
    ids, *arrays = (
        np.concatenate([file[name] for file in files]) for name in ("track_id", *ARRAYS)
    )
    rows = {int(track_id): row for row, track_id in enumerate(ids.tolist())}
    if missing := [int(track_id) for track_id in track_ids if int(track_id) not in rows]:
        raise BadDataset("missing_features", path=paths[0], n=len(missing), track_id=missing[0])
    order = [rows[int(track_id)] for track_id in track_ids]
    vggish, mfcc = (array[order].astype(np.float32) for array in arrays)
    return vggish, mfcc


def teach(paths: Sequence[Path], tiles: TileSet, targets: Targets, artists: _Names) -> Teacher:
    """Knowledge and cross-fitted guesses for each track; takes a while for thousands of them.

    ``paths`` are files of features, ``targets`` int64 (n,) the genres, ``artists`` (n,) the names
    that keep folds apart.
    """
    vggish, mfcc = read_features(paths, tiles.track_ids)
    levels = np.divide(tiles.tiles.transpose(0, 2, 1), 255, dtype=np.float32)
    everything = np.hstack([vggish, time_statistics(mfcc), time_statistics(levels)])
    guesses = [
        _unheard(view, strength, targets, artists)
        for view, strength in ((vggish, 0.01), (everything, 0.003))
    ]
    knowledge = StandardScaler().fit_transform(vggish)
    return Teacher(knowledge.astype(np.float32), np.mean(guesses, axis=0).astype(np.float32))


def _unheard(view: Floats, strength: float, targets: Targets, artists: _Names) -> Floats:
    """Probabilities of each track by logistic regression trained on other artists only."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=2000))
    folds = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=0)
    asked: dict[str, Any] = {"groups": artists, "cv": folds, "method": "predict_proba"}
    return np.asarray(cross_val_predict(model, view, targets, **asked))
