"""What a network hears in many tiles, a batch at a time (torch)."""

from __future__ import annotations

import torch
from torch import Tensor

from soundmap.lab.network.device import device, mixed_precision
from soundmap.lab.network.genre_net import GenreNet
from soundmap.lab.training.lesson import levels_on

_BATCH = 64


@torch.no_grad()
def hear(network: GenreNet, tiles: Tensor) -> tuple[Tensor, Tensor]:
    """Embeddings (n, embedding_size) and logits (n, n_genres) of uint8 ``tiles`` (n, n_mels,
    n_columns), float32 on the CPU.  The network is left on the CPU, in evaluation mode.
    """
    where = device()
    network = network.to(where).eval()
    with mixed_precision(where):
        answers = [network(levels_on(some, where)) for some in torch.split(tiles, _BATCH)]
    network.cpu()
    embeddings, logits = (torch.cat(some).float().cpu() for some in zip(*answers, strict=True))
    return embeddings, logits
