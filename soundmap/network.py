"""Residual networks over tiles, as configurations (torch: needs the ``train`` extra).

``published``: four blocks of convolution, batch norm, ReLU and max pooling, a residual block
between each two, adaptive average pooling, flatten, two dense layers.  The input of the last
dense layer is the embedding: the numbers recommendations are measured in.

``compact``: the same four widths, but the first convolution already halves both axes and the
others halve by their stride, so that twice the filters cost less; a residual block in each of
the last three; the mean over time keeps four ranges of frequency apart, since a bass and a
hi-hat are not the same thing; embeddings lie on a sphere, which leaves fewer hubs.

Halving rounds up, so any tile of at least one column has an answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

PUBLISHED, COMPACT = "published", "compact"
_RANGES = 4  # of frequency, kept apart by the compact network


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Every number of the architecture.

    ``width`` is the filter count of the first block; each block doubles it.  The
    published network is ``NetworkConfig(width=64)``: 64, 128, 256, 512 filters.  ``kind`` is
    ``published`` or ``compact``.
    """

    width: int = 64
    n_blocks: int = 4
    embedding_size: int = 40
    n_genres: int = 8
    dropout: float = 0.0
    kind: str = PUBLISHED

    def __post_init__(self) -> None:
        if self.kind not in (PUBLISHED, COMPACT):
            raise ValueError("a network is published or compact")
        if min(self.width, self.n_blocks, self.embedding_size, self.n_genres) < 1:
            raise ValueError("a network needs at least one filter, block, number and genre")
        if not 0 <= self.dropout < 1:
            raise ValueError("dropout is a share in 0..1")

    @property
    def filters(self) -> tuple[int, ...]:
        """Filters of each block, e.g. ``(64, 128, 256, 512)``."""
        return tuple(self.width << block for block in range(self.n_blocks))


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions whose result is added to their input (He et al., CVPR 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_conv(channels, channels), nn.ReLU(inplace=True), *_conv(channels, channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Same shape as the input, (n, channels, height, width)."""
        return torch.relu(x + self.body(x))


class GenreNet(nn.Module):
    """Tiles (n, 1, n_mels, n_columns) in 0..1 to embeddings and genre logits."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        compact = config.kind == COMPACT
        self.features = nn.Sequential(*(_compact if compact else _published)(config.filters))
        n_features = config.filters[-1] * (_RANGES if compact else 1)
        self.embed = nn.Linear(n_features, config.embedding_size)
        self.dropout = nn.Dropout(config.dropout)
        self.classify = nn.Linear(config.embedding_size, config.n_genres)

    def forward(self, tiles: Tensor) -> tuple[Tensor, Tensor]:
        """Returns (embeddings (n, embedding_size), logits (n, n_genres)).

        Embeddings of a published network are unbounded; those of a compact one have the length
        sqrt(embedding_size).
        """
        features = self.features(tiles)
        if self.config.kind == PUBLISHED:
            embeddings = self.embed(features)
            return embeddings, self.classify(self.dropout(torch.relu(embeddings)))
        directions = functional.normalize(self.embed(self.dropout(features)), dim=1)
        embeddings = directions * math.sqrt(self.config.embedding_size)
        return embeddings, self.classify(embeddings)


class FrequencyRanges(nn.Module):
    """Mean over time and within each of ``_RANGES`` equal ranges of frequency, flat."""

    def forward(self, x: Tensor) -> Tensor:
        """(n, channels, height, width) to (n, channels * _RANGES)."""
        over_time = x.mean(3)
        return functional.avg_pool1d(over_time, x.shape[2] // _RANGES).flatten(1)


def _conv(n_in: int, n_out: int, stride: int = 1) -> tuple[nn.Module, ...]:
    return nn.Conv2d(n_in, n_out, 3, stride, padding=1, bias=False), nn.BatchNorm2d(n_out)


def _published(filters: tuple[int, ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for n_in, n_out in zip((1, *filters), filters, strict=False):
        if n_in > 1:
            layers.append(ResidualBlock(n_in))
        layers += [*_conv(n_in, n_out), nn.ReLU(inplace=True), nn.MaxPool2d(2, ceil_mode=True)]
    return [*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()]


def _compact(filters: tuple[int, ...]) -> list[nn.Module]:
    stem = nn.Conv2d(1, filters[0], (7, 5), stride=2, padding=(3, 2), bias=False)
    layers: list[nn.Module] = [stem, nn.BatchNorm2d(filters[0]), nn.ReLU(inplace=True)]
    for n_in, n_out in pairwise(filters):
        layers += [*_conv(n_in, n_out, stride=2), nn.ReLU(inplace=True), ResidualBlock(n_out)]
    return [*layers, FrequencyRanges()]
