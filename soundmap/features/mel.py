"""Mel power of frames, by librosa's definitions but without librosa."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from soundmap.types import Floats

_CHUNK_FRAMES = 32  # 32 frames of 2,048 samples fit the L2 cache
_GROUP_BANDS = 16
_ROUNDING = 1.001  # more than float32 can be wrong by


def frames_of(samples: Floats, n_fft: int, hop_length: int) -> Floats:
    """Centered frames of zero-padded samples, a view float32 (1 + n // hop_length, n_fft)."""
    padded = np.pad(samples, n_fft // 2)
    return np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop_length]


def mel_power_of(frames: Floats, sample_rate_hz: int, n_mels: int) -> Floats:
    """Mel power of frames (n, n_fft) under a Hann window, float32 (n, n_mels).

    Bands are summed in float64: in float32 BLAS would round a frame by its place among others.
    """
    n_fft = frames.shape[1]
    window, groups = _hann(n_fft), _groups(sample_rate_hz, n_fft, n_mels)
    power = np.empty((len(frames), n_mels), np.float32)
    for start in range(0, len(frames), _CHUNK_FRAMES):
        spectrum = np.fft.rfft(frames[start : start + _CHUNK_FRAMES] * window)
        magnitude = (spectrum.real**2 + spectrum.imag**2).astype(np.float64)
        for bands, bins, filters in groups:
            power[start : start + _CHUNK_FRAMES, bands] = magnitude[:, bins] @ filters
    return power


def loudest_band(frames: Floats, known: float, sample_rate_hz: int, n_mels: int) -> float:
    """The largest mel power in any frame (n, n_fft), given the largest ``known`` in some of them.

    Few frames need their spectrum: by Parseval's theorem no band of a frame is louder than half its
    energy times ``n_fft`` times the largest filter weight, and most frames are below that.
    """
    n_fft = frames.shape[1]
    weight = float(mel_filters(sample_rate_hz, n_fft, n_mels).max())
    bounds = _energies(frames) * np.float32(weight * n_fft / 2 * _ROUNDING)
    loudest, peak = np.argsort(-bounds), float(known)
    for start in range(0, len(loudest), _CHUNK_FRAMES):
        chosen = loudest[start : start + _CHUNK_FRAMES]
        if bounds[chosen[0]] <= peak:
            break
        peak = max(peak, float(mel_power_of(frames[chosen], sample_rate_hz, n_mels).max()))
    return peak


def _energies(frames: Floats) -> Floats:
    """Energy of each windowed frame, float32 (n,); BLAS would set 32 MB aside for it."""
    window = _hann(frames.shape[1]) ** 2
    found = np.empty(len(frames), np.float32)
    for start in range(0, len(frames), _CHUNK_FRAMES):
        chunk = frames[start : start + _CHUNK_FRAMES]
        found[start : start + _CHUNK_FRAMES] = np.einsum("ij,j->i", np.square(chunk), window)
    return found


@lru_cache(maxsize=8)
def mel_filters(sample_rate_hz: int, n_fft: int, n_mels: int) -> Floats:
    """Slaney mel filters, float32 (n_mels, 1 + n_fft // 2), each of unit area.

    Malcolm Slaney, *Auditory Toolbox* (1998): linear below 1 kHz, logarithmic above.
    """
    bins_hz = np.fft.rfftfreq(n_fft, 1 / sample_rate_hz)
    edges_hz = _mel_to_hz(np.linspace(0, _hz_to_mel(sample_rate_hz / 2), n_mels + 2))
    low, center, high = (edges_hz[i : i + n_mels, None] for i in range(3))
    rising, falling = (bins_hz - low) / (center - low), (high - bins_hz) / (high - center)
    triangles = np.maximum(0, np.minimum(rising, falling))
    return np.asarray(triangles * 2 / (high - low), dtype=np.float32)


@lru_cache(maxsize=8)
def _groups(
    sample_rate_hz: int, n_fft: int, n_mels: int
) -> list[tuple[slice, slice, npt.NDArray[np.float64]]]:
    """The filters in groups of adjacent bands: bands, bins they cover, weights (bins, bands).

    Each bin has at most two non-zero weights, so most of the full product would be zeros.  Small
    products also start no threads.
    """
    filters, found = mel_filters(sample_rate_hz, n_fft, n_mels), []
    for first in range(0, n_mels, _GROUP_BANDS):
        bands = slice(first, first + _GROUP_BANDS)
        heard = np.flatnonzero(filters[bands].any(axis=0))
        bins = slice(heard[0], heard[-1] + 1) if len(heard) else slice(0, 0)
        found.append((bands, bins, filters[bands, bins].T.astype(np.float64)))
    return found


def mel_centers_hz(sample_rate_hz: int, n_mels: int) -> Floats:
    """Center frequency of each mel band, float32 (n_mels,)."""
    mels = np.linspace(0, _hz_to_mel(sample_rate_hz / 2), n_mels + 2)
    return _mel_to_hz(mels)[1:-1].astype(np.float32)


_LINEAR_HZ_PER_MEL = 200 / 3
_LOG_START_HZ = 1000.0
_LOG_START_MEL = _LOG_START_HZ / _LINEAR_HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27


def _hz_to_mel(hz: float) -> float:
    if hz < _LOG_START_HZ:
        return hz / _LINEAR_HZ_PER_MEL
    return float(_LOG_START_MEL + np.log(hz / _LOG_START_HZ) / _LOG_STEP)


def _mel_to_hz(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    above = _LOG_START_HZ * np.exp(_LOG_STEP * (mels - _LOG_START_MEL))
    return np.where(mels < _LOG_START_MEL, mels * _LINEAR_HZ_PER_MEL, above)


@lru_cache(maxsize=4)
def _hann(n: int) -> Floats:
    """Periodic Hann window, float32 (n,)."""
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n), dtype=np.float32)
