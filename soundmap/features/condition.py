"""In what condition a recording is: whole, or degraded on its way by what carried it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soundmap.features.bandwidth import upper_edge_hz
from soundmap.features.tiles import FLOOR_DB
from soundmap.types import Floats

_NARROW_HZ = 12_500.0
_STILL_DB, _THERE_DB = 8.0, 18.0
_ABOVE_SHARE, _STILL_SHARE = 1 / 8, 1 / 16  # of all bands: those above the music, those with noise
_LOUD, _FAINT = 95, 5  # percentiles over time
_TOP = 2  # bands, in which a codec ends: noise flickers there, too


@dataclass(frozen=True, slots=True)
class Condition:
    """``edge_hz`` is where a recording was cut off, None where it was not; ``noisy`` says that a
    steady noise lies over it.
    """

    edge_hz: float | None = None
    noisy: bool = False

    @property
    def degraded(self) -> bool:
        """It needs an ear for that: it is noisy, or ends below 12.5 kHz."""
        return self.noisy or (self.edge_hz is not None and self.edge_hz < _NARROW_HZ)


CLEAN, NOISY = Condition(), Condition(noisy=True)


def condition_of(tiles: Floats, sample_rate_hz: int) -> Condition:
    """The condition of a sound by its tiles, float32 (n, n_mels, n_columns) in 0..1, 80 dB deep.

    It is noisy if its upper bands are at least 18 dB above the floor but move by less than 8 dB,
    save the highest two.
    """
    return Condition(upper_edge_hz(tiles, sample_rate_hz), _is_under_noise(tiles))


def _is_under_noise(tiles: Floats) -> bool:
    levels_db = -FLOOR_DB * np.concatenate(list(tiles), axis=1)
    faint, loud = np.percentile(levels_db, (_FAINT, _LOUD), axis=1)
    moving = np.flatnonzero((loud - faint)[:-_TOP] >= _STILL_DB)
    if not len(moving):  # a drone
        return False
    above = loud[moving[-1] + 1 :]
    noisy = int((above > _THERE_DB).sum())
    return len(above) > _ABOVE_SHARE * len(loud) and noisy >= _STILL_SHARE * len(loud)
