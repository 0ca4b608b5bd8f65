"""Like-rates of policies side by side: means, intervals over people, and paired differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.lab.bootstrap import resampled

VOTES = (0, 3, 5, 10, 20)
POLICIES = ("none", "rule", "rocchio", "thompson")
PAIRS = (
    ("rule", "none"),
    ("rocchio", "none"),
    ("thompson", "none"),
    ("rocchio", "rule"),
    ("thompson", "rule"),
    ("thompson", "rocchio"),
)
Rates = npt.NDArray[np.float64]


def compare_policies(rates: Rates) -> dict[str, Any]:
    """Rates float64 (n_people, n_policies, n_votes), 0..1, as a report ready for JSON.

    All policies met the same people, so differences are taken person by person.
    """
    by_policy = {policy: rates[:, i] for i, policy in enumerate(POLICIES)}
    return {
        "like_rate_at_5": {p: by_votes(r.mean(axis=0)) for p, r in by_policy.items()},
        "interval95": {p: by_votes(bootstrap(r)) for p, r in by_policy.items()},
        "difference": {
            f"{one} - {other}": _difference(by_policy[one] - by_policy[other])
            for one, other in PAIRS
        },
    }


def how_far(ranks: Sequence[Sequence[Sequence[Sequence[int]]]]) -> dict[str, Any]:
    """Median and worst rank by sound, by policy and number of votes.

    ``ranks`` [person][policy][votes] are those of all picks that were shown then.
    """
    return {
        policy: {
            str(votes): _median_and_worst([rank for person in ranks for rank in person[i][j]])
            for j, votes in enumerate(VOTES)
        }
        for i, policy in enumerate(POLICIES)
    }


def _median_and_worst(ranks: Sequence[int]) -> dict[str, float]:
    return {"median": float(np.median(ranks)), "worst": max(ranks)}


def bootstrap(values: Rates) -> Rates:
    """95 % interval of the mean over people of values (n_people, k): float64 (k, 2).

    Percentiles of the means over resampled people (bootstrap), always with the same draws.
    """
    n = len(values)
    counts = resampled(n, np.full(n, 1 / n))
    return np.asarray(np.percentile(counts @ values / n, (2.5, 97.5), axis=0).T)


def by_votes(values: Rates) -> dict[str, Any]:
    """Values (n_votes, ...) by their number of votes."""
    return {str(votes): value for votes, value in zip(VOTES, values.tolist(), strict=True)}


def _difference(differences: Rates) -> dict[str, Any]:
    means = by_votes(differences.mean(axis=0))
    return {"mean": means, "interval95": by_votes(bootstrap(differences))}
