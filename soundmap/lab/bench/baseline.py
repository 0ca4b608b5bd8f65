"""A straightforward pipeline to compare with (the ``bench`` extra).

librosa decodes the whole file and makes its mel spectrogram; ten consecutive tiles from the middle
go through the published network in eager torch, float32; scikit-learn finds the neighbors.  The
weights are random but fixed: what the network costs does not depend on them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import librosa
import numpy as np
import torch
from sklearn.neighbors import NearestNeighbors

from soundmap.audio.windows import WINDOW_SECONDS, windows_of
from soundmap.features.tiles import SLICES
from soundmap.lab.bench.timing import Pipeline
from soundmap.lab.network.genre_net import GenreNet, NetworkConfig
from soundmap.types import Floats

N_NEIGHBORS = 10
_Sound = tuple[Floats, float]


def published(tiles: Floats) -> GenreNet:
    """The published network at full width, with normalization statistics of ``tiles`` (n, n_mels,
    n_columns) in 0..1.
    """
    torch.manual_seed(0)
    network = GenreNet(NetworkConfig())
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # a plain mean over batches
    with torch.inference_mode():
        network.train()(torch.from_numpy(tiles[:, None]))
    return network.eval()


def plain(network: GenreNet, embeddings: Floats) -> Pipeline:
    """The stages from a path to the nearest rows of ``embeddings`` (n, size)."""
    torch.set_num_threads(1)
    search = NearestNeighbors(n_neighbors=N_NEIGHBORS).fit(embeddings)

    def run(tiles: Floats) -> Floats:
        with torch.inference_mode():
            return np.asarray(network(torch.from_numpy(tiles[:, None]))[0].mean(0))

    return (
        ("decode", _load),
        ("resample", _resample),
        ("mel", _tiles),
        ("network", run),
        ("search", lambda embedding: search.kneighbors(embedding[None])),
    )


def _load(path: Path) -> _Sound:
    """``librosa.load`` in two steps.

    librosa reads m4a by starting a program; PyAV takes its place here.
    """
    if path.suffix == ".m4a":
        with av.open(path) as file:
            frames = [frame.to_ndarray() for frame in file.decode(audio=0)]
            rate_hz = float(file.streams.audio[0].rate)
        return librosa.to_mono(np.concatenate(frames, axis=1)), rate_hz
    samples, rate_hz = librosa.load(path, sr=None)
    return samples, rate_hz


def _resample(sound: _Sound) -> Floats:
    samples, rate_hz = sound
    return np.asarray(librosa.resample(samples, orig_sr=rate_hz, target_sr=SLICES.sample_rate_hz))


def _tiles(samples: Floats) -> Floats:
    """Tiles (n, 128, 128) in 0..1 from the middle of a sound."""
    levels: Any = librosa.feature.melspectrogram(y=samples, sr=SLICES.sample_rate_hz)
    levels = librosa.power_to_db(levels, ref=np.max)
    levels = (levels - levels.min()) / (levels.max() - levels.min())
    start_s = int(windows_of(len(samples) / SLICES.sample_rate_hz)[0].start_s)
    start = start_s * SLICES.sample_rate_hz // SLICES.hop_length
    width = SLICES.n_columns
    n_frames = int(WINDOW_SECONDS * SLICES.sample_rate_hz) // SLICES.hop_length + 1
    n_tiles = min(levels.shape[1] - start, n_frames) // width
    middle = levels[:, start : start + n_tiles * width]
    return np.ascontiguousarray(middle.reshape(len(levels), n_tiles, width).transpose(1, 0, 2))
