"""Where a recording ends: codecs, telephones and low sample rates leave nothing above a frequency.

Music fades towards high frequencies; what was cut off ends at an edge, with emptiness above.
"""

from __future__ import annotations

import numpy as np

from soundmap.features.mel import mel_centers_hz
from soundmap.features.tiles import FLOOR_DB
from soundmap.types import Floats

_LOWEST_HZ = 1_500.0  # a bass alone is no recording cut off
_LOUD = 95  # percentile over time that tells a band's level
_BELOW, _GAP = 3, 2  # bands below an edge that are there, and bands that an edge may be wide
_DROP_DB, _EMPTY_DB = 12.0, 8.0


def upper_edge_hz(tiles: Floats, sample_rate_hz: int) -> float | None:
    """The frequency above which a sound was cut off, or None where it was not.

    ``tiles`` are float32 (n, n_mels, n_columns) in 0..1, 80 dB deep, cut at ``sample_rate_hz``.  At
    an edge the level falls by 12 dB within two bands, to no more than 8 dB above the emptiest band,
    and stays there.
    """
    levels_db = -FLOOR_DB * np.percentile(np.concatenate(list(tiles), axis=1), _LOUD, axis=1)
    highest_above = np.maximum.accumulate(levels_db[::-1])[::-1][_GAP:]
    n, centers_hz = len(highest_above), mel_centers_hz(sample_rate_hz, len(levels_db))
    before = np.pad(levels_db, (_BELOW, 0), mode="edge")
    lowest_below = np.lib.stride_tricks.sliding_window_view(before, _BELOW + 1).min(axis=1)[:n]
    edges = (
        (lowest_below - highest_above >= _DROP_DB)
        & (highest_above <= levels_db.min() + _EMPTY_DB)
        & (centers_hz[:n] > _LOWEST_HZ)
    )
    found = np.flatnonzero(edges)
    return float(centers_hz[found[-1]]) if len(found) else None
