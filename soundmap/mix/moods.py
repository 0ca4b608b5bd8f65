"""The moods of many sounds, so that a list can take from each of them in turn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Distances = npt.NDArray[np.float64]
MOST_MOODS = 12
_SHARE = 0.05  # of a catalog, nearest to a sound: as far as its mood reaches


def moods_of(between: Distances, near: Distances) -> list[list[int]]:
    """Parts of m sounds that sound alike, the largest first, as places in order.

    ``between`` (m, m) are the distances of the sounds, ``near`` (n, m) those of a catalog's rows.
    Each mood has a middle, and its sounds lie no further from that than the nearest 5 % of the
    catalog, unless there are ``MOST_MOODS``: the one that lies furthest from all middles becomes
    the next (Gonzalez, Theoretical Computer Science 38, 1985).
    """
    reach = np.quantile(near, _SHARE, axis=0)
    middles = [int(between.sum(axis=1).argmin())]
    while len(middles) < MOST_MOODS:
        beyond = (between[:, middles] - reach[middles]).min(axis=1)
        if beyond.max() <= 0:
            break
        middles.append(int(beyond.argmax()))
    whose = between[:, middles].argmin(axis=1)
    parts = [np.flatnonzero(whose == it).tolist() for it in range(len(middles))]
    return sorted(filter(None, parts), key=len, reverse=True)
