"""How near a track is to several sounds at once, and whether it is away from others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from soundmap.recommendation.filters import Filter

Distances = npt.NDArray[np.float64]


def scores(near: Distances) -> Distances:
    """A score of each row, float64 (n,), lowest first, from its distances to seeds (n, m)."""
    return np.asarray(near.min(axis=1))


def staying_away(near: Distances, away: Distances) -> Iterator[Filter]:
    """The filter that keeps rows away from sounds, if there are any.

    ``near`` (n, seeds) and ``away`` (n, m) are distances of each row.
    """
    if away.shape[1]:
        yield Filter("away", away.min(axis=1) > near.min(axis=1))
