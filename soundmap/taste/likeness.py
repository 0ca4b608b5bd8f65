"""Likeness of tracks in terms of taste: by sound, by subgenre, by artist.

The likeness of two tracks is the inner product of their features (Rasmussen & Williams, *Gaussian
Processes for Machine Learning*, 2006, section 2.1).  The features are the embedding, centered and
scaled; the track's ``subgenres``, as a unit vector; and one axis per artist.  A linear model of
taste over these features needs only the likenesses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from soundmap.catalog.table import Catalog
from soundmap.search.exact import Rows

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shares:
    """The weight of each part, >= 0: what it adds, on average, to a track's likeness to itself."""

    sound: float = 0.5
    filed: float = 1.0
    artist: float = 0.5


SHARES = Shares()


@dataclass(frozen=True, slots=True)
class Features:
    """The features of n tracks.

    ``values``, float64 (n, d), hold sound and subgenres; ``artists``, int64 (n,), the number of
    each artist.  ``artist_share`` is what a shared artist adds to a likeness.
    """

    values: Matrix
    artists: npt.NDArray[np.int64]
    artist_share: float

    def at(self, places: Rows) -> Features:
        """The features of the tracks at ``places``."""
        return Features(self.values[places], self.artists[places], self.artist_share)

    def likeness(self, other: Features) -> Matrix:
        """The likeness matrix, float64 (n, n_other); positive semidefinite if both are the same."""
        same = self.artists[:, None] == other.artists
        return np.asarray(self.values @ other.values.T + self.artist_share * same)


class Likeness:
    """The features of all tracks of a catalog, scaled once."""

    def __init__(self, catalog: Catalog, shares: Shares) -> None:
        self._shares = shares
        self._sounds = _scaled(catalog.points.values) * np.float32(np.sqrt(shares.sound))
        self._filed, self._n_names = _filed(catalog.columns["subgenres"])
        self._artists = np.unique(catalog.artists, return_inverse=True)[1].astype(np.int64)

    def of(self, rows: Rows) -> Features:
        """The features of the tracks at ``rows`` (n,)."""
        filed = np.zeros((len(rows), self._n_names + 1))
        np.put_along_axis(filed, self._filed[rows], 1.0, axis=1)
        filed = filed[:, :-1]  # the last column collected the padding
        count = np.maximum(filed.sum(axis=1, keepdims=True), 1)
        filed *= np.sqrt(self._shares.filed / count)
        return Features(
            np.hstack([self._sounds[rows], filed]), self._artists[rows], self._shares.artist
        )


@lru_cache(maxsize=4)
def likeness_of(catalog: Catalog, shares: Shares = SHARES) -> Likeness:
    """The likeness of a catalog, cached for the last four."""
    return Likeness(catalog, shares)


def _scaled(embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Embeddings shifted to mean 0 and scaled to a mean square length of 1; same shape."""
    centered = embeddings - embeddings.mean(axis=0)
    mean_square = float(np.einsum("ij,ij->", centered, centered)) / len(centered)
    return np.asarray(centered / np.float32(np.sqrt(mean_square or 1.0)), dtype=np.float32)


def _filed(column: tuple[str, ...]) -> tuple[Rows, int]:
    """Subgenre numbers of each track, int64 (n, most), padded with n_names; and n_names."""
    lists = [[name for name in cell.split("|") if name] for cell in column]
    numbers = {name: i for i, name in enumerate(sorted({name for one in lists for name in one}))}
    filed = np.full((len(lists), max(1, *map(len, lists))), len(numbers), np.int64)
    for row, names in enumerate(lists):
        filed[row, : len(names)] = [numbers[name] for name in names]
    return filed, len(numbers)
