"""What the validation side decides: the temperature, and which answers count as sure."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

from soundmap.engines.runtime import softmax
from soundmap.lab.evaluation.metrics import Targets
from soundmap.lab.evaluation.retrieval import Doubles
from soundmap.types import Floats

SURE_ACCURACY = 0.7
"""Answers called sure are right at least this often on the validation side."""


def fit_temperature(logits: Floats, targets: Targets, weights: Doubles | None = None) -> float:
    """The temperature in 0.05..20 that minimizes the negative log likelihood of ``targets`` (n,)
    under ``logits`` (n, n_genres).

    ``weights`` float64 (n,) are what each answer counts, 1 by default.
    """

    def loss(log_temperature: float) -> float:
        chosen = softmax(logits, float(np.exp(log_temperature)))[np.arange(len(targets)), targets]
        return float(-np.average(np.log(np.maximum(chosen, 1e-12)), weights=weights))

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded")
    return float(np.exp(found.x))


def sure_threshold(
    probabilities: Floats, targets: Targets, weights: Doubles | None = None
) -> float:
    """The least top probability from which on answers are right ``SURE_ACCURACY`` of the time,
    each counted by its weight, float64 (n,), 1 by default.

    1.0, that is never sure, where no threshold is that good.
    """
    top = probabilities.max(axis=1)
    order = np.argsort(-top, kind="stable")
    right = (probabilities.argmax(axis=1) == targets)[order]
    counted = np.ones(len(top)) if weights is None else weights[order]
    accuracy = np.cumsum(right * counted) / np.cumsum(counted)
    good = np.flatnonzero(accuracy >= SURE_ACCURACY)
    return float(top[order[good[-1]]]) if len(good) else 1.0
