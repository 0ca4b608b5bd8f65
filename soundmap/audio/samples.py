"""Samples: downmix, resampling, and the sample rates that are supported."""

from __future__ import annotations

from dataclasses import replace

from soundmap.errors import BadSound
from soundmap.types import Clip, Floats

RATES_HZ = (8_000, 192_000)


def resample(clip: Clip, sample_rate_hz: int) -> Clip:
    """The clip resampled to another rate, by soxr in high quality."""
    if clip.sample_rate_hz == sample_rate_hz:
        return clip
    import soxr  # here, since reading catalogs does not need it

    samples = soxr.resample(clip.samples, clip.sample_rate_hz, sample_rate_hz, quality="HQ")
    return replace(clip, samples=samples, sample_rate_hz=sample_rate_hz)


def mono(samples: Floats) -> Floats:
    """Mean of the channels of ``samples`` float32 (n, n_channels), float32 (n,).

    Faster than ``numpy.mean``, which along so short an axis takes as long as decoding an mp3.
    """
    total = samples[:, 0].copy()
    for channel in samples.T[1:]:
        total += channel
    total /= samples.shape[1]
    return total


def checked_rate(rate_hz: int) -> int:
    """Returns the rate if it is within ``RATES_HZ``.  Raises BadSound ``unsupported_rate``."""
    low, high = RATES_HZ
    if not low <= rate_hz <= high:
        raise BadSound("unsupported_rate", rate_hz=rate_hz, low_hz=low, high_hz=high)
    return rate_hz
