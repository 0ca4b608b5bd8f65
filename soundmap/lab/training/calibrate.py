"""What the validation side decides: the temperature, and which answers count as sure."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

from soundmap.engines.runtime import softmax
from soundmap.lab.evaluation.metrics import Targets
from soundmap.types import Floats

SURE_ACCURACY = 0.7
"""Answers called sure are right at least this often on the validation side."""


def fit_temperature(logits: Floats, targets: Targets) -> float:
    """The temperature in 0.05..20 that minimizes the negative log likelihood of ``targets`` (n,)
    under ``logits`` (n, n_genres).
    """

    def loss(log_temperature: float) -> float:
        chosen = softmax(logits, float(np.exp(log_temperature)))[np.arange(len(targets)), targets]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded")
    return float(np.exp(found.x))


def sure_threshold(probabilities: Floats, targets: Targets) -> float:
    """The least top probability from which on answers are right ``SURE_ACCURACY`` of the time.

    1.0, that is never sure, where no threshold is that good.
    """
    top = probabilities.max(axis=1)
    order = np.argsort(-top, kind="stable")
    right = (probabilities.argmax(axis=1) == targets)[order]
    accuracy = np.cumsum(right) / np.arange(1, len(right) + 1)
    good = np.flatnonzero(accuracy >= SURE_ACCURACY)
    return float(top[order[good[-1]]]) if len(good) else 1.0
