"""The networks of the ladder (torch: needs the ``train`` extra): raw arrays in, logits out.

Each takes the arrays as the data set keeps them, scales them itself and, where its row says so,
trains on random views of them.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from soundmap.lab.network.genre_net import GenreNet, NetworkConfig
from soundmap.lab.training.augment import unmasked

N_VALUES = 20
_PATCH_COLUMNS = 2
_NOISE = 0.1


class Views(nn.Module):
    """Random views while training: noise, a rotation in time, one mask over bands and one over
    time.

    (n, 1, bands, columns) to the same shape.  SpecAugment (Park et al., Interspeech 2019) without
    warping; masked values become the mean.
    """

    def __init__(self, noise: float) -> None:
        super().__init__()
        self.noise = noise

    def forward(self, x: Tensor) -> Tensor:
        """A random view of each input; the input itself when not training."""
        if not self.training:
            return x
        x = _rotated(x) + self.noise * torch.randn_like(x)
        kept = unmasked(x, 2) & unmasked(x, 3)
        return torch.where(kept, x, x.mean((2, 3), keepdim=True))


class Standardize(nn.Module):
    """Subtracts means and divides by deviations, float32 (n_values,) each, along the last axis."""

    mean: Tensor
    scale: Tensor

    def __init__(self, mean: Tensor, scale: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("scale", scale.clamp_min(1e-6))

    def forward(self, x: Tensor) -> Tensor:
        """Same shape, float32."""
        return (x.float() - self.mean) / self.scale


class Levels(nn.Module):
    """Tiles uint8 (n, n_mels, n_columns) to levels float32 (n, 1, n_mels, n_columns) in 0..1."""

    def forward(self, tiles: Tensor) -> Tensor:
        """In channels-last layout, in which convolutions on processors are fastest."""
        levels = (tiles.float() / 255).unsqueeze(1)
        return levels.contiguous(memory_format=torch.channels_last)


class PublishedNet(nn.Module):
    """The published residual network, without its embeddings."""

    def __init__(self, width: int, n_genres: int) -> None:
        super().__init__()
        self.network = GenreNet(NetworkConfig(width, n_genres=n_genres))
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, levels: Tensor) -> Tensor:
        """(n, 1, n_mels, n_columns) to (n, n_genres)."""
        logits: Tensor = self.network(levels)[1]
        return logits


class MelTransformer(nn.Module):
    """A small vision transformer (Dosovitskiy et al., ICLR 2021) over the columns of a tile.

    A patch is as high as the tile and two columns wide: trained from scratch, such patches do
    better than square ones (Gong, Chung and Glass, Interspeech 2021).  It has a class token and
    learned positions.
    """

    def __init__(self, shape: tuple[int, int], n_genres: int, width: int, depth: int) -> None:
        super().__init__()
        n_mels, n_columns = shape
        n_patches = max(1, n_columns // _PATCH_COLUMNS)
        columns = min(n_columns, _PATCH_COLUMNS)
        self.patch = nn.Conv2d(1, width, (n_mels, columns), stride=(n_mels, columns))
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.position = nn.Parameter(0.02 * torch.randn(1, n_patches + 1, width))
        layer = nn.TransformerEncoderLayer(
            width, width // 32, 2 * width, 0.1, "gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False)
        self.classify = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, n_genres))

    def forward(self, levels: Tensor) -> Tensor:
        """(n, 1, n_mels, n_columns) to (n, n_genres)."""
        patches = self.patch(levels).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.token.expand(len(levels), -1, -1), patches], dim=1)
        answer: Tensor = self.classify(self.layers(tokens + self.position)[:, 0])
        return answer


def features_dnn(standardize: Standardize, n_genres: int) -> nn.Module:
    """Three dense layers with dropout over 20 values a track."""
    layers: list[nn.Module] = [standardize]
    for n_in, n_out in ((N_VALUES, 256), (256, 128), (128, 64)):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(inplace=True), nn.Dropout(0.3)]
    return nn.Sequential(*layers, nn.Linear(64, n_genres))


def mfcc_cnn(standardize: Standardize, n_genres: int) -> nn.Module:
    """Three blocks of convolution and two dense layers over MFCCs (n, n_frames, 20)."""
    layers: list[nn.Module] = [standardize, _AsImage(), Views(_NOISE)]
    for n_in, n_out in ((1, 32), (32, 64), (64, 128)):
        layers += [nn.Conv2d(n_in, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out)]
        layers += [nn.ReLU(inplace=True), nn.MaxPool2d(2, ceil_mode=True)]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3)]
    return nn.Sequential(
        *layers, nn.Linear(128, 64), nn.ReLU(inplace=True), nn.Linear(64, n_genres)
    )


def mel_cnn(width: int, n_genres: int) -> nn.Module:
    """The published network over tiles uint8 (n, n_mels, n_columns), without augmentation."""
    return nn.Sequential(Levels(), PublishedNet(width, n_genres))


def mel_vit(shape: tuple[int, int], n_genres: int, width: int = 128, depth: int = 4) -> nn.Module:
    """A transformer over random views of tiles uint8 (n, n_mels, n_columns); ``shape`` is the last
    two.
    """
    return nn.Sequential(Levels(), Views(0.0), MelTransformer(shape, n_genres, width, depth))


class _AsImage(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        """(n, n_frames, n_values) to (n, 1, n_values, n_frames)."""
        return x.transpose(1, 2).unsqueeze(1).contiguous()


def _rotated(x: Tensor) -> Tensor:
    """Each input rotated in time by a random number of columns."""
    size = x.shape[3]
    turn = torch.randint(size, (len(x), 1), device="cpu")
    columns = ((torch.arange(size) + turn) % size).to(x.device)
    return x.gather(3, columns[:, None, None].expand(-1, x.shape[1], x.shape[2], -1))
