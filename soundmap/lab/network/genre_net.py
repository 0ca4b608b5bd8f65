"""Residual networks over tiles, as configurations (torch: needs the ``train`` extra).

``published``: four blocks of convolution, batch norm, ReLU and max pooling, a residual block
between each two, adaptive average pooling, flatten, two dense layers.  The input of the last dense
layer is the embedding, in which recommendations are measured.

``compact``: the same blocks, meant to be narrower.  It pools four ranges of frequency apart, since
a bass and a hi-hat are not the same thing, and of each both the mean and the deviation over time,
since a drone and a beat may be equally loud (statistics pooling, Snyder et al., *X-vectors*, ICASSP
2018).  Its embeddings lie on a sphere, which leaves fewer hubs.  After training they are laid out
anew: what few directions had to themselves is shared with the others, and those that tell genres
apart count more.

Halving rounds up, so any tile of at least one column has an answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

PUBLISHED, COMPACT = "published", "compact"
_RANGES = 4  # of frequency, kept apart by the compact network
_LEAST_VARIANCE = 1e-3  # the slope of a root is infinite at 0
_LEAST_SHARE = 1e-3  # of the mean variance, in directions that training sounds hardly use


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Every number of the architecture.

    ``width`` is the number of filters of the first block; each block doubles it.  The published
    network is ``NetworkConfig(width=64)``: 64, 128, 256, 512 filters.  ``kind`` is ``published`` or
    ``compact``.  Raises ValueError for numbers out of range.
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
        """Filters of each block, such as ``(64, 128, 256, 512)``."""
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

    # of a compact network only: what is taken from a point, and by what it is then multiplied
    center: Tensor  # (embedding_size,)
    stretch: Tensor  # (embedding_size, embedding_size)

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        compact = config.kind == COMPACT
        ending = [RangeStatistics()] if compact else [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.features = nn.Sequential(*_blocks(config.filters), *ending)
        n_features = config.filters[-1] * (2 * _RANGES if compact else 1)
        self.embed = nn.Linear(n_features, config.embedding_size)
        self.dropout = nn.Dropout(config.dropout)
        self.classify = nn.Linear(config.embedding_size, config.n_genres)
        if compact:
            self.register_buffer("center", torch.zeros(config.embedding_size))
            self.register_buffer("stretch", torch.eye(config.embedding_size))

    def forward(self, tiles: Tensor) -> tuple[Tensor, Tensor]:
        """Returns (embeddings (n, embedding_size), logits (n, n_genres)).

        Embeddings of a published network are unbounded; those of a compact one have length
        sqrt(embedding_size).
        """
        features = self.features(tiles)
        if self.config.kind == PUBLISHED:
            embeddings = self.embed(features)
            # a ReLU that engines do not fuse with the layer whose output is needed
            return embeddings, self.classify(self.dropout(embeddings.clamp(min=0)))
        heard = self._on_sphere(self.embed(self.dropout(features)))
        return self._on_sphere((heard - self.center) @ self.stretch), self.classify(heard)

    def _on_sphere(self, values: Tensor) -> Tensor:
        return functional.normalize(values, dim=1) * math.sqrt(self.config.embedding_size)

    @torch.no_grad()
    def lay_out(self, points: Tensor, whitening: float, weight: float) -> None:
        """Lays out the embeddings of a network that was just trained; its genres do not change.

        ``points`` (n, embedding_size) are its embeddings of the training tiles, with covariance C.
        Embeddings are centered on them and multiplied by C^-whitening: 0 leaves them alone, 0.5
        gives all directions the same variance (ZCA whitening: Bell and Sejnowski, *Vision
        Research*, 1997).  The squared distance of two then becomes |d|^2 + weight^2 |W d|^2, where
        d is their difference after whitening and W the last layer's weights in the same
        coordinates, scaled so that their squares sum to the number of genres.  Last, all are put
        back on the sphere.
        """
        points, rows = points.double().cpu(), self.classify.weight.double().cpu()
        covariance = torch.cov(points.T)
        least = _LEAST_SHARE * covariance.diagonal().mean()
        white = _power(covariance, -whitening, least.item())
        white *= math.sqrt(len(white)) / white.norm()
        seen = rows @ torch.linalg.inv(white)
        pulled = seen.T @ seen * (len(seen) / seen.square().sum())
        pull = _power(torch.eye(len(pulled)) + weight**2 * pulled, 0.5)
        self.center.copy_(points.mean(0))
        self.stretch.copy_(white @ pull)


class RangeStatistics(nn.Module):
    """Mean and deviation over time in each of ``_RANGES`` equal ranges of frequency, flattened."""

    def forward(self, x: Tensor) -> Tensor:
        """(n, channels, height, width), the height a multiple of ``_RANGES``, to (n, channels *
        _RANGES * 2), means first.
        """
        sizes = (_RANGES, x.shape[2] // _RANGES)
        ranges: Tensor = x.float().unflatten(2, sizes)  # type: ignore[no-untyped-call]
        variance, mean = torch.var_mean(ranges, (3, 4), correction=0)
        return torch.cat([mean, (variance + _LEAST_VARIANCE).sqrt()], 1).flatten(1)


def _power(symmetric: Tensor, exponent: float, least: float = 0.0) -> Tensor:
    """A power of a symmetric matrix, whose eigenvalues count as ``least`` or more."""
    values, vectors = torch.linalg.eigh(symmetric)
    power: Tensor = (vectors * values.clamp(min=least) ** exponent) @ vectors.T
    return power


def _conv(n_in: int, n_out: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(n_in, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out)


def _blocks(filters: tuple[int, ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for n_in, n_out in zip((1, *filters), filters, strict=False):
        if n_in > 1:
            layers.append(ResidualBlock(n_in))
        layers += [*_conv(n_in, n_out), nn.ReLU(inplace=True), nn.MaxPool2d(2, ceil_mode=True)]
    return layers
