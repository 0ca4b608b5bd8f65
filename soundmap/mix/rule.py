"""How near a track is to several sounds at once, and how far from others.

The rule was chosen by measurement: ``soundmap evaluate --mixes`` compares it with others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from soundmap.recommendation.filters import Filter
from soundmap.types import Floats

Distances = npt.NDArray[np.float64]
_POWER_OF_AWAY = 0.75


def scores(near: Distances, away: Distances) -> Distances:
    """A score of each row, float64 (n,), lowest first.

    ``near`` (n, seeds) and ``away`` (n, m) are distances of each row.  The score is the harmonic
    mean of the distances to the seeds, so that a single near one counts, and several near ones
    count more; it is divided by a power of the distance to the nearest sound to stay away from.
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # at distance 0 the mean is 0, too
        harmonic = np.asarray(near.shape[1] / (1 / near).sum(axis=1))
        return np.asarray(harmonic / nearest_of(away) ** _POWER_OF_AWAY) if away.size else harmonic


def nearest_of(distances: Distances) -> Distances:
    """The least distance of each row, float64 (n,); infinite if there is none."""
    return np.asarray(distances.min(axis=1, initial=np.inf))


def staying_away(near: Distances, away: Distances) -> Iterator[Filter]:
    """The filter of rows that are nearer to a seed than to any sound to stay away from."""
    if away.shape[1]:
        yield Filter("away", nearest_of(away) > nearest_of(near))


def different(points: Floats, same_distance: float) -> list[int]:
    """Places in ``points`` (m, d) of sounds that differ: none within ``same_distance`` of another.

    In an order that depends on the points alone.
    """
    found: list[int] = []
    for place in np.lexsort(points.T).tolist():
        apart = np.linalg.norm(points[found] - points[place], axis=1)
        if not (apart <= same_distance).any():
            found.append(place)
    return found
