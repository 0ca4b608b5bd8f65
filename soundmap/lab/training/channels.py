"""What lies between a sound and who hears it, drawn at random and done to tiles (torch).

A tile knows levels only, so a channel is made of what it does to them: a loudspeaker's and a
microphone's tone color, low and high cuts, a room that smears along time, noise, clipping, and a
codec that drops what it takes to be inaudible.  Levels add as powers.  At the end a tile is scaled
as :mod:`soundmap.features.tiles` does it: 80 dB deep below the loudest, from 0 to 1.
All draw from torch's global generator.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from soundmap.features.mel import mel_centers_hz
from soundmap.features.tiles import OVERVIEW

FLOOR_DB = -80.0
COLOR_DB, COLOR_POINTS = 5.0, 7
LOW_CUT_BANDS = (2, 24)  # 60 to 740 Hz of 128 bands to 22,050 Hz
HIGH_CUT_BANDS = (62, 124)  # 2.7 to 19 kHz
SLOPE_DB = (1.0, 20.0)  # a band
ROOM_DB = (-45.0, -12.0)  # what is left of a column in the next
NOISE_DB = (-52.0, -8.0)  # below the power of the sound
CLIP_DB = (-65.0, -36.0)  # in each band, below the power of the column
CODEC_DB = (15.0, 45.0)  # below the loudest of the column
FAINTER_DB = (0.0, 15.0)  # the faintest moment of the sound, below the faintest of the tile
_NARROW_DB = 5.6  # deviation of the level of noise in a band of one bin
_NEPER = math.log(10) / 10


def through_channel(tiles: Tensor) -> Tensor:
    """Each tile as it comes out of a random channel, (n, 1, n_mels, n_columns) in 0..1 to the same
    shape.
    """
    levels = (tiles - 1) * -FLOOR_DB
    levels = levels + _curve(levels, COLOR_DB)
    for share, step in _STEPS:
        some = (torch.rand(len(levels)) < share).nonzero()[:, 0].to(levels.device)
        levels[some] = step(levels[some])
    return _scaled(levels, tiles.amax((2, 3), keepdim=True))


def _drawn(levels: Tensor, low: float, high: float) -> Tensor:
    """A number in ``low..high`` for each tile, (n, 1, 1, 1)."""
    return (torch.rand(len(levels), 1, 1, 1) * (high - low) + low).to(levels.device)


def _curve(levels: Tensor, deviation: float) -> Tensor:
    """A smooth random curve over the bands, in dB, (n, 1, n_mels, 1)."""
    points = torch.randn(len(levels), 1, COLOR_POINTS) * deviation
    size = levels.shape[2]
    curve = functional.interpolate(points, size=size, mode="linear", align_corners=True)
    return curve[..., None].to(levels.device)


def _bands(levels: Tensor) -> Tensor:
    return torch.arange(levels.shape[2], device=levels.device).view(1, 1, -1, 1)


def _low_cut(levels: Tensor) -> Tensor:
    below = (_drawn(levels, *LOW_CUT_BANDS) - _bands(levels)).clamp_min(0)
    return levels - below * _drawn(levels, *SLOPE_DB)


def _high_cut(levels: Tensor) -> Tensor:
    above = (_bands(levels) - _drawn(levels, *HIGH_CUT_BANDS)).clamp_min(0)
    return levels - above * _drawn(levels, *SLOPE_DB)


def _band_limit(levels: Tensor) -> Tensor:
    """A low sample rate or a codec leaves nothing above."""
    return levels.masked_fill(_bands(levels) > _drawn(levels, *HIGH_CUT_BANDS), 2 * FLOOR_DB)


def _room(levels: Tensor) -> Tensor:
    """What a column leaves in the next two; a column is 46 ms long, the next 234 ms later."""
    left = _drawn(levels, *ROOM_DB)
    for _ in range(2):
        late = functional.pad(levels[..., :-1], (1, 0), value=2 * FLOOR_DB) + left
        levels = _added(levels, late)
    return levels


def _noise(levels: Tensor) -> Tensor:
    """As if white, before a random color.

    A mel band tells the power in 1 Hz, not in the band; the wider it is the less its noise varies.
    """
    widths = _widths_hz(levels.shape[2]).to(levels.device)
    mean = _power(levels + 10 * torch.log10(widths / widths.sum()), (2, 3))
    mean = mean - 10 * math.log10(levels.shape[3])
    noise = mean + _drawn(levels, *NOISE_DB) + _curve(levels, COLOR_DB)
    varied = _NARROW_DB * (widths / widths.amin()).rsqrt() * torch.randn_like(levels)
    return _added(levels, noise + varied)


@cache
def _widths_hz(n_mels: int) -> Tensor:
    """How far apart bands are, (1, 1, n_mels, 1)."""
    centers_hz = mel_centers_hz(OVERVIEW.sample_rate_hz, n_mels)
    return torch.from_numpy(np.gradient(centers_hz)).float().view(1, 1, -1, 1)


def _clipped(levels: Tensor) -> Tensor:
    """Clipping spreads a part of a loud column's power over all bands."""
    power = _power(levels, (2,))
    loud = power > power.amax(3, keepdim=True) - _drawn(levels, 1, 12)
    spread = power + _drawn(levels, *CLIP_DB)
    return torch.where(loud, _added(levels, spread), levels)


def _codec(levels: Tensor) -> Tensor:
    """Values far below the loudest of their column are dropped, in high bands sooner."""
    depth = _drawn(levels, *CODEC_DB) + 40 * (1 - _bands(levels) / levels.shape[2])
    faint = levels < levels.amax(2, keepdim=True) - depth
    dropped = faint & (torch.rand_like(levels) < _drawn(levels, 0.3, 1))
    return levels.masked_fill(dropped, 2 * FLOOR_DB)


_STEPS = (
    (0.4, _low_cut),
    (0.4, _room),
    (0.5, _noise),
    (0.2, _clipped),
    (0.4, _codec),
    (0.3, _high_cut),
    (0.5, _band_limit),
)
"""Each with its share of the tiles, in the order in which a sound meets them."""


def _added(levels: Tensor, other: Tensor) -> Tensor:
    """Powers added, all in dB."""
    return torch.logaddexp(levels * _NEPER, other * _NEPER) / _NEPER


def _power(levels: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Powers summed over axes that stay, all in dB."""
    return torch.logsumexp(levels * _NEPER, axes, keepdim=True) / _NEPER


def _scaled(levels: Tensor, highest: Tensor) -> Tensor:
    """Tiles in 0..1 whose highest value is as it was, since a moment between columns may be louder,
    and the faintest fainter.
    """
    headroom = (highest - 1) * -FLOOR_DB
    levels = (levels - levels.amax((2, 3), keepdim=True) + headroom).clamp_min(FLOOR_DB)
    low = (levels.amin((2, 3), keepdim=True) - _drawn(levels, *FAINTER_DB)).clamp_min(FLOOR_DB)
    return (levels - low) / (-low).clamp_min(1e-6)
