"""Lists without an artist or a recording twice, from rows in the order of their nearness."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from soundmap.catalog.table import Catalog
from soundmap.search.exact import Rows

Near = tuple[int, float]
"""A row of the catalog and its distance to the sound."""


def spread(found: list[Near], stride: int) -> list[Near]:
    """Every ``stride``-th row, then those in between, so that roaming never shortens a list."""
    skipped = [pair for index, pair in enumerate(found) if index % stride]
    return found[::stride] + skipped


def distinct(
    catalog: Catalog, rows: Rows, distances: npt.NDArray[np.float64], most: int
) -> list[Near]:
    """The first ``most`` rows without a repeated artist or recording."""
    artists: set[str] = set()
    uploads: set[int] = set()
    found: list[Near] = []
    columns = (rows, distances, catalog.artists[rows], catalog.uploads[rows])
    for row, distance, artist, upload in zip(*(c.tolist() for c in columns), strict=True):
        if len(found) == most:
            break
        if artist not in artists and upload not in uploads:
            found.append((row, distance))
            artists.add(artist)
            uploads.add(upload)
    return found
