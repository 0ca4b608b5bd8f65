"""Each artist counts once, whatever the number of their tracks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from soundmap.lab.evaluation.by_artist import by_artist


def test_an_artist_with_many_tracks_counts_once() -> None:
    artists = ["Ann"] * 98 + ["Ben", "Cid"]
    right = np.array([True] * 98 + [False, True])
    near = np.array([1.0] * 98 + [0.0, 0.4])
    found = by_artist(artists, ["Folk"] * 100, right, near)
    assert found and found["n"] == 3
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert found["precision_at_5"] == pytest.approx(1.4 / 3)
    low, high = found["accuracy_ci95"]
    assert (low, high) == (0, 1)  # of three artists little is known


def test_names_are_compared_without_case_and_unknown_artists_left_out() -> None:
    found = by_artist(["Ann", " ANN ", "", " "], ["Pop"] * 4, np.array([1, 0, 0, 0], bool), None)
    assert found == {
        "n": 1,
        "accuracy": 0.5,
        "accuracy_ci95": [0.5, 0.5],
        "precision_at_5": None,
    }
    assert by_artist(["", ""], ["Pop", "Pop"], np.ones(2, bool), None) is None
    assert by_artist((), (), np.ones(0, bool), None) is None


def test_artists_are_drawn_within_their_genre() -> None:
    """Where a genre tells who is right, resampling within it leaves nothing to chance."""
    artists = [f"a{number}" for number in range(40)]
    genres = ["Rock"] * 10 + ["Folk"] * 30
    right = np.array([True] * 10 + [False] * 30)
    found = by_artist(artists, genres, right, None)
    assert found and found["accuracy_ci95"] == [0.25, 0.25]


@given(some.lists(some.tuples(some.sampled_from("abcdef"), some.booleans()), min_size=1))
def test_the_interval_holds_the_accuracy(tracks: list[tuple[str, bool]]) -> None:
    artists, right = zip(*tracks, strict=True)
    found = by_artist(artists, ["Pop"] * len(artists), np.array(right), None)
    assert found
    low, high = found["accuracy_ci95"]
    assert 0 <= low <= found["accuracy"] <= high <= 1
