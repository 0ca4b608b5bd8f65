"""Random views of a tile for training (torch: needs the ``train`` extra).

SpecAugment (Park et al., Interspeech 2019) without warping, a crop in time, and a shift
by a band or two: the last makes the same music at 44.1 and 48 kHz look alike, whose mel
bands end at 22.05 and 24 kHz.
"""

from __future__ import annotations

import torch
from torch import Tensor

MAX_MEL_SHIFT = 2
MAX_MASK_SHARE = 0.15


def augment(tiles: Tensor, crop_columns: int) -> Tensor:
    """Another view of each tile, (n, 1, n_mels, n_columns) to (n, 1, n_mels, crop_columns).

    Draws from torch's global generator.  ``crop_columns`` 0, or more than there are, keeps all.
    """
    tiles = _crop(tiles, crop_columns) if 0 < crop_columns < tiles.shape[3] else tiles
    tiles = _shift_bands(tiles)
    mean = tiles.mean((2, 3), keepdim=True)
    keep = _keep(tiles, 2) & _keep(tiles, 3)
    views = torch.where(keep, tiles, mean)
    return views.contiguous(memory_format=torch.channels_last)


def _crop(tiles: Tensor, n_columns: int) -> Tensor:
    start = torch.randint(tiles.shape[3] - n_columns + 1, (len(tiles), 1))
    columns = (start + torch.arange(n_columns)).to(tiles.device)
    return tiles.gather(3, columns[:, None, None].expand(-1, 1, tiles.shape[2], -1))


def _shift_bands(tiles: Tensor) -> Tensor:
    n_mels = tiles.shape[2]
    shift = torch.randint(-MAX_MEL_SHIFT, MAX_MEL_SHIFT + 1, (len(tiles), 1))
    bands = (torch.arange(n_mels) + shift).clamp(0, n_mels - 1).to(tiles.device)
    return tiles.gather(2, bands[:, None, :, None].expand(-1, 1, -1, tiles.shape[3]))


def _keep(tiles: Tensor, axis: int) -> Tensor:
    """False over one random run along ``axis`` of each tile, of at most MAX_MASK_SHARE."""
    size = tiles.shape[axis]
    length = torch.rand(len(tiles), 1) * MAX_MASK_SHARE * size
    start = torch.rand(len(tiles), 1) * (size - length)
    position = torch.arange(size)
    keep = (position < start) | (position >= start + length)
    shape = [len(tiles), 1, 1, 1]
    shape[axis] = size
    return keep.view(shape).to(tiles.device)
