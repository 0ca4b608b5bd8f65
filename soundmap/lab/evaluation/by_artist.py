"""Scores where each artist counts once: a few artists hold many tracks of some genres."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from soundmap.lab.bootstrap import RESAMPLES
from soundmap.lab.evaluation.retrieval import Doubles
from soundmap.search.exact import Mask

Groups = list[list[int]]
"""Rows of the tracks of each artist."""


def by_artist(
    artists: Sequence[str], genres: Sequence[str], right: Mask, precision_at_5: Doubles | None
) -> dict[str, Any] | None:
    """``n`` artists; ``accuracy``, the mean over artists of their share of tracks that are
    ``right``, bool (n_tracks,), with ``accuracy_ci95``; and the mean over artists of
    ``precision_at_5``, float64 (n_tracks,), or None.

    The 95 % percentile interval resamples artists within the genre that most of their tracks have
    (stratified bootstrap: Davison and Hinkley, *Bootstrap Methods*, 1997, 3.2).  Names are compared
    without case; tracks without an artist are left out.  None where no artist is known.
    """
    groups = _groups(artists)
    if not groups:
        return None
    shares = _means(right.astype(np.float64), groups)
    strata = _strata(groups, genres)
    low, high = np.quantile(_resampled_means(shares, strata), (0.025, 0.975))
    near = None if precision_at_5 is None else float(_means(precision_at_5, groups).mean())
    return {
        "n": len(groups),
        "accuracy": float(shares.mean()),
        "accuracy_ci95": [float(low), float(high)],
        "precision_at_5": near,
    }


def _groups(artists: Sequence[str]) -> Groups:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(artists):
        if key := name.strip().casefold():
            rows[key].append(row)
    return list(rows.values())


def _means(values: Doubles, groups: Groups) -> Doubles:
    """The mean of each artist's values, float64 (n_artists,)."""
    return np.array([values[rows].mean() for rows in groups])


def _strata(groups: Groups, genres: Sequence[str]) -> Groups:
    """Artists, by number, of each genre."""
    strata: defaultdict[str, list[int]] = defaultdict(list)
    for artist, rows in enumerate(groups):
        [(genre, _)] = Counter(genres[row] for row in rows).most_common(1)
        strata[genre].append(artist)
    return list(strata.values())


def _resampled_means(shares: Doubles, strata: Groups, seed: int = 0) -> Doubles:
    """The mean share of each of ``RESAMPLES`` resamples."""
    rng, total = np.random.default_rng(seed), np.zeros(RESAMPLES)
    for artists in strata:
        drawn = rng.choice(np.array(artists), (RESAMPLES, len(artists)))
        total += shares[drawn].sum(axis=1)
    return np.asarray(total / len(shares))
