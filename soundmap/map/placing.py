"""Where a sound that is not of the catalog lands on the map, without computing the map anew."""

from __future__ import annotations

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.search.exact import Points
from soundmap.types import Advance, Floats

NEIGHBORS = 10
POWER = 4


def place(embedding: Floats, catalog: Catalog, layout: Floats) -> tuple[float, float]:
    """(x, y), each in -1..1, of an ``embedding`` (d,) among the tracks of ``catalog``, which lie
    at ``layout`` (n, 2).

    The mean position of the ``NEIGHBORS`` nearest tracks, each weighing 1 / distance^``POWER``
    (Shepard, 1968): a sound at no distance from a track lands on it.
    """
    return landing(embedding, catalog.points, layout)


def landing(embedding: Floats, points: Points, layout: Floats) -> tuple[float, float]:
    """The same among ``points`` (n, d)."""
    rows, distances = points.nearest(embedding, NEIGHBORS)
    if distances[0] == 0:
        x, y = layout[rows[0]]
    else:
        weights = (distances[0] / distances) ** POWER
        x, y = weights @ layout[rows] / weights.sum()
    return float(x), float(y)


def layout_of(own: Catalog, catalog: Catalog, layout: Floats, advance: Advance) -> Floats:
    """Positions float32 (m, 2) of another catalog of the same bundle among the tracks of
    ``catalog`` at ``layout``; ``advance`` is called with how many are done.
    """
    places = np.empty((len(own), 2), np.float32)
    for row, embedding in enumerate(own.points.values):
        places[row] = place(embedding, catalog, layout)
        advance(row + 1)
    return places
