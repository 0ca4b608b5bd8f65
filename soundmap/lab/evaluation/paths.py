"""How smooth paths are, compared with the usual way: the tracks nearest to points on a straight
line.

Paths run between random pairs of tracks, with the same number of stops.  ``line`` takes the nearest
track of the whole catalog, as it comes: it may repeat the ends and an artist, so that some steps
have no length.  ``line_fair`` follows the rules of a path.  A path that follows them cannot have a
largest step below ``least``: it has to leave one end and reach the other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from soundmap.bundle.listener import Listener
from soundmap.paths.chain import Field, Numbers, smoothest, straight
from soundmap.paths.find import End, field_between, open_between
from soundmap.recommendation.nearest import Neighborhood
from soundmap.recommendation.request import Request
from soundmap.types import Progress, silent

WAYS = ("path", "line", "line_fair")
SEED = 0


def compare_paths(
    listener: Listener, pairs: int, between: int, progress: Progress = silent
) -> dict[str, Any]:
    """Means over ``pairs`` random pairs, with ``between`` tracks in between, ready for JSON.

    ``ways`` has the largest step, the mean step, and the ``multiple`` of the mean that the largest
    is.  ``against`` compares the path with each line, pair by pair: the ratios of the largest steps
    and of the multiples, the share of pairs where the ratio is at most half, and the ratio of
    ``least`` to the line's largest step.  The same bundle gives the same figures.
    """
    rng, audible = np.random.default_rng(SEED), np.flatnonzero(listener.catalog.audible)
    found = []
    with progress("Walking", pairs) as advance:
        for done in range(pairs):
            first, last = rng.choice(audible, 2, replace=False)
            found.append(_measured(listener, int(first), int(last), between))
            advance(done + 1)
    largest, mean, least = np.moveaxis(np.array(found), 1, 0)
    multiple = largest / mean
    measures = {"largest": largest, "mean": mean, "multiple": multiple}
    return {
        "bundle": listener.manifest.id,
        "pairs": pairs,
        "between": between,
        "ways": {
            way: {name: float(values[:, column].mean()) for name, values in measures.items()}
            for column, way in enumerate(WAYS)
        },
        "least": float(least[:, 0].mean()),
        "against": {
            way: {
                "largest": _ratio(largest[:, 0] / largest[:, column]),
                "multiple": _ratio(multiple[:, 0] / multiple[:, column]),
                "least": _ratio(least[:, 0] / largest[:, column]),
            }
            for column, way in enumerate(WAYS[1:], start=1)
        },
    }


def _measured(listener: Listener, first: int, last: int, between: int) -> list[list[float]]:
    """Largest and mean step of each of ``WAYS`` between two rows, and, three times, the least
    possible.
    """
    catalog, manifest = listener.catalog, listener.manifest
    start, end = (
        End(manifest.analysis_of(catalog, row), catalog.track(row)) for row in (first, last)
    )
    keep = open_between(Neighborhood.around(start.analysis, catalog, Request()), start, end)
    ends = start.analysis.embedding, end.analysis.embedding
    _, field = field_between(*ends, catalog, keep, between)
    audible = catalog.points.values[catalog.audible]
    whole = Field(*ends, audible, np.zeros((len(audible), 0), np.int64))
    steps = (
        field.steps(smoothest(field, between)),
        whole.steps(straight(whole, between)),
        field.steps(straight(field, between)),
    )
    nearest = [catalog.points.nearest(it, 1, keep=keep)[1] for it in ends]
    least = float(np.max(nearest))
    return [[it.max() for it in steps], [it.mean() for it in steps], [least] * len(steps)]


def _ratio(ratios: Numbers) -> dict[str, float]:
    return {"mean": float(ratios.mean()), "at_most_half": float((ratios <= 0.5).mean())}
