from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk

from soundmap.engines.runtime import softmax
from soundmap.lab.evaluation.metrics import (
    calibration_error_by_chance,
    expected_calibration_error,
    summarize,
    wilson_interval,
)
from soundmap.lab.training.calibrate import SURE_ACCURACY, fit_temperature, sure_threshold

LABELS = ("Folk", "Pop", "Rock", "Jazz")


def test_measures_are_scikit_learns() -> None:
    rng = np.random.default_rng(3)
    targets = rng.integers(0, 3, 200)  # no Jazz: a genre may be missing
    probabilities = softmax(rng.standard_normal((200, 4)).astype(np.float32))
    predicted = probabilities.argmax(1)
    ours = summarize(probabilities, targets, LABELS)
    assert ours["accuracy"] == pytest.approx(sk.accuracy_score(targets, predicted))
    assert ours["macro_f1"] == pytest.approx(sk.f1_score(targets, predicted, average="macro"))
    matrix = sk.confusion_matrix(targets, predicted, labels=range(4))
    np.testing.assert_array_equal(ours["confusion"]["matrix"], matrix)
    theirs = sk.precision_recall_fscore_support(
        targets, predicted, labels=range(4), zero_division=0
    )
    for i, label in enumerate(LABELS):
        row = ours["per_genre"][label]
        mine = (row["precision"], row["recall"], row["f1"], row["n"])
        assert mine == pytest.approx([part[i] for part in theirs])


def test_a_perfect_answer_scores_one() -> None:
    targets = np.arange(4)
    perfect = np.eye(4, dtype=np.float32)
    ours = summarize(perfect, targets, LABELS)
    assert (ours["accuracy"], ours["macro_f1"], ours["ece"]) == (1, 1, 0)
    assert ours["accuracy_ci95"][1] == pytest.approx(1)


def test_the_interval_is_wilsons() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx((0, 0.1611), abs=1e-4)


def test_calibration_error_is_the_gap_of_confidence_and_accuracy() -> None:
    probabilities = np.tile(np.array([[0.9, 0.1]], np.float32), (10, 1))
    targets = np.array([0] * 6 + [1] * 4)
    assert expected_calibration_error(probabilities, targets) == pytest.approx(0.3)


def test_the_temperature_undoes_overconfidence() -> None:
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((5000, 4)).astype(np.float32)
    targets = (rng.random((5000, 1)) > softmax(logits).cumsum(1)).sum(1).clip(0, 3)
    assert fit_temperature(3 * logits, targets) == pytest.approx(3, rel=0.1)
    before = expected_calibration_error(softmax(3 * logits), targets)
    after = expected_calibration_error(softmax(3 * logits, 3), targets)
    assert after < before / 4


def test_sure_answers_are_as_right_as_promised() -> None:
    rng = np.random.default_rng(0)
    probabilities = softmax(2 * rng.standard_normal((2000, 4)).astype(np.float32))
    targets = (rng.random((2000, 1)) > probabilities.cumsum(1)).sum(1).clip(0, 3)
    threshold = sure_threshold(probabilities, targets)
    sure = probabilities.max(1) >= threshold
    right = probabilities.argmax(1) == targets
    assert right[sure].mean() >= SURE_ACCURACY > right.mean()


def test_never_right_never_sure() -> None:
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4]], np.float32)
    assert sure_threshold(probabilities, np.array([1, 1])) == 1.0


def test_few_answers_have_a_calibration_error_by_chance() -> None:
    assert calibration_error_by_chance(np.array([0.5]), 5) == (0.5, 0.5)
    assert calibration_error_by_chance(np.array([0.0, 1.0]), 5) == (0, 0)
    confidence = np.random.default_rng(1).uniform(0.3, 0.9, 40)
    some, many = (calibration_error_by_chance(np.tile(confidence, n), 5) for n in (1, 100))
    assert 0.08 < some[0] < 0.16 and some[0] < some[1] and many[1] < 0.03
    told = np.stack([confidence, np.zeros(40)], axis=1)
    rng, errors = np.random.default_rng(2), []
    for _ in range(500):
        targets = (rng.random(40) > confidence).astype(np.int64)
        errors.append(expected_calibration_error(told, targets, 5))
    assert np.mean(errors) == pytest.approx(some[0], abs=0.01)
