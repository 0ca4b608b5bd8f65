"""Drums."""

from __future__ import annotations

import numpy as np

from soundmap.audio.synth.waves import band, noise, shaped, sine, times
from soundmap.types import Floats


def kick() -> Floats:
    """A bass drum: a sine that falls from 190 to 48 Hz, with a click."""
    time = times(0.5)
    turns = 48 * time + 4 * (1 - np.exp(-35 * time))
    drum = np.sin(2 * np.pi * turns) * np.exp(-time * 7.9)
    click = sine(3_000, 0.5) * np.exp(-time * 400)
    return shaped(np.tanh(1.5 * (drum + 0.3 * click)), 0.001, 9.0, 1.0, 0.05)


def clap(rng: np.random.Generator) -> Floats:
    """Hands that clap, not quite at once."""
    time = times(0.3)
    hands = [
        np.where(time >= at, np.exp(-np.maximum(time - at, 0) * rate), 0)
        for at, rate in ((0, 180), (0.009, 180), (0.018, 180), (0.027, 18))
    ]
    return np.asarray(0.8 * band(noise(rng, 0.3), 900, 7_000) * np.sum(hands, axis=0), np.float32)


def hat(rng: np.random.Generator, decay_s: float, low_hz: float) -> Floats:
    """A hi-hat: noise above ``low_hz``, closed or open by its decay."""
    seconds = max(0.08, 4 * decay_s)
    return shaped(band(noise(rng, seconds), low_hz, order=3), 0.0, decay_s)
