"""Chains of points from one end to another, in steps as small as possible.

``smoothest`` looks for the chain whose largest step is smallest.  It minimizes the sum of the
``POWER``-th powers of the steps, which the largest one dominates, by dynamic programming over the
places of the chain (Bellman, *Dynamic programming*, 1957).  ``straight`` is the usual method, to
compare with: it takes the nearest point to each of n evenly spaced places on the line between the
ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from soundmap.search.exact import Mask, Rows, distances_to
from soundmap.types import Floats

POWER = 12
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Field:
    """Two ends, ``start`` (d,) and ``end`` (d,), and the ``points`` (m, d) between them.

    ``kinds`` are int64 (m, k).  No two points of a chain may have the same number in a column: one
    column keeps artists apart, for example.  With no columns, a point may repeat.
    """

    start: Floats
    end: Floats
    points: Floats
    kinds: Rows

    def steps(self, chain: Rows) -> Numbers:
        """Lengths of the steps from the start through ``chain`` (n,) to the end, (n + 1,)."""
        stops = np.vstack([self.start, self.points[chain], self.end]).astype(np.float64)
        return np.asarray(np.linalg.norm(np.diff(stops, axis=0), axis=1))


def smoothest(field: Field, n: int) -> Rows:
    """A chain of ``n`` points, int64 (n,), or of as many as ``straight`` finds if that is fewer.

    Its largest step is never larger than that of ``straight``.  The chain is not always optimal: if
    a kind occurs twice, it is restricted to the place where it costs least and the search repeats.
    """
    plain = straight(field, n)
    found = _chain(field, len(plain))
    if found is None or field.steps(found).max() > field.steps(plain).max():
        return plain
    return found


def straight(field: Field, n: int) -> Rows:
    """The nearest free point to each of ``n`` places on the line; fewer if none is left."""
    shares = np.linspace(0, 1, n + 2)[1:-1]
    chain: list[int] = []
    free = np.ones(len(field.points), np.bool_)
    for share in shares:
        place = field.start + np.float32(share) * (field.end - field.start)
        if not free.any():
            break
        distances = np.where(free, distances_to(field.points, place), np.inf)
        chain.append(int(distances.argmin()))
        free &= ~(field.kinds == field.kinds[chain[-1]]).any(axis=1)
    return np.array(chain, np.int64)


def _chain(field: Field, n: int) -> Rows | None:
    """A chain of ``n`` points without a repeated kind, None if the search finds none."""
    if not n:
        return None
    costs = _Costs.of(field)
    open_to = np.ones((n, len(field.points)), np.bool_)
    while (chain := costs.least(open_to)) is not None:
        repeated = _repeated(field.kinds[chain])
        if not repeated:
            return chain
        prices = costs.along(chain)
        for column, kind in repeated:
            alike = field.kinds[:, column] == kind
            places = np.flatnonzero(alike[chain])
            best = places[prices[places].argmin()]
            open_to[np.arange(n) != best] &= ~alike
    return None


def _repeated(kinds: Rows) -> list[tuple[int, int]]:
    """(column, number) of each kind that occurs more than once in ``kinds`` (n, k)."""
    found = []
    for column, numbers in enumerate(kinds.T):
        values, counts = np.unique(numbers, return_counts=True)
        found += [(column, int(value)) for value in values[counts > 1]]
    return found


@dataclass(frozen=True, slots=True)
class _Costs:
    """Costs of steps: from the start to each point (m,), between points (m, m), to the end."""

    first: Floats
    between: Floats
    last: Floats

    @classmethod
    def of(cls, field: Field) -> _Costs:
        """Powers of distances, in units of a typical distance so that they fit float32."""
        points, ends = field.points, np.stack([field.start, field.end])
        unit = float(distances_to(points, field.start).mean()) or 1.0
        first, last = _powers(ends, points, unit)
        between = _powers(points, points, unit)
        np.fill_diagonal(between, np.inf)
        return cls(first, between, last)

    def least(self, open_to: Mask) -> Rows | None:
        """The cheapest chain whose k-th point is open in row k of ``open_to`` (n, m), or None."""
        best, came_from = np.where(open_to[0], self.first, np.inf), []
        every = np.arange(len(self.first))
        for place in open_to[1:]:
            through = self.between + best  # symmetric, so row j holds all ways to reach j
            cheapest = through.argmin(axis=1)
            came_from.append(cheapest)
            best = np.where(place, through[every, cheapest], np.inf)
        best = best + self.last
        at = int(best.argmin())
        if not np.isfinite(best[at]):
            return None
        chain = [at]
        for cheapest in reversed(came_from):
            chain.append(int(cheapest[chain[-1]]))
        return np.array(chain[::-1], np.int64)

    def along(self, chain: Rows) -> Floats:
        """The summed cost of the steps to and from each point of a chain (n,), (n,)."""
        steps = self.between[chain[:-1], chain[1:]]
        to = np.concatenate([self.first[chain[:1]], steps])
        return np.asarray(to + np.concatenate([steps, self.last[chain[-1:]]]))


def _powers(a: Floats, b: Floats, unit: float) -> Floats:
    """``POWER``-th powers of the distances between rows of (n, d) and (m, d), float32 (n, m)."""
    a, b = a / np.float32(unit), b / np.float32(unit)
    squares = np.einsum("ij,ij->i", a, a)[:, None] + np.einsum("ij,ij->i", b, b) - 2 * a @ b.T
    return np.asarray(np.maximum(squares, 0) ** (POWER // 2), dtype=np.float32)
