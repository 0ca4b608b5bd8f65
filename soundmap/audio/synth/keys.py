"""Struck strings and bells: sums of sines that fade, the higher the sooner."""

from __future__ import annotations

import numpy as np

from soundmap.audio.synth.waves import RATE_HZ, band, hertz, noise, shaped, sine, times
from soundmap.types import Floats

_HIGHEST_HZ, _MOST_PARTIALS = 7_000.0, 14
_STIFFNESS = 4e-4  # of strings: their partials are a little sharp
_SILENT = 6.0  # time constants until a partial is not heard any more
_BELL = ((1.0, 1.0, 1.0), (2.32, 1.6, 0.7), (4.25, 2.6, 0.5), (6.63, 4.0, 0.4), (9.4, 6.0, 0.3))


def piano(note: float, seconds: float, rng: np.random.Generator) -> Floats:
    """A soft piano note, with the thud of its hammer."""
    base_hz = hertz(note)
    sound = np.zeros(len(times(seconds)), np.float32)
    for k in range(1, min(_MOST_PARTIALS, int(_HIGHEST_HZ / base_hz)) + 1):
        rate = (0.7 + 0.25 * k) * (base_hz / 260) ** 0.4
        _add_partial(sound, base_hz * k * np.sqrt(1 + _STIFFNESS * k**2), rate, k**-1.6, rng)
    thud = 0.05 * band(noise(rng, 0.12), high_hz=400, order=1)
    sound[: len(thud)] += shaped(thud, 0.001, 0.017)
    return shaped(sound, 0.004, 99.0, 1.0, 0.15)


def bell(frequency_hz: float, seconds: float, rng: np.random.Generator) -> Floats:
    """A metal bowl that was struck: partials that are no multiples of the lowest."""
    sound = np.zeros(len(times(seconds)), np.float32)
    for ratio, rate, gain in _BELL:
        _add_partial(sound, frequency_hz * ratio, rate, gain, rng)
    return shaped(sound, 0.002, 99.0, 1.0, 0.3)


def _add_partial(
    sound: Floats, frequency_hz: float, rate: float, gain: float, rng: np.random.Generator
) -> None:
    seconds = min(_SILENT / rate, len(sound) / RATE_HZ)
    wave = sine(frequency_hz, seconds, rng.random())
    sound[: len(wave)] += np.float32(gain) * wave * np.exp(-rate * times(seconds))
