"""Random views of a tile for training (torch: needs the ``train`` extra).

A view is a crop in time, or equally many scattered columns, played forward or backward; shifted by
a few bands (the same music at 44.1 and 48 kHz falls on different bands); with another tone color
and contrast, as other speakers, masters and codecs give it; and masked (SpecAugment without
warping, Park et al., Interspeech 2019).  Two tracks may be mixed (mixup, Zhang et al., ICLR 2018).
All draw from torch's global generator.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Beta
from torch.nn import functional

from soundmap.lab.training.channels import through_channel

MAX_MEL_SHIFT = 3
SCATTERED_SHARE = 0.5
MAX_MASK_SHARE = 0.15
N_MASKS = 2
COLOR_POINTS, COLOR_LEVEL = 6, 0.05  # 4 dB where a tile spans 80
CONTRAST = 0.15
MUFFLED_SHARE, MIN_CUTOFF = 0.2, 60  # of 128 bands: all below 4 kHz stays
PIECES_SHARE, CHANNEL_SHARE = 0.5, 0.85
_MIXUP = 0.4


def augment(tiles: Tensor, crop_columns: int, through: Tensor | None = None) -> Tensor:
    """A random view of each tile, (n, 1, n_mels, n_columns) to (n, 1, n_mels, crop_columns), 0..1.

    ``crop_columns`` of 0, or more than there are, keeps all columns.  Tiles where ``through``, bool
    (n,), come through a channel.
    """
    tiles = _played(tiles, crop_columns)
    if through is not None:
        tiles[through] = through_channel(tiles[through])
    mean = tiles.mean((2, 3), keepdim=True)
    for axis in (2, 3) * N_MASKS:
        tiles = torch.where(unmasked(tiles, axis), tiles, mean)
    return tiles


def varied(crop_columns: int) -> int:
    """A random width about ``crop_columns``, from a third of it, 5 s of 64 columns, to 5 / 3."""
    low, high = round(crop_columns / 3), round(crop_columns * 5 / 3)
    return int(torch.randint(low, high + 1, ()).item())


def polish(tiles: Tensor) -> Tensor:
    """A view as it occurs in use, of the same shape: whole tiles, some without their high bands, as
    codecs and low sample rates leave them.
    """
    tiles = _played(tiles, 0)
    cutoff = torch.randint(MIN_CUTOFF, tiles.shape[2], (len(tiles), 1))
    muffled = torch.rand(len(tiles), 1) < MUFFLED_SHARE
    keep = (torch.arange(tiles.shape[2]) < cutoff) | ~muffled
    return tiles * keep[:, None, :, None].to(tiles.device)


def degrade(tiles: Tensor) -> Tensor:
    """A view as it occurs in degraded recordings: most through a channel, half of all batches in
    pieces of 3 s to 3/4 of a tile.  (n, 1, n_mels, n_columns) to fewer columns or the same.
    """
    size = tiles.shape[3]
    if torch.rand(()).item() < PIECES_SHARE:
        n_columns = int(torch.randint(-(-size // 10), size * 3 // 4 + 1, ()).item())
        start = torch.randint(size - n_columns + 1, (len(tiles), 1))
        tiles = _taken(tiles, start + torch.arange(n_columns))
    tiles, some = tiles.clone(), torch.rand(len(tiles)) < CHANNEL_SHARE
    tiles[some] = through_channel(tiles[some])
    return tiles


def _taken(tiles: Tensor, columns: Tensor) -> Tensor:
    """``columns`` int64 (n, n_columns) of each tile."""
    columns = columns.to(tiles.device)
    return tiles.gather(3, columns[:, None, None].expand(-1, 1, tiles.shape[2], -1))


def _played(tiles: Tensor, crop_columns: int) -> Tensor:
    """A part of the same music, as if played on another device."""
    tiles = _crop(tiles, min(crop_columns, tiles.shape[3]) or tiles.shape[3])
    return _color(_shift_bands(tiles))


def mix(*values: Tensor) -> list[Tensor]:
    """Blends each of ``values`` (n, ...) with itself in another order.

    The order is the same for all values, and so are the shares, drawn from Beta(0.4, 0.4) for each
    of the n.
    """
    n = len(values[0])
    order, share = torch.randperm(n), Beta(_MIXUP, _MIXUP).sample((n,))
    return [_blend(value, order.to(value.device), share.to(value.device)) for value in values]


def _blend(value: Tensor, order: Tensor, share: Tensor) -> Tensor:
    own = share.view(-1, *[1] * (value.ndim - 1))
    return value * own + value[order] * (1 - own)


def _crop(tiles: Tensor, n_columns: int) -> Tensor:
    """``n_columns`` columns: adjacent ones, or scattered ones in order, in which a texture stays
    the same.
    """
    n, size = len(tiles), tiles.shape[3]
    columns = torch.randint(size - n_columns + 1, (n, 1)) + torch.arange(n_columns)
    scattered = torch.rand(n, size).argsort(1)[:, :n_columns].sort(1).values
    columns = torch.where(torch.rand(n, 1) < SCATTERED_SHARE, scattered, columns)
    return _taken(tiles, torch.where(torch.rand(n, 1) < 0.5, columns, columns.flip(1)))


def _shift_bands(tiles: Tensor) -> Tensor:
    n_mels = tiles.shape[2]
    shift = torch.randint(-MAX_MEL_SHIFT, MAX_MEL_SHIFT + 1, (len(tiles), 1))
    bands = (torch.arange(n_mels) + shift).clamp(0, n_mels - 1).to(tiles.device)
    return tiles.gather(2, bands[:, None, :, None].expand(-1, 1, -1, tiles.shape[3]))


def _color(tiles: Tensor) -> Tensor:
    """Adds a smooth random curve over the bands and scales levels about their mean."""
    n, n_mels = len(tiles), tiles.shape[2]
    points = torch.randn(n, 1, COLOR_POINTS) * COLOR_LEVEL
    curve = functional.interpolate(points, size=n_mels, mode="linear", align_corners=True)
    contrast = 1 + (torch.rand(n, 1, 1, 1) * 2 - 1) * CONTRAST
    mean = tiles.mean((2, 3), keepdim=True)
    stretched = (tiles - mean) * contrast.to(tiles.device) + mean
    return (stretched + curve[..., None].to(tiles.device)).clamp(0, 1)


def unmasked(tiles: Tensor, axis: int) -> Tensor:
    """A mask, False over one random run along ``axis`` of each tile, of at most MAX_MASK_SHARE."""
    size = tiles.shape[axis]
    length = torch.rand(len(tiles), 1) * MAX_MASK_SHARE * size
    start = torch.rand(len(tiles), 1) * (size - length)
    position = torch.arange(size)
    keep = (position < start) | (position >= start + length)
    shape = [len(tiles), 1, 1, 1]
    shape[axis] = size
    return keep.view(shape).to(tiles.device)
