"""Where a recording ends, and that music which only fades does not."""

from __future__ import annotations

import numpy as np
import pytest
import soxr

from soundmap.bundle.listener import Listener
from soundmap.features.bandwidth import upper_edge_hz
from soundmap.features.tiles import OVERVIEW, tiles_of
from soundmap.lab.evaluation.alterations import ALTERATIONS
from soundmap.types import Clip, Floats
from soundmap.wording import note_sentence
from tests.helpers.sounds import music

RATE = 44_100


def edge(clip: Clip) -> float | None:
    return upper_edge_hz(*tiles_of(clip, OVERVIEW))


def through(samples: Floats, rate_hz: int) -> Clip:
    """The samples, once stored at another rate."""
    low = soxr.resample(samples, RATE, rate_hz)
    return Clip(soxr.resample(low, rate_hz, RATE).astype(np.float32), RATE)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 22_050])
@pytest.mark.parametrize("seconds", [2, 12])
def test_a_low_rate_ends_at_half_of_it(rate_hz: int, seconds: int) -> None:
    found = edge(through(music(seconds, RATE, seed=rate_hz), rate_hz))
    assert found is not None and 0.85 < found / (rate_hz / 2) < 1.05


def test_a_whole_recording_has_no_edge_that_is_missed() -> None:
    for seed in range(3):
        found = edge(Clip(music(12, RATE, seed=seed), RATE))
        assert found is None or found > 15_000


def test_what_fades_was_not_cut_off() -> None:
    """Red noise, which loses 6 dB in each octave, and a bass alone."""
    red = np.cumsum(np.random.default_rng(0).normal(size=8 * RATE))
    red -= np.convolve(red, np.ones(999) / 999, "same")
    assert edge(Clip((red / np.abs(red).max()).astype(np.float32), RATE)) is None
    time = np.arange(8 * RATE) / RATE
    bass = (0.5 * np.sin(2 * np.pi * 80 * time)).astype(np.float32)
    assert edge(Clip(bass, RATE)) is None


def test_telephones_and_small_mp3s_have_an_edge() -> None:
    clip = Clip(music(12, RATE, seed=4), RATE)
    wire = edge(ALTERATIONS["telephone"](clip))
    assert wire is not None and 3_300 < wire < 4_000
    assert wire == pytest.approx(edge(ALTERATIONS["rate_8khz"](clip)), rel=0.1)


def test_a_cut_recording_is_said_to_be_one_and_makes_less_sure(listener: Listener) -> None:
    sound = music(12, RATE, seed=1)
    whole, narrow = (listener.listen(it) for it in (Clip(sound, RATE), through(sound, 8_000)))
    assert [note.code for note in narrow.notes] == ["cut_off_above"]
    assert "4 kHz" in note_sentence(narrow.notes[0])
    assert "cut_off_above" not in [note.code for note in whole.notes]
