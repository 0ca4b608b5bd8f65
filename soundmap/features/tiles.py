"""Mel spectrograms and tiles, by librosa's definitions but without librosa.

A tile is cut from a mel spectrogram in dB.  It spans ``span_frames`` frames, of which ``n_columns``
are kept, evenly spaced.  If the span has as many frames as columns, these are consecutive frames
(``SLICES``); with a span of 30 s they are an overview (``OVERVIEW``).  A shorter sound gives fewer
columns at the same spacing; it is never stretched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from soundmap.audio.samples import resample
from soundmap.features.mel import frames_of, loudest_band, mel_power_of
from soundmap.types import Clip, Floats, frozen

FLOOR_DB = -80.0
Steps = npt.NDArray[np.uint8]
_FLOOR = np.float32(10 ** (FLOOR_DB / 10))
_LEAST_PEAK = 1e-20  # of what is no silence


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

    def columns_in(self, n_frames: int, sample_rate_hz: int) -> int:
        """Number of columns that so many frames give at the spacing of a whole tile."""
        whole = self.span_frames(sample_rate_hz)
        return max(1, round(self.n_columns * min(n_frames, whole) / whole))

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
    frames = frames_of(clip.samples, spec.n_fft, spec.hop_length)
    return mel_power_of(frames, clip.sample_rate_hz, spec.n_mels).T


def decibels(power: Floats, peak: float | None = None) -> Floats:
    """Power in dB relative to ``peak``, the maximum by default, no less than ``FLOOR_DB``; same
    shape.

    Dividing by the maximum first keeps quiet sounds exact, unlike an absolute floor.
    """
    peak = float(power.max()) if peak is None else peak
    relative = power / max(peak, float(np.finfo(np.float32).tiny))
    return np.asarray(10 * np.log10(np.maximum(relative, _FLOOR)), dtype=np.float32)


def cut_tiles(
    levels_db: Floats, spec: TileSpec, sample_rate_hz: int, again: bool = False
) -> Floats:
    """Tiles float32 (n_tiles, n_mels, n_columns) in 0..1 of a dB spectrogram (n_mels, n_frames).

    There are max(1, n_frames // span) tiles; a remainder shorter than a tile is dropped.  Levels
    are scaled from minimum..maximum to 0..1 and quantized to 256 steps, as in the data set.
    ``again`` is that of ``tile_columns``.
    """
    low, high = float(levels_db.min()), float(levels_db.max())
    columns = levels_db[:, tile_columns(levels_db.shape[1], spec, sample_rate_hz, again)]
    return _scaled(columns, low, high)


def _scaled(columns: Floats, low: float, high: float) -> Floats:
    """Tiles float32 (n_tiles, n_mels, n_columns) of levels (n_mels, n_tiles, n_columns) in dB."""
    scaled = (columns - low) / (high - low or 1.0)
    steps = np.minimum(np.floor(scaled * 256), 255).astype(np.uint8)
    return levels_of(np.ascontiguousarray(steps.transpose(1, 0, 2)))


def levels_of(steps: Steps) -> Floats:
    """Levels float32 in 0..1 of the steps 0..255 in tile files; same shape."""
    return np.divide(steps, 255, dtype=np.float32)


def tile_columns(
    n_frames: int, spec: TileSpec, sample_rate_hz: int, again: bool = False
) -> npt.NDArray[np.int64]:
    """Frame of each column, int64 (n_tiles, n_columns): floor((j + 0.5) * span / n_columns).

    With ``again`` a sound of no more than half a tile follows once more at the moments in between,
    as often as the tile has room for it.
    """
    whole = spec.span_frames(sample_rate_hz)
    n_tiles, span = max(1, n_frames // whole), min(n_frames, whole)
    n_columns = spec.columns_in(span, sample_rate_hz)
    n_looks = max(1, min(spec.n_columns // n_columns, span // n_columns)) if again else 1
    later = (np.arange(n_looks)[:, None] / n_looks + 0.5) % 1
    within = ((np.arange(n_columns) + later) * span / n_columns).astype(np.int64).ravel()
    return np.arange(n_tiles)[:, None] * span + within


def tiles_of(clip: Clip, spec: TileSpec, again: bool = False) -> tuple[Floats, int]:
    """Tiles float32 (n_tiles, n_mels, n_columns) in 0..1 of a clip at any rate, and the rate in Hz
    at which they were cut.  ``again`` is that of ``tile_columns``.
    """
    clip = resample(clip, spec.rate_for(clip.sample_rate_hz))
    rate_hz = clip.sample_rate_hz
    tiles = _tiles_by_few_frames(clip, spec, again)
    if tiles is None:
        tiles = cut_tiles(decibels(mel_power(clip, spec)), spec, rate_hz, again)
    return tiles, rate_hz


def _tiles_by_few_frames(clip: Clip, spec: TileSpec, again: bool) -> Floats | None:
    """The same tiles to the last bit, from the columns' frames and those that may be louder.

    None where most frames are columns anyway, or where these do not reach the floor of
    ``decibels``, since then the lowest band of every frame matters too.
    """
    frames = frames_of(clip.samples, spec.n_fft, spec.hop_length)
    columns = tile_columns(len(frames), spec, clip.sample_rate_hz, again)
    if 2 * columns.size > len(frames):
        return None
    power = mel_power_of(frames[columns.ravel()], clip.sample_rate_hz, spec.n_mels)
    peak = loudest_band(frames, power.max(), clip.sample_rate_hz, spec.n_mels)
    if peak < _LEAST_PEAK or power.min() > _FLOOR * peak:
        return None
    levels_db = decibels(power, peak).T.reshape(spec.n_mels, *columns.shape)
    return _scaled(levels_db, float(levels_db.min()), 0.0)


def mel_tiles(clip: Clip, spec: TileSpec = OVERVIEW) -> Floats:
    """Tiles float32 (n_tiles, n_mels, n_columns) in 0..1 of a clip at any rate, read-only."""
    return frozen(tiles_of(clip, spec)[0])
