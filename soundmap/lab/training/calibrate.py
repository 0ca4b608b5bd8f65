"""What the validation set decides: the temperature, and when to say "not sure"."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

from soundmap.engines.runtime import softmax
from soundmap.lab.evaluation.metrics import Targets
from soundmap.types import Floats

SURE_ACCURACY = 0.7
"""Answers called sure are right at least this often on the validation set."""


def fit_temperature(logits: Floats, targets: Targets) -> float:
    """Temperature in 0.05..20 with the least negative log likelihood of the targets."""

    def loss(log_temperature: float) -> float:
        chosen = softmax(logits, float(np.exp(log_temperature)))[np.arange(len(targets)), targets]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded")
    return float(np.exp(found.x))


def sure_threshold(probabilities: Floats, targets: Targets) -> float:
    """Least top probability from which on answers are right ``SURE_ACCURACY`` of the time.

    1.0, that is never sure, where no threshold is that good.
    """
    top = probabilities.max(axis=1)
    order = np.argsort(-top, kind="stable")
    right = (probabilities.argmax(axis=1) == targets)[order]
    accuracy = np.cumsum(right) / np.arange(1, len(right) + 1)
    good = np.flatnonzero(accuracy >= SURE_ACCURACY)
    return float(top[order[good[-1]]]) if len(good) else 1.0
