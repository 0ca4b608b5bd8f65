"""Traits that a listener could name: tempo from the clip, the rest from tiles.

The data set has tiles but no audio, so brightness, bass, dynamics and noisiness are defined on
tiles, whose levels 0..1 are taken to span 80 dB.  Queries are measured by the same code.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from soundmap.audio.samples import resample
from soundmap.features.mel import mel_centers_hz
from soundmap.features.tiles import FLOOR_DB, SLICES, decibels, mel_power
from soundmap.types import Clip, Floats, Traits

Signal = npt.NDArray[np.float64]
BASS_HZ = 200.0
_TEMPO_SECONDS = 8.0
_CHUNK_WINDOWS = 64
_TYPICAL_BPM, _FASTEST_BPM = 120.0, 320.0


def traits_of(tiles: Floats, sample_rate_hz: int, tempo: float) -> Traits:
    """Traits of one sound from its tiles (n_tiles, n_mels, n_columns) in 0..1 and tempo in BPM."""
    levels_db = np.float32(FLOOR_DB) * (1 - np.concatenate(list(tiles), axis=1))
    centers_hz = mel_centers_hz(sample_rate_hz, tiles.shape[1])
    energy = 10 ** (levels_db / 10) * np.gradient(centers_hz)[:, None]
    loudness_db = 10 * np.log10(energy.sum(axis=0))
    magnitude = np.sqrt(energy)
    return Traits(
        tempo_bpm=tempo,
        brightness_hz=float((centers_hz @ magnitude).sum() / magnitude.sum()),
        bass_share=float(energy[centers_hz < BASS_HZ].sum() / energy.sum()),
        dynamics_db=float(np.subtract(*np.percentile(loudness_db, (95, 10)))),
        noisiness=_flatness(levels_db),
    )


def tempo_bpm(clip: Clip) -> float:
    """Tempo in beats per minute as estimated by ``librosa.beat.beat_track``; 0 without onsets.

    Autocorrelation of the onset strength over 8 s windows, weighted towards 120 BPM by a
    log-normal prior (Ellis, *Beat Tracking by Dynamic Programming*, 2007).
    """
    clip = resample(clip, SLICES.sample_rate_hz)
    rises = np.maximum(0, np.diff(decibels(mel_power(clip, SLICES)), axis=1))
    onsets = np.concatenate([[0.0], np.median(rises, axis=0)])
    if onsets.max() <= 0:
        return 0.0
    frames_per_minute = 60 * SLICES.sample_rate_hz / SLICES.hop_length
    strength = _autocorrelation(onsets, round(_TEMPO_SECONDS * frames_per_minute / 60))
    bpm = frames_per_minute / np.arange(1, len(strength))
    prior = np.where(bpm < _FASTEST_BPM, -0.5 * np.log2(bpm / _TYPICAL_BPM) ** 2, -np.inf)
    return float(bpm[np.argmax(np.log1p(1e6 * strength[1:]) + prior)])


def _autocorrelation(onsets: Signal, size: int) -> Signal:
    """Normalized autocorrelation (size,), averaged over all windows of ``size`` frames.

    It is linear in the power spectra (Wiener-Khinchin theorem), so one inverse transform of their
    mean is enough.
    """
    padded = np.pad(onsets, size // 2)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)
    n_fft = 3 << (2 * size // 3).bit_length()  # at least 2 * size, and quick to transform
    power = np.zeros(n_fft // 2 + 1)
    for start in range(0, len(frames), _CHUNK_WINDOWS):
        windows = frames[start : start + _CHUNK_WINDOWS] * hann
        energies = np.maximum(np.einsum("ij,ij->i", windows, windows), 1e-12)
        spectra = np.fft.rfft(windows, n_fft)
        power += ((spectra.real**2 + spectra.imag**2) / energies[:, None]).sum(axis=0)
    return np.asarray(np.fft.irfft(power / len(frames), n_fft)[:size])


def _flatness(levels_db: Floats) -> float:
    """Geometric over arithmetic mean of the bands' power density, averaged over time: 0..1."""
    geometric_db = levels_db.mean(axis=0)
    arithmetic_db = 10 * np.log10((10 ** (levels_db / 10)).mean(axis=0))
    return float((10 ** ((geometric_db - arithmetic_db) / 10)).mean())
