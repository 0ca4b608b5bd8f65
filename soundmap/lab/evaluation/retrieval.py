"""How good neighbors are: genre precision, nDCG, and whether a few tracks are near everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.lab.bootstrap import resampled
from soundmap.search.exact import Mask, Rows
from soundmap.types import Floats

METRICS = ("euclidean", "cosine", "standardized")
DEPTH = 10
UNKNOWN = -1
Doubles = npt.NDArray[np.float64]

_CELLS = 4_000_000  # distances in memory at once: 32 MB


@dataclass(frozen=True, slots=True)
class Tracks:
    """Points of a space, ``values`` (n, d), and what is known of each.

    ``genres``, ``recordings`` and ``artists`` are int64 (n,): equal numbers mean the same genre,
    recording or artist, across queries and catalog.  ``UNKNOWN`` equals nothing.
    """

    values: Floats
    genres: Rows
    recordings: Rows
    artists: Rows

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Found:
    """What n queries found among ``n_rows`` of a catalog.

    ``rows`` int64 (n, DEPTH), nearest first, ``UNKNOWN`` where the catalog had no more; ``hits``
    bool (n, DEPTH), those of the query's genre; ``relevant`` int64 (n,), how many rows of that
    genre could have been found.
    """

    rows: Rows
    hits: Mask
    relevant: Rows
    n_rows: int


def find(
    queries: Tracks, catalog: Tracks, metric: str = "euclidean", artists_apart: bool = True
) -> Found:
    """The ``DEPTH`` nearest rows to each query, never of its own recording.

    ``artists_apart`` also leaves out rows of its artist.  ``standardized`` is Euclidean after each
    dimension is divided by its standard deviation over the catalog.
    """
    center, scale = _frame(catalog.values, metric)
    points, asked = (_placed(one.values, center, scale, metric) for one in (catalog, queries))
    squares = np.einsum("ij,ij->i", points, points)

    def distances(some: slice) -> Doubles:
        return np.asarray(squares - 2 * asked[some] @ points.T)

    return _found(queries, catalog, distances, artists_apart)


def find_at_random(
    queries: Tracks, catalog: Tracks, seed: int = 0, artists_apart: bool = True
) -> Found:
    """``DEPTH`` random rows for each query, of those that ``find`` would consider."""
    rng = np.random.default_rng(seed)

    def distances(some: slice) -> Doubles:
        return rng.random((some.stop - some.start, len(catalog)))

    return _found(queries, catalog, distances, artists_apart)


def measures(found: Found) -> dict[str, Any]:
    """Measures of what was found, ready for JSON.

    ``precision_at_k``: share of the query's genre among the first k.  ``ndcg_at_10``: gains 1 /
    log2(rank + 1), divided by those of the best possible list (Jarvelin and Kekalainen, TOIS
    2002).  ``skewness_k10``: skewness of how often each row is among the ten (Radovanovic et al.,
    JMLR 2010), 0 where all are equally often; ``never_recommended``: share of rows that never are.
    """
    hits, discounts = found.hits, 1 / np.log2(np.arange(2, DEPTH + 2))
    best = np.append(0, np.cumsum(discounts))[np.minimum(found.relevant, DEPTH)]
    gains = hits @ discounts
    given = np.bincount(found.rows[found.rows != UNKNOWN], minlength=found.n_rows)
    return {
        "queries": len(hits),
        "rows": found.n_rows,
        **{f"precision_at_{k}": float(hits[:, :k].mean()) for k in (1, 5, 10)},
        "precision_at_5_ci95": list(bootstrap_interval(hits[:, :5].mean(axis=1))),
        "ndcg_at_10": float(np.divide(gains, best, where=best > 0, out=0 * gains).mean()),
        "skewness_k10": skewness(given),
        "never_recommended": float((given == 0).mean()),
    }


def skewness(counts: npt.NDArray[np.generic]) -> float:
    """Third standardized moment of a population; 0 where nothing varies."""
    offsets = counts - counts.astype(np.float64).mean()
    spread = float((offsets**2).mean())
    return float((offsets**3).mean() / spread**1.5) if spread else 0.0


def bootstrap_interval(values: Doubles, seed: int = 0) -> tuple[float, float]:
    """95 % percentile interval of the mean of ``values`` (n,) over queries (Efron, 1979).

    Few values are distinct, so it draws how often each of them occurs, for all resamples at once.
    """
    distinct, counts = np.unique(values, return_counts=True)
    drawn = resampled(len(values), counts / len(values), seed)
    low, high = np.quantile(drawn @ distinct / len(values), (0.025, 0.975))
    return float(low), float(high)


def _frame(values: Floats, metric: str) -> tuple[Doubles, Doubles]:
    """What to subtract from every point, and what to divide it by: (d,) each."""
    if metric == "cosine":
        return np.zeros(values.shape[1]), np.ones(values.shape[1])
    center = values.mean(axis=0, dtype=np.float64)  # the same distances, less rounding
    if metric == "euclidean":
        return center, np.ones(values.shape[1])
    spread = values.std(axis=0, dtype=np.float64)
    return center, np.where(spread > 0, spread, 1)


def _placed(values: Floats, center: Doubles, scale: Doubles, metric: str) -> Doubles:
    points = (values - center) / scale
    if metric != "cosine":
        return points
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points / np.maximum(lengths, np.finfo(np.float64).tiny))


def _found(
    queries: Tracks, catalog: Tracks, distances: Callable[[slice], Doubles], artists_apart: bool
) -> Found:
    rows = np.full((len(queries), DEPTH), UNKNOWN)
    relevant = np.zeros(len(queries), np.int64)
    for some in _batches(len(queries), len(catalog)):
        barred = _shared(queries.recordings[some], catalog.recordings)
        if artists_apart:
            barred |= _shared(queries.artists[some], catalog.artists)
        first = _first(np.where(barred, np.inf, distances(some)))
        rows[some, : first.shape[1]] = first
        same = _shared(queries.genres[some], catalog.genres)
        relevant[some] = (same & ~barred).sum(axis=1)
    hits = (catalog.genres[rows] == queries.genres[:, None]) & (rows != UNKNOWN)
    return Found(rows, hits, relevant, len(catalog))


def _batches(n_queries: int, n_rows: int) -> Iterator[slice]:
    size = max(1, _CELLS // n_rows)
    for start in range(0, n_queries, size):
        yield slice(start, min(start + size, n_queries))


def _shared(asked: Rows, offered: Rows) -> Mask:
    """Which queries and rows share a known number: bool (n_queries, n_rows)."""
    shared: Mask = (asked[:, None] == offered) & (asked[:, None] != UNKNOWN)
    return shared


def _first(distances: Doubles) -> Rows:
    """Rows by distance, ties by row number; ``UNKNOWN`` for those infinitely far away."""
    k = min(DEPTH, distances.shape[1])
    rows = np.sort(np.argpartition(distances, k - 1, axis=1)[:, :k], axis=1)
    near = np.take_along_axis(distances, rows, axis=1)
    order = near.argsort(axis=1, kind="stable")
    rows = np.take_along_axis(rows, order, axis=1)
    rows[np.isinf(np.take_along_axis(near, order, axis=1))] = UNKNOWN
    return rows
