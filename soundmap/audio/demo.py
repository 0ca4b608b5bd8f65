"""Synthesizes a demo sound, so that a first try needs no file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from soundmap.types import Clip, Floats

RATE_HZ = 44_100
BPM = 126
BARS = 8
_BEAT = round(RATE_HZ * 60 / BPM)
_CHORDS_HZ = ((110.0, 164.81, 220.0), (87.31, 130.81, 174.61), (98.0, 146.83, 196.0))


def demo_clip() -> Clip:
    """About 16 s of a house groove with kick, hi-hat, bass and chords; always the same."""
    rng = np.random.default_rng(7)
    n_beats = BARS * 4
    mix = np.zeros(n_beats * _BEAT + RATE_HZ, np.float32)
    for beat in range(n_beats):
        chord = _CHORDS_HZ[beat // 8 % len(_CHORDS_HZ)]
        _add(mix, beat * _BEAT, 0.9 * _kick())
        _add(mix, beat * _BEAT + _BEAT // 2, 0.25 * _hat(rng))
        _add(mix, beat * _BEAT + _BEAT // 2, 0.4 * _tone((chord[0] / 2,), 0.22, 9.0))
        if beat % 2:
            _add(mix, beat * _BEAT, 0.22 * _tone(tuple(2 * hz for hz in chord), 0.4, 6.0))
    return Clip(0.8 * mix / np.abs(mix).max(), RATE_HZ)


def write_demo(path: Path) -> None:
    """Writes the demo as a 16-bit wav file."""
    soundfile.write(path, demo_clip().samples, RATE_HZ, subtype="PCM_16", format="WAV")


def _add(mix: Floats, at: int, sound: Floats) -> None:
    mix[at : at + len(sound)] += sound


def _kick() -> Floats:
    t = np.arange(RATE_HZ // 3) / RATE_HZ
    phase = 2 * np.pi * (50 * t - 6 * np.exp(-t * 30))
    return np.asarray(np.sin(phase) * np.exp(-t * 12), dtype=np.float32)


def _hat(rng: np.random.Generator) -> Floats:
    noise = np.diff(rng.standard_normal(RATE_HZ // 8))
    decay = np.exp(-np.arange(len(noise)) / RATE_HZ * 60)
    return np.asarray(noise * decay, dtype=np.float32)


def _tone(pitches_hz: tuple[float, ...], seconds: float, decay: float) -> Floats:
    """Bright, saw-like tones with an exponential decay."""
    t = np.arange(int(RATE_HZ * seconds)) / RATE_HZ
    waves = [np.sin(2 * np.pi * hz * k * t) / k for hz in pitches_hz for k in range(1, 9)]
    return np.asarray(np.sum(waves, axis=0) * np.exp(-t * decay), dtype=np.float32)
