"""Mel-frequency cepstral coefficients, equal to librosa's and the data set's (see the tests)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.audio.samples import resample
from soundmap.features.tiles import FLOOR_DB, SLICES, mel_power
from soundmap.types import Clip, Floats

N_COEFFICIENTS = 20
N_FRAMES = 130
_LEAST_POWER = 1e-10


def mfcc(clip: Clip) -> Floats:
    """The first 20 coefficients of each frame, float32 (n_frames, 20), at 22,050 Hz, hop 512.

    The orthonormal DCT-II of the mel spectrogram in dB (Davis and Mermelstein, IEEE TASSP 28,
    1980), floored at 80 dB below the maximum of the clip.  Equals ``librosa.feature.mfcc`` with
    its defaults.
    """
    clip = resample(clip, SLICES.sample_rate_hz)
    levels_db = 10 * np.log10(np.maximum(mel_power(clip, SLICES), _LEAST_POWER))
    levels_db = np.maximum(levels_db, levels_db.max() + FLOOR_DB)
    return np.asarray(levels_db.T @ _cosines(SLICES.n_mels), dtype=np.float32)


@lru_cache(maxsize=1)
def _cosines(n: int) -> Floats:
    """The first 20 basis vectors of the orthonormal DCT-II of n values, float32 (n, 20)."""
    angles = np.pi / n * (np.arange(n)[:, None] + 0.5) * np.arange(N_COEFFICIENTS)
    basis = np.cos(angles) * np.sqrt(2 / n)
    basis[:, 0] /= np.sqrt(2)
    return np.asarray(basis, dtype=np.float32)


def time_statistics(series: npt.NDArray[np.floating[Any]]) -> Floats:
    """Statistics over time of series (n, n_frames, n_values): float32 (n, 3 * n_values).

    They are mean, standard deviation, and mean absolute difference between frames.
    """
    frames = series.astype(np.float32)
    steps = np.abs(np.diff(frames, axis=1)).mean(axis=1)
    return np.concatenate([frames.mean(axis=1), frames.std(axis=1), steps], axis=1)
