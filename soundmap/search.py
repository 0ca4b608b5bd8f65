"""Exact nearest neighbors: a fast pass in float32, then the few that can matter in float64."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from soundmap.types import Floats

METRICS = ("euclidean", "cosine")
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Points:
    """``values`` float32 (n, d).  Ties are answered in the order of the rows."""

    values: Floats
    _squares: Floats = field(init=False)

    def __post_init__(self) -> None:
        self._squares = np.einsum("ij,ij->i", self.values, self.values)

    def nearest(
        self, query: Floats, k: int, metric: str = "euclidean", keep: Mask | None = None
    ) -> tuple[Rows, npt.NDArray[np.float64]]:
        """The ``k`` nearest rows to ``query`` (d,) among ``keep`` (n,), with their distances.

        Distances ascend: ||x - q||, or 1 - cos(x, q) for ``cosine``.  Fewer than ``k`` come
        back where fewer are kept.  Equal to sorting all distances computed in float64.
        """
        rows = np.arange(len(self.values)) if keep is None else np.flatnonzero(keep)
        rows = self._candidates(rows, query, k, metric)
        distances = distances_to(self.values[rows], query, metric)
        order = np.lexsort((rows, distances))[:k]
        return rows[order], distances[order]

    def _candidates(self, rows: Rows, query: Floats, k: int, metric: str) -> Rows:
        """Every row that float32 rounding leaves in reach of the first ``k``."""
        if not 0 < k < len(rows):
            return rows
        rough, error = self._rough(query, metric)
        rough = rough[rows]
        near: Mask = rough <= np.partition(rough, k - 1)[k - 1] + 2 * error
        return rows[near]

    def _rough(self, query: Floats, metric: str) -> tuple[Floats, float]:
        """Something that grows with the distance, and a bound of its rounding error."""
        products = self.values @ query
        unit = 4 * len(query) * float(np.finfo(np.float32).eps)
        if metric == "cosine":
            lengths = np.sqrt(self._squares) * np.linalg.norm(query)
            return -products / np.maximum(lengths, np.finfo(np.float32).tiny), unit
        largest = float(self._squares.max()) + float(query @ query)
        return self._squares - 2 * products, unit * largest


def distances_to(
    points: Floats, query: Floats, metric: str = "euclidean"
) -> npt.NDArray[np.float64]:
    """Distance of each row of ``points`` (n, d) to ``query`` (d,), float64 (n,)."""
    x, q = points.astype(np.float64), query.astype(np.float64)
    if metric == "euclidean":
        return np.asarray(np.sqrt(((x - q) ** 2).sum(axis=1)))
    lengths = np.sqrt((x**2).sum(axis=1) * (q @ q))
    products = (x * q).sum(axis=1)  # not BLAS: equal rows must have equal distances
    return np.asarray(1 - products / np.maximum(lengths, np.finfo(np.float64).tiny))
