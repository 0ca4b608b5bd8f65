"""Exact nearest neighbors: a fast pass in float32, then the few candidates in float64."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from soundmap.types import Floats

METRICS = ("euclidean", "cosine")
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_BLOCKS_A_NEIGHBOR = 8


class Points:
    """Points to search, ``values`` float32 (n, d).  Ties are ordered by row."""

    def __init__(self, values: Floats) -> None:
        self.values = values

    def nearest(
        self, query: Floats, k: int, metric: str = "euclidean", keep: Mask | None = None
    ) -> tuple[Rows, npt.NDArray[np.float64]]:
        """The ``k`` rows nearest to ``query`` (d,), and their distances float64 (k,), ascending.

        Distances are ||x - q||, or 1 - cos(x, q) for ``cosine``.  Only rows in the mask ``keep``
        (n,) count; if there are fewer than ``k``, all are returned.  The result equals sorting all
        distances computed in float64.
        """
        rows = self._candidates(query, k, metric, keep)
        return first_of(rows, self.values[rows], query, k, metric)

    def _candidates(self, query: Floats, k: int, metric: str, keep: Mask | None) -> Rows:
        """All rows that may be among the first ``k``, given float32 rounding errors."""
        n_kept = len(self.values) if keep is None else np.count_nonzero(keep)
        if not 0 < k < n_kept:
            return np.arange(n_kept) if keep is None else np.flatnonzero(keep)
        rough, error = self._rough(query, metric)
        if keep is not None:
            rough[~keep] = np.inf
        return np.flatnonzero(rough <= _reach_of(rough, k) + 2 * error)

    def _rough(self, query: Floats, metric: str) -> tuple[Floats, float]:
        """A float32 score (n,) that increases with distance, and a bound of its rounding error."""
        products = self.values @ query
        unit = 4 * len(query) * float(np.finfo(np.float32).eps)
        if metric == "cosine":
            lengths = np.sqrt(self._squares) * np.linalg.norm(query)
            return -products / np.maximum(lengths, np.finfo(np.float32).tiny), unit
        largest = float(self._squares.max()) + float(query @ query)
        return self._squares - 2 * products, unit * largest

    @cached_property
    def _squares(self) -> Floats:
        return np.asarray(np.einsum("ij,ij->i", self.values, self.values))


def first_of(
    rows: Rows, points: Floats, query: Floats, k: int, metric: str
) -> tuple[Rows, npt.NDArray[np.float64]]:
    """The ``k`` nearest to ``query`` of ``rows`` (n,), which lie at ``points`` (n, d)."""
    distances = distances_to(points, query, metric)
    order = np.lexsort((rows, distances))[:k]
    return rows[order], distances[order]


def distances_to(
    points: Floats, query: Floats, metric: str = "euclidean"
) -> npt.NDArray[np.float64]:
    """Distances of ``points`` (n, d) to ``query`` (d,), float64 (n,)."""
    x, q = points.astype(np.float64), query.astype(np.float64)
    if metric == "euclidean":
        return np.asarray(np.sqrt(((x - q) ** 2).sum(axis=1)))
    lengths = np.sqrt((x**2).sum(axis=1) * (q @ q))
    products = (x * q).sum(axis=1)  # not BLAS: equal rows must have equal distances
    return np.asarray(1 - products / np.maximum(lengths, np.finfo(np.float64).tiny))


def _reach_of(rough: Floats, k: int) -> float:
    """An upper bound of the ``k``-th smallest of ``rough`` (n,), close to it.

    The bound is the ``k``-th smallest of the minima of blocks: at least ``k`` values are no larger.
    Taking minima is several times faster than partitioning all values.
    """
    width = len(rough) // (_BLOCKS_A_NEIGHBOR * k)
    if width > 1:
        least = rough[: len(rough) // width * width].reshape(-1, width).min(axis=1)
        reach = float(np.partition(least, k - 1)[k - 1])
        if np.isfinite(reach):
            return reach
    return float(np.partition(rough, k - 1)[k - 1])
