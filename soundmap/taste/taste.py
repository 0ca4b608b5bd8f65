"""A person's taste, computed from their likes and dislikes alone, in any order.

The number of votes selects a rung of a ladder.  Below ``ROCCHIO_FROM`` lists are plain.  From
there on they move toward what was liked and away from what was not (Rocchio, *Relevance feedback
in information retrieval*, in The SMART Retrieval System, 1971).  From ``BAYES_FROM`` on, a Bayesian
linear model estimates liking and its uncertainty.  ``policies`` implements both.  Below
``FREE_FROM`` most of the plain list stays: see ``Taste.stays``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from soundmap.catalog.table import Catalog
from soundmap.search.exact import Rows

Vector = npt.NDArray[np.float64]

WEIGHTS = {"pick": 1.0, "list": 1.0, "more": 0.5, "hide": 1.0}
HALF_LIFE_DAYS = 30.0
VOTES = ("pick", "list")
"""Likes and dislikes; other kinds are only hints and lift nobody up the ladder."""
ROCCHIO_FROM, BAYES_FROM, FREE_FROM = 3.0, 8.0, 10.0
STAYING_SHARE = 0.6  # of the plain list, until there are enough votes: three of five
MOST_TRACKS, MOST_OF_PRIOR = 200, 50
PRIOR_SIGNALS, PRIOR_SHARE = 3.0, 0.2
DISLIKE_SHARE = 0.25  # of a like's weight: disliked tracks tend to have little in common
_FADED = 1e-6  # after twenty half-lives


@dataclass(frozen=True, slots=True)
class Signal:
    """What a person thinks of a track: ``value`` -1 (disliked) to 1 (liked), ``age_days`` >= 0.

    ``is_vote`` is false if the person neither liked nor disliked anything, but hid an artist or
    wanted more like a track.
    """

    track_id: int
    value: float
    age_days: float = 0.0
    is_vote: bool = True


def signals_of(
    kind: str, track_ids: Sequence[int], liked: bool = True, age_days: float = 0.0
) -> tuple[Signal, ...]:
    """The signals of one act: the weight of its kind, spread evenly over its tracks.

    ``kind`` is ``pick`` for a vote on one track, ``list`` for a vote on a whole list, ``more`` for
    *More like* a track, or ``hide`` for hiding an artist, which is never ``liked``.
    """
    value = WEIGHTS[kind] / max(1, len(track_ids))
    sign = 1 if liked and kind != "hide" else -1
    is_vote = kind in VOTES
    return tuple(Signal(track_id, sign * value, age_days, is_vote) for track_id in track_ids)


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """The judged tracks and how much each judgment counts.

    ``rows`` are int64 (n,).  ``values``, float64 (n,), are -1 or 1, or in between for a track that
    was judged more than once.  ``weights``, float64 (n,) > 0, halve with each half-life.  ``own``,
    bool (n,), is false for what comes from the prior.  ``by_spurned``, bool (n,), marks tracks of
    artists of whom the person hid, disliked or rejected anything, at any time.  ``n_votes`` >= 0
    counts the person's own likes and dislikes, each as 1, on a pick or a list, at any age until it
    has all but faded.
    """

    rows: Rows
    values: Vector
    weights: Vector
    own: npt.NDArray[np.bool_]
    by_spurned: npt.NDArray[np.bool_]
    n_votes: float

    @property
    def rung(self) -> str:
        """``plain``, ``rocchio`` or ``bayes``, by ``n_votes``."""
        if self.n_votes < ROCCHIO_FROM:
            return "plain"
        return "rocchio" if self.n_votes < BAYES_FROM else "bayes"

    def stays(self, count: int) -> int:
        """How many of a plain list of ``count`` must stay in a list by this taste."""
        return math.ceil(STAYING_SHARE * count) if self.n_votes < FREE_FROM else 0

    @property
    def likes(self) -> npt.NDArray[np.bool_]:
        """Which of ``rows`` the person liked, bool (n,)."""
        return np.asarray(self.own & (self.values > 0))

    @property
    def reasons(self) -> npt.NDArray[np.bool_]:
        """Which of ``rows`` may be given as a reason for a pick, bool (n,): liked ones, none by an
        artist whom the person hid or rejected.
        """
        return np.asarray(self.likes & ~self.by_spurned)


def taste_of(
    signals: Iterable[Signal],
    catalog: Catalog,
    prior: Taste | None = None,
    half_life_days: float = HALF_LIFE_DAYS,
) -> Taste:
    """The taste that signals express; their order does not matter.

    Signals about tracks that are not in the catalog are left out.  A ``prior``, such as the taste
    of a whole server, adds a fifth of its weight, but no more than three signals' worth, and does
    not count toward the rung.
    """
    told = sorted((s.track_id, s.age_days, s.value, s.is_vote) for s in signals if s.value)
    ids, ages, values, are_votes = np.array(told, np.float64).reshape(-1, 4).T
    weights = np.abs(values) * 0.5 ** (np.maximum(ages, 0) / half_life_days)
    rows = _rows(catalog, ids.astype(np.int64))
    fresh = (rows >= 0) & (weights > _FADED)
    own = _merged(rows[fresh], np.sign(values[fresh]), weights[fresh])
    both = [np.append(mine, theirs) for mine, theirs in zip(own, _share_of(prior), strict=True)]
    spurned = catalog.artists[rows[(rows >= 0) & (values < 0)]]
    return Taste(
        rows=both[0],
        values=both[1],
        weights=both[2],
        own=np.arange(len(both[0])) < len(own[0]),
        by_spurned=np.isin(catalog.artists[both[0]], spurned),
        n_votes=round(float(np.abs(values[fresh]) @ are_votes[fresh]), 6),
    )


_Judged = tuple[Rows, Vector, Vector]


def _rows(catalog: Catalog, track_ids: Rows) -> Rows:
    """The row of each track, -1 if the catalog does not have it."""
    rows = np.minimum(np.searchsorted(catalog.track_ids, track_ids), len(catalog) - 1)
    return np.where(catalog.track_ids[rows] == track_ids, rows, -1)


def _merged(rows: Rows, signs: Vector, weights: Vector) -> _Judged:
    """One judgment per track: the total weight and the weighted mean; only the heaviest are kept.

    To a linear model with Gaussian noise this is equivalent to the separate signals.
    """
    unique, at = np.unique(rows, return_inverse=True)
    total = np.bincount(at, weights, len(unique)).astype(np.float64)
    mean = np.bincount(at, weights * signs, len(unique)) / total
    return _heaviest((unique, mean, total), MOST_TRACKS)


def _share_of(prior: Taste | None) -> _Judged:
    if prior is None:
        return np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
    rows, values, weights = _heaviest((prior.rows, prior.values, prior.weights), MOST_OF_PRIOR)
    share = min(PRIOR_SHARE, PRIOR_SIGNALS / max(float(weights.sum()), PRIOR_SIGNALS))
    return rows, values, share * weights


def _heaviest(judged: _Judged, most: int) -> _Judged:
    rows, values, weights = judged
    keep = np.sort(np.lexsort((rows, -weights))[:most])
    return rows[keep], values[keep], weights[keep]
