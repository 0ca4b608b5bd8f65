"""Classification measures in NumPy; tests hold them equal to scikit-learn's."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.lab.bootstrap import RESAMPLES, resampled
from soundmap.types import Floats

Targets = npt.NDArray[np.int64]
Counts = npt.NDArray[np.float64]
_Z95 = 1.959964


def summarize(probabilities: Floats, targets: Targets, labels: tuple[str, ...]) -> dict[str, Any]:
    """All measures of ``probabilities`` (n, n_genres) against ``targets`` (n,), ready for JSON.

    Accuracy has a 95 % Wilson interval.  Recall, precision and F1 are 0 where undefined;
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
        "macro_f1": _macro_f1(matrix),
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


def expected_calibration_error(
    probabilities: Floats, targets: Targets, n_bins: int = 15, weights: Counts | None = None
) -> float:
    """Mean gap between confidence and accuracy over equal-width bins of the top probability,
    weighted by their sizes (Guo et al., ICML 2017); 0 is perfect.

    ``weights`` float64 (n,) are what each answer counts, 1 by default.
    """
    sizes, right, confidence = _binned(probabilities, targets, n_bins, weights)
    return float(np.abs(right - confidence).sum() / sizes.sum())


def calibration_error_by_chance(
    confidence: Floats, n_bins: int = 15, seed: int = 0
) -> tuple[float, float]:
    """The calibration error that few answers have even where all confidences are true: its mean,
    and what it exceeds in one case of twenty.

    ``confidence`` (n,) in 0..1 are top probabilities; whether each answer is right is drawn by it.
    """
    drawn = np.random.default_rng(seed).random((RESAMPLES, len(confidence))) < confidence
    bins = _bins(confidence, n_bins)
    gaps = (drawn - confidence) @ np.eye(n_bins)[bins]
    errors = np.abs(gaps).sum(axis=1) / len(confidence)
    return float(errors.mean()), float(np.quantile(errors, 0.95))


def reliability(
    probabilities: Floats, targets: Targets, n_bins: int = 15
) -> list[dict[str, float | int]]:
    """Mean confidence, and accuracy with its 95 % interval, of each bin that is not empty.

    ``low`` and ``high`` are the bounds of a bin, ``least`` and ``most`` those of the interval.  The
    bins are those of the calibration error.
    """
    rows = zip(*_binned(probabilities, targets, n_bins), strict=True)
    return [
        {
            "low": i / n_bins,
            "high": (i + 1) / n_bins,
            "n": int(n),
            "confidence": float(confidence / n),
            "accuracy": float(right / n),
            **dict(zip(("least", "most"), wilson_interval(int(right), int(n)), strict=True)),
        }
        for i, (n, right, confidence) in enumerate(rows)
        if n
    ]


def macro_f1_interval(matrix: Targets, seed: int = 0) -> tuple[float, float]:
    """95 % percentile interval of the macro F1 of a confusion matrix (n_labels, n_labels).

    Resampling tracks is resampling the cells of the matrix, by their counts (bootstrap).
    """
    n, shape = int(matrix.sum()), matrix.shape
    drawn = resampled(n, matrix.ravel() / n, seed).reshape(-1, *shape)
    low, high = np.quantile([_macro_f1(one) for one in drawn], (0.025, 0.975))
    return float(low), float(high)


def _bins(confidence: npt.NDArray[np.floating], n_bins: int) -> Targets:
    """The bin of equal width that each confidence falls into, 0 to ``n_bins - 1``."""
    return np.minimum((confidence * n_bins).astype(np.int64), n_bins - 1)


def _macro_f1(matrix: Targets) -> float:
    """Mean over the genres that occur in targets or predictions."""
    seen = matrix.sum(axis=0) + matrix.sum(axis=1)
    return float((2 * matrix.diagonal()[seen > 0] / seen[seen > 0]).mean())


def _binned(
    probabilities: Floats, targets: Targets, n_bins: int, weights: Counts | None = None
) -> tuple[Counts, Counts, Counts]:
    """Number of answers, number of right ones and sum of confidences in each bin."""
    counted = np.ones(len(targets)) if weights is None else weights
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets
    bins = _bins(confidence, n_bins)

    def sums(values: npt.NDArray[Any]) -> Counts:
        return np.bincount(bins, values * counted, n_bins).astype(np.float64)

    return sums(np.ones(len(bins))), sums(right), sums(confidence)
