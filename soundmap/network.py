"""The published residual network as a configuration (torch: needs the ``train`` extra).

Four blocks of convolution, batch norm, ReLU and max pooling, a residual block between
each two, adaptive average pooling, flatten, two dense layers.  The input of the last
dense layer is the embedding: the numbers recommendations are measured in.

Pooling rounds up (``ceil_mode``), so any tile of at least one column has an answer;
for the 128 x 128 tile nothing changes, since 128 halves evenly.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Every number of the architecture.

    ``width`` is the filter count of the first block; each block doubles it.  The
    published network is ``NetworkConfig(width=64)``: 64, 128, 256, 512 filters.
    """

    width: int = 64
    n_blocks: int = 4
    embedding_size: int = 40
    n_genres: int = 8
    dropout: float = 0.0

    def __post_init__(self) -> None:
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
        self.features = nn.Sequential(*_trunk(config.filters))
        self.embed = nn.Linear(config.filters[-1], config.embedding_size)
        self.dropout = nn.Dropout(config.dropout)
        self.classify = nn.Linear(config.embedding_size, config.n_genres)

    def forward(self, tiles: Tensor) -> tuple[Tensor, Tensor]:
        """Returns (embeddings (n, embedding_size), logits (n, n_genres)), unbounded."""
        embedding = self.embed(self.features(tiles))
        return embedding, self.classify(self.dropout(torch.relu(embedding)))


def _conv(n_in: int, n_out: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(n_in, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out)


def _trunk(filters: tuple[int, ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for n_in, n_out in zip((1, *filters), filters, strict=False):
        if n_in > 1:
            layers.append(ResidualBlock(n_in))
        layers += [*_conv(n_in, n_out), nn.ReLU(inplace=True), nn.MaxPool2d(2, ceil_mode=True)]
    return [*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()]
