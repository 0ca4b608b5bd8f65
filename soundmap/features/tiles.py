"""Mel spectrograms and tiles, by librosa's definitions but without librosa.

A tile is cut from a mel spectrogram in dB.  It spans ``span_frames`` frames, of which ``n_columns``
are kept, evenly spaced.  If the span has as many frames as columns, these are consecutive frames
(``SLICES``); with a span of 30 s they are an overview (``OVERVIEW``).  A shorter sound gives fewer
columns at the same spacing; it is never stretched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from soundmap.audio.samples import resample
from soundmap.types import Clip, Floats, frozen

FLOOR_DB = -80.0
Steps = npt.NDArray[np.uint8]
_CHUNK_FRAMES = 32  # 32 frames of 2,048 samples fit the L2 cache
_GROUP_BANDS = 16


@dataclass(frozen=True, slots=True)
class TileSpec:
    """The numbers that define a tile, stored in the bundle with the weights.

    Sounds are resampled to ``sample_rate_hz``, except those at one of ``native_rates_hz``.
    """

    name: str
    sample_rate_hz: int
    span_seconds: float
    n_fft: int = 2048
    hop_length: int = 512
    n_mels: int = 128
    n_columns: int = 128
    native_rates_hz: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if min(self.sample_rate_hz, self.n_fft, self.hop_length, self.n_mels, self.n_columns) < 1:
            raise ValueError("every number of a tile is at least 1")
        if self.span_frames(self.sample_rate_hz) < self.n_columns:
            raise ValueError("a tile has at least as many frames as columns")

    def span_frames(self, sample_rate_hz: int) -> int:
        """Number of frames in a whole tile at a sample rate."""
        return round(self.span_seconds * sample_rate_hz) // self.hop_length + 1

    def rate_for(self, sample_rate_hz: int) -> int:
        """The rate in Hz that a sound of ``sample_rate_hz`` is resampled to."""
        return sample_rate_hz if sample_rate_hz in self.native_rates_hz else self.sample_rate_hz


SLICES = TileSpec("slices", 22_050, span_seconds=127 * 512 / 22_050)
OVERVIEW = TileSpec("overview", 44_100, span_seconds=30.0, native_rates_hz=(44_100, 48_000))
SPECS = {spec.name: spec for spec in (SLICES, OVERVIEW)}


def mel_power(clip: Clip, spec: TileSpec) -> Floats:
    """Mel power spectrogram of a clip at its own rate, float32 (n_mels, 1 + n // hop_length).

    Hann window, centered frames, zero padding, and Slaney mel bands from 0 to half the rate: the
    defaults of ``librosa.feature.melspectrogram``.
    """
    padded = np.pad(clip.samples, spec.n_fft // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, spec.n_fft)[:: spec.hop_length]
    window, groups = _hann(spec.n_fft), _groups(clip.sample_rate_hz, spec.n_fft, spec.n_mels)
    power = np.empty((len(frames), spec.n_mels), np.float32)
    for start in range(0, len(frames), _CHUNK_FRAMES):
        spectrum = np.fft.rfft(frames[start : start + _CHUNK_FRAMES] * window)
        magnitude = spectrum.real**2 + spectrum.imag**2
        for bands, bins, filters in groups:
            power[start : start + _CHUNK_FRAMES, bands] = magnitude[:, bins] @ filters
    return power.T


def decibels(power: Floats) -> Floats:
    """Power in dB relative to the maximum, no less than ``FLOOR_DB``; same shape.

    Dividing by the maximum first keeps quiet sounds exact, unlike an absolute floor.
    """
    relative = power / max(float(power.max()), float(np.finfo(np.float32).tiny))
    floor = np.float32(10 ** (FLOOR_DB / 10))
    return np.asarray(10 * np.log10(np.maximum(relative, floor)), dtype=np.float32)


def cut_tiles(levels_db: Floats, spec: TileSpec, sample_rate_hz: int) -> Floats:
    """Tiles float32 (n_tiles, n_mels, n_columns) in 0..1 of a dB spectrogram (n_mels, n_frames).

    There are max(1, n_frames // span) tiles; a remainder shorter than a tile is dropped.  Levels
    are scaled from minimum..maximum to 0..1 and quantized to 256 steps, as in the data set.
    """
    low = float(levels_db.min())
    span_db = float(levels_db.max()) - low or 1.0
    columns = levels_db[:, tile_columns(levels_db.shape[1], spec, sample_rate_hz)]
    scaled = (columns - low) / span_db
    steps = np.minimum(np.floor(scaled * 256), 255).astype(np.uint8)
    return levels_of(np.ascontiguousarray(steps.transpose(1, 0, 2)))


def levels_of(steps: Steps) -> Floats:
    """Levels float32 in 0..1 of the steps 0..255 in tile files; same shape."""
    return np.divide(steps, 255, dtype=np.float32)


def tile_columns(n_frames: int, spec: TileSpec, sample_rate_hz: int) -> npt.NDArray[np.int64]:
    """Frame of each column, int64 (n_tiles, n_columns): floor((j + 0.5) * span / n_columns)."""
    whole = spec.span_frames(sample_rate_hz)
    n_tiles, span = max(1, n_frames // whole), min(n_frames, whole)
    n_columns = max(1, round(spec.n_columns * span / whole))
    within = ((np.arange(n_columns) + 0.5) * span / n_columns).astype(np.int64)
    return np.arange(n_tiles)[:, None] * span + within


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
def _groups(sample_rate_hz: int, n_fft: int, n_mels: int) -> list[tuple[slice, slice, Floats]]:
    """The filters in groups of adjacent bands: bands, bins they cover, weights (bins, bands).

    Each bin has at most two non-zero weights, so most of the full product would be zeros.  Small
    products also start no threads.
    """
    filters, found = mel_filters(sample_rate_hz, n_fft, n_mels), []
    for first in range(0, n_mels, _GROUP_BANDS):
        bands = slice(first, first + _GROUP_BANDS)
        heard = np.flatnonzero(filters[bands].any(axis=0))
        bins = slice(heard[0], heard[-1] + 1) if len(heard) else slice(0, 0)
        found.append((bands, bins, np.ascontiguousarray(filters[bands, bins].T)))
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


def tiles_of(clip: Clip, spec: TileSpec) -> tuple[Floats, int]:
    """Tiles float32 (n_tiles, n_mels, n_columns) in 0..1 of a clip at any rate, and the rate in Hz
    at which they were cut.
    """
    clip = resample(clip, spec.rate_for(clip.sample_rate_hz))
    rate_hz = clip.sample_rate_hz
    return cut_tiles(decibels(mel_power(clip, spec)), spec, rate_hz), rate_hz


def mel_tiles(clip: Clip, spec: TileSpec = OVERVIEW) -> Floats:
    """Tiles float32 (n_tiles, n_mels, n_columns) in 0..1 of a clip at any rate, read-only."""
    return frozen(tiles_of(clip, spec)[0])
