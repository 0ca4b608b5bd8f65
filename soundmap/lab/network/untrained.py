"""The network of a bundle before any training (torch: needs the ``train`` extra)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from soundmap.engines.runtime import BATCH
from soundmap.features.tiles import Steps, levels_of
from soundmap.lab.network.genre_net import GenreNet, NetworkConfig
from soundmap.types import Floats, Progress, silent


@torch.no_grad()
def untrained_embeddings(
    network: dict[str, Any], tiles: Steps, seed: int = 0, progress: Progress = silent
) -> Floats:
    """Embeddings (n, size) of tiles uint8 (n, n_mels, n_columns) by random initial weights.

    ``network`` is the architecture in a manifest.  The global random generator is left as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        fresh = GenreNet(NetworkConfig(**network)).eval()
    answers = []
    with progress("Listening untrained", len(tiles)) as advance:
        for start in range(0, len(tiles), BATCH):
            levels = torch.from_numpy(levels_of(tiles[start : start + BATCH]))
            answers.append(fresh(levels[:, None])[0].numpy())
            advance(min(start + BATCH, len(tiles)))
    return np.concatenate(answers)
