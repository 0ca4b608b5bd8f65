"""An order of tracks in which each sounds like the one before, as far as that goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from soundmap.catalog.table import Catalog
from soundmap.mix.find import Mix
from soundmap.types import Floats

Distances = npt.NDArray[np.float64]
_POWER = 8  # the largest steps dominate a sum of such powers


def smooth_order(points: Floats) -> list[int]:
    """Places of ``points`` (n, d) in an order that begins with the first and whose largest step is
    small: never larger than as they stand.

    Goes to the nearest that is left, then turns parts of the order around as long as that helps
    (2-opt: Croes, Operations Research 6, 1958).
    """
    if len(points) < 3:
        return list(range(len(points)))
    exact = points.astype(np.float64)
    lengths = np.linalg.norm(exact[:, None] - exact, axis=2)
    costs = (lengths / (lengths.mean() or 1.0)) ** _POWER
    found = _untangled(_greedy(costs), costs)
    return min((found, list(range(len(points)))), key=lambda order: largest(lengths, order))


def smoothed(mix: Mix, catalog: Catalog) -> Mix:
    """The same mix in a smooth order, ranked anew."""
    picks = [mix.picks[it] for it in smooth_order(points_of(mix, catalog))]
    ranked = (replace(it, pick=replace(it.pick, rank=at)) for at, it in enumerate(picks, start=1))
    return replace(mix, picks=tuple(ranked))


def points_of(mix: Mix, catalog: Catalog) -> Floats:
    """Embeddings of the picks of a mix, float32 (n, d)."""
    rows = [catalog.row_of(it.pick.track.track_id) for it in mix]
    return np.array(catalog.points.values[rows])


def steps_of(points: Floats) -> Distances:
    """Lengths of the steps from each of ``points`` (n, d) to the next, float64 (n - 1,)."""
    return np.asarray(np.linalg.norm(np.diff(points.astype(np.float64), axis=0), axis=1))


def largest(lengths: Distances, order: list[int]) -> float:
    """The largest step of an order, given the distances (n, n)."""
    return float(lengths[order[:-1], order[1:]].max())


def _greedy(costs: Distances) -> list[int]:
    order, left = [0], set(range(1, len(costs)))
    while left:
        order.append(min(left, key=lambda it: (costs[order[-1], it], it)))
        left.remove(order[-1])
    return order


def _untangled(order: list[int], costs: Distances) -> list[int]:
    """The order after all turns that make it cheaper; the first point stays first."""
    n, better = len(order), True
    while better:
        better = False
        for start in range(1, n - 1):
            for end in range(start + 1, n):
                turned = _turned_cost(order, costs, start, end)
                if turned < -1e-9:
                    order[start : end + 1] = order[start : end + 1][::-1]
                    better = True
    return order


def _turned_cost(order: list[int], costs: Distances, start: int, end: int) -> float:
    """What it adds to the cost to turn the part from ``start`` to ``end`` around."""
    before, first, last = order[start - 1], order[start], order[end]
    added = costs[before, last] - costs[before, first]
    if end + 1 < len(order):
        added += costs[first, order[end + 1]] - costs[last, order[end + 1]]
    return float(added)
