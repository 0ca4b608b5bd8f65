"""Rules to mix by, side by side: the one in use and those it was chosen from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from soundmap.mix.rule import Distances, nearest_of, scores
from soundmap.types import Floats

_RANKS = 60  # of reciprocal rank fusion, as published
_NONE = np.empty((0, 0))


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Seeds and sounds to stay away from, as ``points`` see them.

    ``points`` (n, d) are a catalog's; ``near`` (n, k) and ``away`` (n, m) their distances to the
    sounds at ``seeds`` (k, d) and ``without`` (m, d).  ``scale`` is how far the 20th neighbor of a
    track is, as a rule.
    """

    points: Floats
    seeds: Floats
    without: Floats
    near: Distances
    away: Distances
    scale: float

    @property
    def plain(self) -> Distances:
        """The score in use, as if there were nothing to stay away from."""
        return scores(self.near, _NONE)


Rule = Callable[[Asked], Distances]
"""A score of each row, lowest first; infinite for those that are left out."""


def _to(point: Floats, asked: Asked) -> Distances:
    return np.asarray(((asked.points - point) ** 2).sum(axis=1), np.float64)


def _reciprocal_ranks(asked: Asked) -> Distances:
    ranks = asked.near.argsort(axis=0, kind="stable").argsort(axis=0)
    return np.asarray(-(1 / (_RANKS + 1 + ranks)).sum(axis=1))


def _kernels(asked: Asked) -> Distances:
    return np.asarray(-np.exp(-asked.near / asked.scale).sum(axis=1))


NEAR: dict[str, Rule] = {
    "harmonic": lambda asked: asked.plain,
    "mean": lambda asked: _to(asked.seeds.mean(axis=0), asked),
    "any": lambda asked: nearest_of(asked.near),
    "ranks": _reciprocal_ranks,
    "distances": lambda asked: np.asarray(asked.near.mean(axis=1)),
    "geometric": lambda asked: np.asarray(np.log(asked.near + 1e-9).mean(axis=1)),
    "kernels": _kernels,
}
"""The rule in use; nearest to the mean of the seeds; nearest to any of them; reciprocal rank fusion
(Cormack et al., SIGIR 2009); the mean distance; their geometric mean; the mean of kernels
exp(-d / scale)."""


def _subtracted(share: float) -> Rule:
    """Nearest to the mean of the seeds, moved away from the mean of the others."""

    def rule(asked: Asked) -> Distances:
        near, away = asked.seeds.mean(axis=0), asked.without.mean(axis=0)
        return _to(near + share * (near - away), asked)

    return rule


def _outside(radii: float) -> Rule:
    return lambda asked: np.where(nearest_of(asked.away) < radii * asked.scale, np.inf, asked.plain)


def _nearer(asked: Asked) -> Distances:
    return np.where(nearest_of(asked.away) > nearest_of(asked.near), 0, np.inf)


def _margin(share: float) -> Rule:
    """By the margin, with a power of the distance to the others; only what is nearer to a seed."""

    def rule(asked: Asked) -> Distances:
        away = np.maximum(nearest_of(asked.away), 1e-9)
        return np.asarray(asked.plain / away**share + _nearer(asked))

    return rule


AWAY: dict[str, Rule] = {
    "none": lambda asked: asked.plain,
    "margin": lambda asked: scores(asked.near, asked.away) + _nearer(asked),
    "margin_50": _margin(0.5),
    "margin_100": _margin(1.0),
    "nearer": _margin(0.0),
    "radius": _outside(1.0),
    "wide_radius": _outside(2.0),
    "subtracted": _subtracted(0.5),
    "all_subtracted": _subtracted(1.0),
}
"""Nothing; the rule in use; the same with other powers of the distance to the nearest of the
others; only what is nearer to a seed than to them; outside a radius of one or two scales; half or
all of the mean of the others subtracted."""
