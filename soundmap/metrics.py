"""Classification measures in NumPy; tests hold them equal to scikit-learn's."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.types import Floats

Targets = npt.NDArray[np.int64]
_Z95 = 1.959964


def summarize(probabilities: Floats, targets: Targets, labels: tuple[str, ...]) -> dict[str, Any]:
    """All measures of probabilities (n, n_genres) against targets (n,), ready for JSON.

    Accuracy has a 95 % Wilson interval; recall, precision and F1 are 0 where undefined, and
    ``macro_f1`` is the mean over the genres that occur in targets or predictions.
    """
    predicted = probabilities.argmax(axis=1)
    matrix = confusion(predicted, targets, len(labels))
    right, told, asked = matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1)
    f1 = 2 * right / np.maximum(told + asked, 1)
    per_genre = {
        label: {
            "precision": float(right[i] / max(told[i], 1)),
            "recall": float(right[i] / max(asked[i], 1)),
            "f1": float(f1[i]),
            "n": int(asked[i]),
        }
        for i, label in enumerate(labels)
    }
    return {
        "n": len(targets),
        "accuracy": float(right.sum() / len(targets)),
        "accuracy_ci95": list(wilson_interval(int(right.sum()), len(targets))),
        "macro_f1": float(f1[told + asked > 0].mean()),
        "ece": expected_calibration_error(probabilities, targets),
        "per_genre": per_genre,
        "confusion": {"labels": list(labels), "matrix": matrix.tolist()},
    }


def confusion(predicted: Targets, targets: Targets, n_labels: int) -> Targets:
    """Counts int64 (n_labels, n_labels): row the true label, column the predicted one."""
    cells = np.bincount(targets * n_labels + predicted, minlength=n_labels**2)
    return cells.reshape(n_labels, n_labels)


def wilson_interval(right: int, n: int) -> tuple[float, float]:
    """95 % score interval of a proportion (Wilson, JASA 22, 1927)."""
    share, spread = right / n, _Z95**2 / n
    center = (share + spread / 2) / (1 + spread)
    half = _Z95 / (1 + spread) * np.sqrt(share * (1 - share) / n + spread / (4 * n))
    return float(center - half), float(center + half)


def expected_calibration_error(probabilities: Floats, targets: Targets, n_bins: int = 15) -> float:
    """Mean gap of confidence and accuracy over equal-width bins of the top probability
    (Guo et al., ICML 2017), weighted by their sizes: 0 is perfect.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets
    bins = np.minimum((confidence * n_bins).astype(np.int64), n_bins - 1)
    gaps = np.bincount(bins, right, n_bins) - np.bincount(bins, confidence, n_bins)
    return float(np.abs(gaps).sum() / len(targets))
