"""How alike two tracks are to somebody's taste: by sound, by what they are filed under, by artist.

The likeness of two tracks is the inner product of their features (Rasmussen & Williams, Gaussian
Processes for Machine Learning, 2006, section 2.1): the embedding, centered and scaled; what the
archive files them under (``subgenres``), a unit vector for each track; and one axis per artist.
A linear model of taste over these features needs nothing but likenesses.
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
    """How much each part counts, >= 0: the likeness of a track with itself, on average."""

    sound: float = 0.5
    filed: float = 1.0
    artist: float = 0.5


SHARES = Shares()


@dataclass(frozen=True, slots=True)
class Features:
    """Of n tracks: ``values`` float64 (n, d), sound and filing; ``artists`` int64 (n,) numbers;
    ``artist_share`` the likeness that one artist's tracks have for being one artist's.
    """

    values: Matrix
    artists: npt.NDArray[np.int64]
    artist_share: float

    def at(self, places: Rows) -> Features:
        """Those of some of the tracks."""
        return Features(self.values[places], self.artists[places], self.artist_share)

    def likeness(self, other: Features) -> Matrix:
        """float64 (n, n_other), symmetric in the two and positive semidefinite."""
        same = self.artists[:, None] == other.artists
        return np.asarray(self.values @ other.values.T + self.artist_share * same)


class Likeness:
    """The features of every track of a catalog, scaled once."""

    def __init__(self, catalog: Catalog, shares: Shares) -> None:
        self._shares = shares
        self._sounds = _scaled(catalog.points.values) * np.float32(np.sqrt(shares.sound))
        self._filed, self._n_names = _filed(catalog.columns["subgenres"])
        self._artists = np.unique(catalog.artists, return_inverse=True)[1].astype(np.int64)

    def of(self, rows: Rows) -> Features:
        """Features of the tracks of ``rows`` (n,)."""
        filed = np.zeros((len(rows), self._n_names + 1))
        np.put_along_axis(filed, self._filed[rows], 1.0, axis=1)
        filed = filed[:, :-1]  # the last column took what was padded
        count = np.maximum(filed.sum(axis=1, keepdims=True), 1)
        filed *= np.sqrt(self._shares.filed / count)
        return Features(
            np.hstack([self._sounds[rows], filed]), self._artists[rows], self._shares.artist
        )


@lru_cache(maxsize=4)
def likeness_of(catalog: Catalog, shares: Shares = SHARES) -> Likeness:
    """The catalog's likeness, made once."""
    return Likeness(catalog, shares)


def _scaled(embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Centered on the catalog's middle, mean square length 1."""
    centered = embeddings - embeddings.mean(axis=0)
    mean_square = float(np.einsum("ij,ij->", centered, centered)) / len(centered)
    return np.asarray(centered / np.float32(np.sqrt(mean_square or 1.0)), dtype=np.float32)


def _filed(column: tuple[str, ...]) -> tuple[Rows, int]:
    """Numbers of each track's sub-genres, int64 (n, most), padded with the number of names."""
    lists = [[name for name in cell.split("|") if name] for cell in column]
    numbers = {name: i for i, name in enumerate(sorted({name for one in lists for name in one}))}
    filed = np.full((len(lists), max(1, *map(len, lists))), len(numbers), np.int64)
    for row, names in enumerate(lists):
        filed[row, : len(names)] = [numbers[name] for name in names]
    return filed, len(numbers)
