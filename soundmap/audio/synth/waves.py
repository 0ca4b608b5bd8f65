"""Waves and filters.  All sounds are float32 (n,) at ``RATE_HZ``, or (n, 2) for left and right."""

from __future__ import annotations

import numpy as np

from soundmap.types import Floats

RATE_HZ = 44_100
_ROOM_SECONDS = 1.2
_ROOM_HZ = (200.0, 5_000.0)
_SMOOTH = 30**24  # divided by all sizes below 2**25 that have no other factors


def times(seconds: float) -> Floats:
    """The time of each sample, float32 (n,), in seconds."""
    return np.arange(round(seconds * RATE_HZ), dtype=np.float32) / np.float32(RATE_HZ)


def quick(seconds: float) -> float:
    """A length of at least ``seconds`` whose filters are quick to run."""
    return _fast(round(seconds * RATE_HZ)) / RATE_HZ


def hertz(note: float) -> float:
    """The frequency of a MIDI note: 69 is 440 Hz."""
    return float(440 * 2 ** ((note - 69) / 12))


def sine(frequency_hz: float, seconds: float, phase: float = 0.0) -> Floats:
    """A sine; phases are exact, so that high ones do not crackle.  ``phase`` is in turns."""
    turns = (np.arange(round(seconds * RATE_HZ)) * (frequency_hz / RATE_HZ) + phase) % 1
    return np.asarray(np.sin(2 * np.pi * turns.astype(np.float32)), np.float32)


def saw(frequency_hz: float, seconds: float, phase: float = 0.0) -> Floats:
    """A saw whose steps are rounded over two samples (PolyBLEP; Välimäki & Huovilainen 2007)."""
    step = frequency_hz / RATE_HZ
    turns = (np.arange(round(seconds * RATE_HZ)) * step + phase) % 1
    wave = 2 * turns - 1
    after, before = turns < step, turns > 1 - step
    past = turns[after] / step
    wave[after] -= 2 * past - past**2 - 1
    ahead = (turns[before] - 1) / step
    wave[before] -= ahead**2 + 2 * ahead + 1
    return wave.astype(np.float32)


def noise(rng: np.random.Generator, seconds: float) -> Floats:
    """White noise with a standard deviation of 1."""
    return rng.standard_normal(round(seconds * RATE_HZ), np.float32)


def band(sound: Floats, low_hz: float = 0.0, high_hz: float = 0.0, order: int = 2) -> Floats:
    """What lies between two frequencies, 0 for no limit, by the gains of a Butterworth filter.

    The sound is taken as a loop: what is filtered of it repeats without a seam.
    """
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    gains = np.ones(len(frequencies))
    if high_hz:
        gains /= np.sqrt(1 + (frequencies / high_hz) ** (2 * order))
    if low_hz:
        steep = (frequencies / low_hz) ** order
        gains *= steep / np.sqrt(1 + steep**2)
    return np.fft.irfft(np.fft.rfft(sound) * gains, len(sound)).astype(np.float32)


def shaped(
    sound: Floats, attack_s: float, decay_s: float, sustain: float = 0.0, release_s: float = 0.02
) -> Floats:
    """A sound that rises, decays exponentially toward a share ``sustain`` of it, and ends."""
    time = times(len(sound) / RATE_HZ)[: len(sound)]
    level = sustain + (1 - sustain) * np.exp(-np.maximum(time - attack_s, 0) / decay_s)
    level *= np.minimum(time / max(attack_s, 1e-4), 1)
    level *= np.minimum((time[-1] - time) / release_s, 1)
    return np.asarray(sound * level, dtype=np.float32)


def in_room(sound: Floats, share: float, rng: np.random.Generator) -> Floats:
    """A sound (n,) in a room, (n + 1.2 s, 2): ``share`` is how loud the room is, 0..1.

    The room is noise that fades by 60 dB, different on the left and on the right.
    """
    fading = np.exp(-6.9 * times(_ROOM_SECONDS) / _ROOM_SECONDS)
    n = len(sound) + len(fading)
    size = _fast(n)
    spectrum, sides = np.fft.rfft(sound, size), []
    for _ in range(2):
        answer = band(noise(rng, _ROOM_SECONDS), *_ROOM_HZ, order=1) * fading
        answer *= share / np.sqrt((answer**2).sum())
        answer[0] += 1
        sides.append(np.fft.irfft(spectrum * np.fft.rfft(answer, size), size)[:n])
    return np.stack(sides, axis=1).astype(np.float32)


def _fast(n: int) -> int:
    """The least size from ``n`` on that is quick to transform: 2, 3 and 5 are its only factors."""
    while _SMOOTH % n:
        n += 1
    return n
