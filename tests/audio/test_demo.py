"""The demos: music that is heard surely as what it is meant to be, also a little changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bot.console import demo as console
from soundmap.audio.demo import DEMOS, RATE_HZ, demo_clip, write_demo
from soundmap.audio.synth.house import house
from soundmap.audio.synth.nocturne import nocturne
from soundmap.audio.synth.wind import wind
from soundmap.bundle.listener import Listener
from soundmap.errors import BadRequest
from soundmap.types import Clip, Floats

MEANT = {"house": "Electronic", "piano": "Instrumental", "wind": "Experimental"}
MARGIN = 0.15
CHANGED: dict[str, tuple[str, Callable[[], Floats]]] = {
    "house, played differently": ("house", lambda: house(seed=3)),
    "house, slower": ("house", lambda: house(bpm=120)),
    "house, faster": ("house", lambda: house(bpm=128)),
    "piano, played differently": ("piano", lambda: nocturne(seed=3)),
    "piano, faster": ("piano", lambda: nocturne(bpm=72)),
    "wind, on another day": ("wind", lambda: wind(seed=3)),
}


def heard_surely(listener: Listener, clip: Clip | Path, name: str) -> bool:
    analysis = listener.listen(clip)
    genre, share = analysis.genres[0]
    surely = share >= listener.manifest.sure_threshold + MARGIN
    return bool(analysis.sure and genre == MEANT[name] and surely)


def test_the_console_has_all_of_them() -> None:
    assert tuple(DEMOS) == tuple(MEANT) == console.DEMOS


@pytest.mark.parametrize("name", MEANT)
def test_a_demo_is_heard_surely_as_what_it_is_meant_to_be(
    listener: Listener, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "demo.wav"
    write_demo(path, name)
    assert heard_surely(listener, path, name)
    picks = listener.recommend(path).picks
    rows = [listener.catalog.row_of(pick.track.track_id) for pick in picks]
    heard = listener.catalog.probabilities[rows].argmax(axis=1)
    genre = listener.manifest.labels.index(MEANT[name])
    assert (heard == genre).mean() >= 0.8
    assert sum(pick.track.genre == MEANT[name] for pick in picks) >= 2


@pytest.mark.parametrize("change", CHANGED)
def test_small_changes_change_nothing(listener: Listener, change: str) -> None:
    name, make = CHANGED[change]
    assert heard_surely(listener, Clip(make().mean(axis=1), RATE_HZ), name)


@pytest.mark.parametrize("name", MEANT)
def test_a_demo_is_a_little_arrangement(name: str, tmp_path: Path) -> None:
    path = tmp_path / "demo.wav"
    write_demo(path, name)
    samples, rate_hz = soundfile.read(path, dtype="float32")
    assert rate_hz == RATE_HZ and 30 <= len(samples) / rate_hz < 32  # all of it is heard
    left, right = samples.T
    assert 0.8 < np.abs(samples).max() < 1
    assert 0.01 < np.abs(left - right).mean() / np.abs(samples).mean() < 1.5  # there is a room
    seconds = samples[: 30 * rate_hz].reshape(30, -1)
    loudness_db = 10 * np.log10((seconds**2).mean(axis=1))
    assert np.ptp(loudness_db[1:-1]) > 3  # it begins, grows and ends
    np.testing.assert_allclose(demo_clip(name).samples, samples.mean(axis=1), atol=1e-4)


def test_an_unknown_demo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="house, piano, wind"):
        write_demo(tmp_path / "demo.wav", "polka")
