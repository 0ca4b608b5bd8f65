"""Samples: downmix, resampling, and the sample rates that are supported."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from soundmap.errors import BadSound
from soundmap.types import Clip, Floats

RATES_HZ = (8_000, 768_000)
_LOOK = 4  # of each block the first quarter tells whether channels cancel each other
_MOST_LOOK = 1 << 13
_CODED = (
    # How a frame of DTS (ETSI TS 102 114: 16 and 14 bits, both orders of bytes) or of IEC 61937
    # begins as 16-bit samples: the first, the second, a mask for the third and what it leaves.
    (0x7FFE, -0x7FFF, 0xFC00, 0xFC00),
    (-0x181, 0x180, 0x00FC, 0x00FC),
    (0x1FFF, -0x1800, 0xFFF0, 0x07F0),
    (-0xE1, 0xE8, 0xF0FF, 0xF007),
    (-0x78E, 0x4E1F, 0x00E0, 0x0000),
)
CANCELLED = 0.05
"""Share of the channels' mean power below which (-13 dB) their mean is not what a player plays."""


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


class Downmix:
    """Brings the channels of a sound, block by block, to one: the plain mean of them, or
    ``channel`` alone.

    Where channels cancel each other, as with one of two cables the wrong way round, their mean is
    not what a player plays, and ``best`` is then another than ``channel``: see ``Wiring``.  They
    cancel if the power of their mean is below ``CANCELLED`` of their mean power, both taken of the
    first quarter of each block.

    The first block must not hold what is no sound (``is_coded``).
    """

    def __init__(self, channel: int | None = None) -> None:
        self._channel = channel
        self._mean_power = self._power = 0.0
        self._by_channel = np.zeros(0)
        self._begun = False

    def add(self, block: Floats) -> Floats:
        """One channel float32 (n,) of a block float32 (n, n_channels).

        Raises BadSound ``coded``.
        """
        n_channels = block.shape[1]
        if not self._begun and is_coded(block):
            raise BadSound("coded")
        self._begun = True
        mean = mono(block)
        if n_channels > 1:
            self._note(block, mean)
        alone = self._channel is not None and self._channel < n_channels
        return block[:, self._channel].copy() if alone else mean

    @property
    def best(self) -> int | None:
        """The channel to take of what was added: None for the mean, or else the loudest; where
        nothing or little speaks against it, that which was taken.
        """
        if not self._power:
            return self._channel
        if not self._mean_power < CANCELLED * self._power:
            return None
        loudest, taken = int(self._by_channel.argmax()), self._channel
        if taken is not None and taken < len(self._by_channel):
            loud = self._by_channel[taken] > self._by_channel[loudest] / 2
            return taken if loud else loudest
        return loudest

    def _note(self, block: Floats, mean: Floats) -> None:
        block, mean = block[: len(block) // _LOOK + 1], mean[: len(mean) // _LOOK + 1]
        flat = block.ravel("K")
        power, mean_power = float(flat @ flat) / block.shape[1], float(mean @ mean)
        self._power += power
        self._mean_power += mean_power
        if mean_power < CANCELLED * power:
            powers = np.square(block, dtype=np.float64).sum(axis=0)
            missing = len(powers) - len(self._by_channel)
            self._by_channel = np.pad(self._by_channel, (0, max(0, missing)))
            self._by_channel[: len(powers)] += powers


class Wiring:
    """Which ``channel`` to take of the next window of a sound: the one that was best before, at
    first None, which is the mean.

    A window for which another proves best is to be read again.  That happens ``MOST_AGAIN`` times
    at most, since it may cost a passage through the whole file, and a single channel has the last
    word: unlike the mean it is never silence.
    """

    MOST_AGAIN = 4

    def __init__(self) -> None:
        self.channel: int | None = None
        self._left = self.MOST_AGAIN

    def again(self, downmix: Downmix) -> bool:
        """Whether to read a window again, with ``channel`` as it is then."""
        best = downmix.best
        if best == self.channel or self._left <= (best is None):
            return False
        self.channel, self._left = best, self._left - 1
        return True


def is_coded(block: Floats) -> bool:
    """Whether what should be samples float32 (n, n_channels) is a compressed stream, as on music
    discs with DTS: frames begin twice or more often in the first ``_MOST_LOOK`` samples.
    """
    flat = block[:_MOST_LOOK].ravel()
    return any(_count(flat, *mark) > 1 for mark in _CODED)


def _count(flat: Floats, first: int, second: int, mask: int, bits: int) -> int:
    at = np.flatnonzero(flat[:-2] == np.float32(first / 32768))
    at = at[flat[at + 1] == np.float32(second / 32768)]
    third = np.rint(flat[at + 2] * np.float32(32768)).astype(np.int64)
    return int(np.count_nonzero(third & mask == bits))


def checked_rate(rate_hz: int) -> int:
    """Returns the rate if it is within ``RATES_HZ``.  Raises BadSound ``unsupported_rate``."""
    low, high = RATES_HZ
    if not low <= rate_hz <= high:
        raise BadSound("unsupported_rate", rate_hz=rate_hz, low_hz=low, high_hz=high)
    return rate_hz
