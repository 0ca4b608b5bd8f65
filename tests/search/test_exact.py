from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from soundmap.search.exact import METRICS, Mask, Points, Rows
from soundmap.types import Floats


def naive(values: Floats, query: Floats, k: int, metric: str, keep: Mask) -> Rows:
    """All distances in float64, sorted by (distance, row)."""
    x, q = values.astype(np.float64), query.astype(np.float64)
    if metric == "euclidean":
        distances = np.sqrt(((x - q) ** 2).sum(axis=1))
    else:
        lengths = np.sqrt((x**2).sum(axis=1) * (q @ q))
        distances = 1 - (x * q).sum(axis=1) / np.maximum(lengths, np.finfo(np.float64).tiny)
    distances[~keep] = np.inf
    order = np.lexsort((np.arange(len(x)), distances))
    return order[: min(k, int(keep.sum()))]


@settings(max_examples=200, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    n=st.integers(1, 400),
    k=st.integers(1, 40),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
    offset=st.sampled_from([0.0, 10.0, 1e3]),
    metric=st.sampled_from(METRICS),
)
def test_nearest_equals_naive(
    seed: int, n: int, k: int, scale: float, offset: float, metric: str
) -> None:
    rng = np.random.default_rng(seed)
    values = (offset + scale * rng.standard_normal((n, 40))).astype(np.float32)
    values[rng.integers(n, size=n // 3)] = values[0]  # ties
    query = values[rng.integers(n)] + np.float32(scale * rng.choice([0, 1e-4, 1]))
    keep = rng.random(n) < 0.8
    rows, distances = Points(values).nearest(query, k, metric, keep)
    np.testing.assert_array_equal(rows, naive(values, query, k, metric, keep))
    assert (np.diff(distances) >= 0).all()


@pytest.mark.parametrize("metric", METRICS)
def test_nearest_equals_scikit_learn(metric: str) -> None:
    rng = np.random.default_rng(1)
    values = rng.standard_normal((500, 40)).astype(np.float32)
    query = rng.standard_normal(40).astype(np.float32)
    rows, distances = Points(values).nearest(query, 10, metric)
    model = NearestNeighbors(n_neighbors=10, metric=metric, algorithm="brute").fit(values)
    their_distances, their_rows = model.kneighbors(query[None])
    np.testing.assert_array_equal(rows, their_rows[0])
    np.testing.assert_allclose(distances, their_distances[0], rtol=1e-4)


def test_ties_go_to_the_first_row() -> None:
    rows, _ = Points(np.ones((9, 4), np.float32)).nearest(np.zeros(4, np.float32), 4)
    np.testing.assert_array_equal(rows, [0, 1, 2, 3])


def test_nothing_kept_nothing_found() -> None:
    points = Points(np.ones((3, 4), np.float32))
    rows, distances = points.nearest(np.zeros(4, np.float32), 2, keep=np.zeros(3, bool))
    assert len(rows) == len(distances) == 0
