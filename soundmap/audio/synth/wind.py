"""Wind that rises and falls, and metal bowls that are struck in it."""

from __future__ import annotations

import numpy as np

from soundmap.audio.synth.keys import bell
from soundmap.audio.synth.mixing import Track, mastered
from soundmap.audio.synth.waves import RATE_HZ, band, hertz, noise
from soundmap.types import Floats

SECONDS = 30
_BANDS = (  # lowest and highest frequency in Hz, gain, and seconds until its noise repeats
    (40, 120, 1.0, 5.9),
    (250, 700, 1.0, 5.1),
    (900, 1_800, 0.6, 4.3),
    (3_000, 7_000, 0.35, 3.7),
)
_GUST_SECONDS = 1.5
_BOWLS = (57, 62, 64, 69, 76, 81)
_STRUCK = 15
_ECHOES = ((0.0, 1.0, 1), (0.23, 0.5, -1), (0.41, 0.3, 1))  # seconds later, gain, side


def wind(seed: int = 1) -> Floats:
    """About 32 s, float32 (n, 2)."""
    rng = np.random.default_rng(seed)
    track = Track(60, SECONDS, 1.5)
    for low_hz, high_hz, gain, loop_s in _BANDS:
        track.samples += gain * _gusts(len(track.samples), low_hz, high_hz, loop_s, rng)
    track.samples *= np.float32(0.5 / np.abs(track.samples).max())
    _bowls(track, rng)
    rise = 2 * RATE_HZ
    track.samples[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    return mastered(track.samples, 0.6)


def _gusts(
    n: int, low_hz: float, high_hz: float, loop_s: float, rng: np.random.Generator
) -> Floats:
    """Noise of one band, float32 (n, 2), in gusts that both sides share."""
    at = np.arange(0, n / RATE_HZ + _GUST_SECONDS, _GUST_SECONDS)
    strength = np.interp(np.arange(n) / RATE_HZ, at, rng.uniform(0.15, 1, len(at)) ** 2)
    sides = [np.resize(band(noise(rng, loop_s), low_hz, high_hz, order=1), n) for _ in range(2)]
    return np.stack(sides, axis=1) * strength.astype(np.float32)[:, None]


def _bowls(track: Track, rng: np.random.Generator) -> None:
    bowls = [bell(hertz(note), 3.5, rng) for note in _BOWLS]
    for _ in range(_STRUCK):
        bowl, beat = bowls[rng.integers(len(bowls))], rng.uniform(1, SECONDS - 3)
        gain, pan = 0.12 * rng.uniform(0.3, 1), rng.uniform(-0.9, 0.9)
        for later, share, side in _ECHOES:
            track.put(beat + later, bowl, gain * share, side * pan)
