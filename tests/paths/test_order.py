"""The smooth order of a list."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from soundmap.bundle.listener import Listener
from soundmap.paths.order import smooth_order, steps_of
from soundmap.recommendation.request import Request
from soundmap.types import Floats


def cloud(n: int, seed: int, d: int = 4) -> Floats:
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def largest(points: Floats, start: Floats | None = None) -> float:
    return float(steps_of(points, start).max(initial=0.0))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 40, 100])
@pytest.mark.parametrize("with_start", [False, True])
def test_no_track_is_lost_and_the_largest_step_never_grows(n: int, with_start: bool) -> None:
    for seed in range(3):
        points, start = cloud(n, seed), cloud(1, 99)[0] if with_start else None
        order = smooth_order(points, start)
        assert sorted(order.tolist()) == list(range(n))
        assert largest(points[order], start) <= largest(points, start)


@pytest.mark.parametrize("with_start", [False, True])
def test_of_a_few_tracks_it_is_nearly_the_best_of_all_orders(with_start: bool) -> None:
    shares = []
    for seed in range(12):
        points, start = cloud(7, seed), cloud(1, 99)[0] if with_start else None
        best = min(largest(points[list(it)], start) for it in permutations(range(7)))
        shares.append(largest(points[smooth_order(points, start)], start) / best)
    assert np.mean(shares) < 1.02
    assert max(shares) < 1.2


def test_points_on_a_line_are_walked_along() -> None:
    line = np.arange(50, dtype=np.float32)[:, None]
    mixed = line[np.random.default_rng(0).permutation(50)]
    assert largest(mixed[smooth_order(mixed, line[0])], line[0]) == 1.0


def test_equal_points_are_in_order() -> None:
    assert sorted(smooth_order(np.zeros((5, 3), np.float32)).tolist()) == list(range(5))


def test_the_largest_step_of_lists_of_the_catalog_is_a_quarter_less(listener: Listener) -> None:
    catalog, roughness = listener.catalog, []
    for row in range(100, 7000, 700):
        heard = listener.manifest.analysis_of(catalog, row)
        picks = listener.recommend(heard, Request(count=30)).picks
        points = np.array(
            [catalog.points.values[catalog.row_of(it.track.track_id)] for it in picks]
        )
        smooth = points[smooth_order(points, heard.embedding)]
        roughness.append(largest(smooth, heard.embedding) / largest(points, heard.embedding))
    print(f"largest step, smooth to ranked: {np.mean(roughness):.2f}")
    assert np.mean(roughness) < 0.75
