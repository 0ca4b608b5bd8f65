"""``soundmap evaluate --protocol artists``: how good a recipe is, by artists it never heard, each
counted once (torch: needs the ``train`` extra).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.engines.runtime import softmax
from soundmap.errors import BadDataset
from soundmap.files import replacing
from soundmap.lab.evaluation.by_artist import Artists
from soundmap.lab.evaluation.metrics import expected_calibration_error, summarize
from soundmap.lab.evaluation.retrieval import Doubles
from soundmap.lab.ladder import N_FOLDS
from soundmap.lab.ladder.folds import Fold, Library, known_fold, read_library, run_folds
from soundmap.lab.training.calibrate import fit_temperature, sure_threshold
from soundmap.lab.training.recipe import Recipe
from soundmap.search.exact import Mask, Rows
from soundmap.types import Floats, Progress

FIGURES = "artists.json"


@dataclass(frozen=True, slots=True)
class Judged:
    """The tracks of some folds, by ``rows`` int64 (n,) of the library, each heard by the network
    that did not learn from its artist: ``logits`` float32 (n, n_genres), ``near`` float64 (n,) and
    ``right`` bool (n,).
    """

    rows: Rows
    logits: Floats
    near: Doubles
    right: Mask
    artists: Artists


def measure_artists(
    data: Path,
    run: Path,
    recipe: Recipe,
    n_folds: int,
    progress: Progress,
    against: Path | None = None,
) -> dict[str, Any]:
    """Trains ``n_folds`` of ``N_FOLDS`` folds and writes what comes out to ``run``.

    ``accuracy`` and ``precision_at_5`` are means over artists, with 95 % intervals; ``recall`` is
    such a mean within each genre; ``temperature``, ``sure_threshold`` and ``ece`` count artists,
    too; ``by_track`` counts tracks.  ``against`` is the run of another recipe with the same folds:
    ``difference`` is how much better this one is, in pairs.  Raises BadDataset.
    """
    library, folds = read_library(data), range(n_folds)
    judged = _judged(library, run_folds(library, run, recipe, folds, progress))
    report = {
        "protocol": "artists",
        "folds": [n_folds, N_FOLDS],
        "recipe": dataclasses.asdict(recipe),
        **_scores(library, judged),
    }
    if against is not None:
        other = _judged(library, [known_fold(library, against, fold) for fold in folds])
        report["difference"] = _difference(judged, other)
    with replacing(run / FIGURES) as part:
        part.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def _judged(library: Library, folds: Sequence[Fold]) -> Judged:
    rows = np.concatenate([np.flatnonzero(library.folds == fold.number) for fold in folds])
    ids = np.concatenate([fold.track_ids for fold in folds])
    if not np.array_equal(library.tiles.track_ids[rows], ids):
        raise BadDataset("other_tracks", path="fold", other="tiles")
    logits, near = (
        np.concatenate([getattr(it, name) for it in folds]) for name in ("logits", "near")
    )
    right = logits.argmax(axis=1) == library.tiles.targets(library.labels)[rows]
    names, genres = (
        [some[row] for row in rows] for some in (library.tiles.artists, library.tiles.genres)
    )
    return Judged(rows, logits, near, right, Artists.of(names, genres))


def _scores(library: Library, judged: Judged) -> dict[str, Any]:
    targets = library.tiles.targets(library.labels)[judged.rows]
    weights = judged.artists.weights(len(targets))
    temperature = fit_temperature(judged.logits, targets, weights)
    probabilities = softmax(judged.logits, temperature)
    threshold = sure_threshold(probabilities, targets, weights)
    sure = probabilities.max(axis=1) >= threshold
    right, genres = judged.right.astype(np.float64), np.array(judged.artists.genres)
    shares = judged.artists.means(right)
    return {
        **judged.artists.summary(accuracy=right, precision_at_5=judged.near),
        "recall": {label: float(shares[genres == label].mean()) for label in library.labels},
        "ece": expected_calibration_error(probabilities, targets, weights=weights),
        "temperature": temperature,
        "sure_threshold": threshold,
        "sure_share": float(np.average(sure, weights=weights)),
        "by_track": summarize(probabilities, targets, library.labels),
    }


def _difference(judged: Judged, other: Judged) -> dict[str, Any]:
    better = judged.right.astype(np.float64) - other.right
    return judged.artists.summary(accuracy=better, precision_at_5=judged.near - other.near)
