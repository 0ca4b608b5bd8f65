"""A mixer: sounds at beats, left and right."""

from __future__ import annotations

import numpy as np

from soundmap.audio.synth.waves import RATE_HZ
from soundmap.types import Floats

_PEAK = 0.89
_FADE_SECONDS = 1.5


class Track:
    """Sounds of one tempo, float32 (n, 2): ``beats`` of them and a ``tail`` in seconds."""

    def __init__(self, bpm: float, beats: int, tail_s: float) -> None:
        self.beat_s = 60 / bpm
        self.samples = np.zeros((round((beats * self.beat_s + tail_s) * RATE_HZ), 2), np.float32)

    def put(self, beat: float, sound: Floats, gain: float, pan: float = 0.0) -> None:
        """Adds a sound (n,) or (n, 2) at a beat; ``pan`` from -1 (left) to 1 (right)."""
        start = max(0, round(beat * self.beat_s * RATE_HZ))
        sides = np.float32(gain * np.sqrt(2)) * _sides(pan)
        heard = sound[: len(self.samples) - start]
        for side in range(2):
            one = heard if heard.ndim == 1 else heard[:, side]
            self.samples[start : start + len(one), side] += sides[side] * one


def ducking(track: Track, beats: list[int], depth: float = 0.75, back_s: float = 0.09) -> Floats:
    """Gains float32 (n, 1) that dip at each of ``beats``, as if a drum pressed the rest down."""
    gains = np.ones(len(track.samples), np.float32)
    dip = (1 - depth * np.exp(-np.arange(0.3 * RATE_HZ) / (back_s * RATE_HZ))).astype(np.float32)
    for beat in beats:
        start = round(beat * track.beat_s * RATE_HZ)
        gains[start : start + len(dip)] = dip[: len(gains) - start]
    return gains[:, None]


def mastered(mix: Floats, drive: float) -> Floats:
    """A mix (n, 2) that is pressed together by ``drive`` > 0, fades out and peaks at 0.89."""
    mix = np.tanh(np.float32(drive) * mix / np.abs(mix).max())
    n = round(_FADE_SECONDS * RATE_HZ)
    mix[-n:] *= np.linspace(1, 0, n, dtype=np.float32)[:, None] ** 1.5
    return np.asarray(_PEAK * mix / np.abs(mix).max(), dtype=np.float32)


def _sides(pan: float) -> Floats:
    """Gains of left and right, float32 (2,), whose power does not depend on ``pan``."""
    angle = (pan + 1) * np.pi / 4
    return np.array([np.cos(angle), np.sin(angle)], np.float32)
