"""In what condition a recording is: whole, or degraded on its way by what carried it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soundmap.features.bandwidth import upper_edge_hz
from soundmap.features.tiles import FLOOR_DB
from soundmap.types import Floats

_WHOLE_SHARE = 0.5  # of a tile's columns; fewer are a snippet
_NARROW_HZ = 12_500.0
_STILL_DB, _THERE_DB = 8.0, 8.0
_ABOVE_SHARE, _STILL_SHARE = 1 / 8, 1 / 16  # of all bands: those above the music, those with noise
_LOUD, _FAINT = 95, 5  # percentiles over time


@dataclass(frozen=True, slots=True)
class Condition:
    """``edge_hz`` is where a recording was cut off, None where it was not.  ``degraded`` says that
    it is cut off, a snippet, or under noise, so that it needs an ear for that.
    """

    edge_hz: float | None = None
    degraded: bool = False


CLEAN = Condition()


def condition_of(tiles: Floats, sample_rate_hz: int) -> Condition:
    """The condition of a sound by its tiles, float32 (n, n_mels, n_columns) in 0..1, 80 dB deep.

    It is degraded if it is shorter than half a tile as wide as it is high, if it ends below 12.5
    kHz, or if its upper bands are there but move by less than 8 dB, as noise does.
    """
    edge_hz = upper_edge_hz(tiles, sample_rate_hz)
    snippet = tiles.shape[0] * tiles.shape[2] < _WHOLE_SHARE * tiles.shape[1]
    narrow = edge_hz is not None and edge_hz < _NARROW_HZ
    return Condition(edge_hz, snippet or narrow or _is_under_noise(tiles))


def _is_under_noise(tiles: Floats) -> bool:
    levels_db = -FLOOR_DB * np.concatenate(list(tiles), axis=1)
    faint, loud = np.percentile(levels_db, (_FAINT, _LOUD), axis=1)
    moving = np.flatnonzero(loud - faint >= _STILL_DB)
    if not len(moving):  # a drone
        return False
    above = loud[moving[-1] + 1 :]
    noisy = int((above > _THERE_DB).sum())
    return len(above) > _ABOVE_SHARE * len(loud) and noisy >= _STILL_SHARE * len(loud)
