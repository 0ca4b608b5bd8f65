"""Scores where each artist counts once: a few artists hold many tracks of some genres."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from soundmap.lab.bootstrap import RESAMPLES
from soundmap.lab.evaluation.retrieval import Doubles
from soundmap.search.exact import Mask

Groups = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Artists:
    """``rows`` are the tracks of each artist, ``genres`` the genre that most of them have.

    Names are compared without case; tracks without an artist are left out.
    """

    rows: Groups
    genres: tuple[str, ...]

    @classmethod
    def of(cls, names: Sequence[str], genres: Sequence[str]) -> Artists:
        """The artists of n tracks, of which name and genre are given."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(names):
            if key := name.strip().casefold():
                found[key].append(row)
        rows = tuple(tuple(some) for some in found.values())
        usual = (Counter(genres[row] for row in some).most_common(1)[0][0] for some in rows)
        return cls(rows, tuple(usual))

    def means(self, values: Doubles) -> Doubles:
        """The mean of each artist's values, float64 (n_artists,), of float64 (n_tracks,)."""
        return np.array([values[list(rows)].mean() for rows in self.rows])

    def weights(self, n_tracks: int) -> Doubles:
        """What each track counts, float64 (n_tracks,), so that each artist counts 1."""
        found = np.zeros(n_tracks)
        for rows in self.rows:
            found[list(rows)] = 1 / len(rows)
        return found

    def interval(self, values: Doubles, seed: int = 0) -> tuple[float, float]:
        """95 % percentile interval of the mean over artists of their means of ``values``, float64
        (n_tracks,).

        Artists are drawn within their genre (stratified bootstrap: Davison and Hinkley, *Bootstrap
        Methods*, 1997, 3.2).
        """
        rng, total, means = np.random.default_rng(seed), np.zeros(RESAMPLES), self.means(values)
        genres = np.array(self.genres)
        for genre in dict.fromkeys(self.genres):
            artists = np.flatnonzero(genres == genre)
            total += means[rng.choice(artists, (RESAMPLES, len(artists)))].sum(axis=1)
        low, high = np.quantile(total / len(means), (0.025, 0.975))
        return float(low), float(high)

    def summary(self, **scores: Doubles | Mask) -> dict[str, Any]:
        """``n`` artists and, of each of ``scores`` (n_tracks,), the mean over artists of their
        means, with its interval under ``..._ci95``.
        """
        found: dict[str, Any] = {"n": len(self.rows)}
        for name, given in scores.items():
            values = given.astype(np.float64)
            found[name] = float(self.means(values).mean())
            found[f"{name}_ci95"] = list(self.interval(values))
        return found


def by_artist(
    artists: Sequence[str], genres: Sequence[str], right: Mask, precision_at_5: Doubles | None
) -> dict[str, Any] | None:
    """``n`` artists; ``accuracy``, the mean over artists of their share of tracks that are
    ``right``, bool (n_tracks,), and the mean over artists of ``precision_at_5``, float64
    (n_tracks,), or None; each with its interval, ``..._ci95``.  None where no artist is known.
    """
    known = Artists.of(artists, genres)
    if not known.rows:
        return None
    if precision_at_5 is None:
        return {**known.summary(accuracy=right), "precision_at_5": None}
    return known.summary(accuracy=right, precision_at_5=precision_at_5)
