"""Places new sounds on the map without recomputing it."""

from __future__ import annotations

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.search.exact import Points
from soundmap.types import Advance, Floats

NEIGHBORS = 10
POWER = 4


def place(embedding: Floats, catalog: Catalog, layout: Floats) -> tuple[float, float]:
    """Place (x, y), in -1..1, of an ``embedding`` (d,) among tracks at ``layout`` (n, 2).

    It is the mean position of the ``NEIGHBORS`` nearest tracks, weighted by 1 / distance^``POWER``
    (Shepard, 1968).  At distance 0 it is the track's own place.
    """
    return landing(embedding, catalog.points, layout)


def landing(embedding: Floats, points: Points, layout: Floats) -> tuple[float, float]:
    """Place (x, y) of an ``embedding`` (d,) among ``points`` (n, d) at ``layout`` (n, 2)."""
    rows, distances = points.nearest(embedding, NEIGHBORS)
    if distances[0] == 0:
        x, y = layout[rows[0]]
    else:
        weights = (distances[0] / distances) ** POWER
        x, y = weights @ layout[rows] / weights.sum()
    return float(x), float(y)


def layout_of(own: Catalog, catalog: Catalog, layout: Floats, advance: Advance) -> Floats:
    """Layout float32 (m, 2) of the catalog ``own`` among the tracks of ``catalog`` at ``layout``.

    Both catalogs are from the same bundle.  ``advance`` is called with the number of tracks done.
    """
    places = np.empty((len(own), 2), np.float32)
    for row, embedding in enumerate(own.points.values):
        places[row] = place(embedding, catalog, layout)
        advance(row + 1)
    return places
