"""The order in which a list plays most smoothly: the largest step as small as can be found.

Like ``chain`` it minimizes the sum of the ``POWER``-th powers of the steps, which the largest one
dominates.  From several orders it reverses stretches until none of that helps (2-opt: Croes, *A
method for solving traveling-salesman problems*, 1958), and takes the best.
"""

from __future__ import annotations

import numpy as np

from soundmap.paths.chain import POWER, Numbers
from soundmap.search.exact import Rows
from soundmap.types import Floats

_TRIES = 8  # first tracks from which always the nearest is next
_GAIN = 1e-9  # of the cost; less is rounding


def steps_of(points: Floats, start: Floats | None = None) -> Numbers:
    """Distances from each of ``points`` (n, d) to the next, the first from ``start`` if any."""
    stops = points if start is None else np.vstack([start, points])
    return np.asarray(np.linalg.norm(np.diff(stops.astype(np.float64), axis=0), axis=1))


def smooth_order(points: Floats, start: Floats | None = None) -> Rows:
    """An order of ``points`` (n, d), int64 (n,), whose largest step is at most that of theirs.

    It begins near ``start`` (d,) if there is one, which is then the first step.
    """
    ranked = np.arange(len(points))
    if len(points) < 2:
        return ranked
    costs = _costs(points, start)
    first = [ranked, *(_by_nearest(costs, at) for at in np.argsort(costs[-1, :-1])[:_TRIES])]
    found = min((_improved(it, costs) for it in first), key=lambda it: _sum(it, costs))
    if steps_of(points[found], start).max() > steps_of(points, start).max():
        return ranked
    return found


def _costs(points: Floats, start: Floats | None) -> Numbers:
    """Costs of steps (n + 1, n + 1); row n is the start, to which there is no way back."""
    n = len(points)
    stops = np.vstack([points, points[:1] if start is None else start]).astype(np.float64)
    distances = np.linalg.norm(stops[:, None] - stops[None], axis=2)
    costs = np.asarray((distances / (distances.max() or 1.0)) ** POWER)
    if start is None:
        costs[n] = 0.0
    costs[:, n] = 0.0  # as the stop behind the last one: ending costs nothing
    return costs


def _by_nearest(costs: Numbers, first: int) -> Rows:
    """From a ``first`` track always to the nearest that is left."""
    order, left = [first], np.delete(np.arange(len(costs) - 1), first)
    while len(left):
        at = int(costs[order[-1], left].argmin())
        order.append(int(left[at]))
        left = np.delete(left, at)
    return np.array(order, np.int64)


def _sum(order: Rows, costs: Numbers) -> float:
    end = np.array([len(costs) - 1])
    stops = np.concatenate([end, order, end])
    return float(costs[stops[:-1], stops[1:]].sum())


def _improved(order: Rows, costs: Numbers) -> Rows:
    """The order after all reversals that make it cheaper."""
    best = _sum(order, costs)
    while True:
        changed = _reversed(order, costs)
        if (cost := _sum(changed, costs)) >= best * (1 - _GAIN):
            return order
        order, best = changed, cost


def _reversed(order: Rows, costs: Numbers) -> Rows:
    """The order with the one stretch reversed that gains most."""
    end = len(order)
    before, after = np.concatenate([[end], order[:-1]]), np.concatenate([order[1:], [end]])
    own_in, own_out = costs[before, order][:, None], costs[order, after][None]
    gains = own_in + own_out - costs[np.ix_(before, order)] - costs[np.ix_(order, after)]
    first, last = np.unravel_index(int(np.triu(gains, 1).argmax()), gains.shape)
    changed = order.copy()
    changed[first : last + 1] = changed[first : last + 1][::-1]
    return changed
