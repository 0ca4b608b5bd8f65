"""The rows of the ladder that are trained (torch: needs the ``train`` extra)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from soundmap.lab.ladder import networks
from soundmap.lab.ladder.fit import Side
from soundmap.lab.ladder.inputs import Data, Inputs
from soundmap.lab.ladder.plan import Plan

PUBLISHED_WIDTH = 64
"""The rest of that recipe is Adam at 1e-3, times 0.1 at steps, batches of 32, 50 epochs and early
stopping.  It does not say which steps and what patience: here a step every 6 epochs and a patience
of 4.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """``arrays`` names the arrays of the data it takes; ``values`` makes network inputs of them,
    float32 or uint8 (n, ...); ``network`` builds a network for these inputs and a number of genres.
    """

    arrays: str
    plan: Plan
    network: Callable[[Tensor, int], nn.Module]
    values: Callable[[Tensor], Tensor] = lambda values: values

    def sides(self, data: Data) -> tuple[Side, Side]:
        """Training and validation side as tensors."""
        return self._side(data.training, data.labels), self._side(data.validation, data.labels)

    def _side(self, inputs: Inputs, labels: tuple[str, ...]) -> Side:
        values = self.values(torch.from_numpy(inputs.values))
        targets = torch.from_numpy(inputs.targets(labels))
        return Side(values, targets, torch.from_numpy(inputs.track_ids))


def _standardize(values: Tensor) -> networks.Standardize:
    """Standardizes by the mean and deviation of each of the 20 values in training."""
    flat = values.flatten(0, -2)
    return networks.Standardize(flat.mean(0), flat.std(0))


def _means_over_time(mfcc: Tensor) -> Tensor:
    """MFCCs (n, n_frames, 20) to the 20 values of a track (n, 20)."""
    return mfcc.mean(1)


TRAINED = {
    "features-dnn": Row(
        "mfcc",
        Plan(epochs=100, lr_step=40, patience=15, weight_decay=1e-4),
        lambda values, n: networks.features_dnn(_standardize(values), n),
        _means_over_time,
    ),
    "mfcc-cnn": Row(
        "mfcc",
        Plan(epochs=30, lr_step=20, patience=8),
        lambda values, n: networks.mfcc_cnn(_standardize(values), n),
    ),
    "mel-cnn": Row(
        "tiles", Plan(lr_step=6, patience=4), lambda _, n: networks.mel_cnn(PUBLISHED_WIDTH, n)
    ),
    "mel-vit": Row(
        "tiles",
        Plan(epochs=40, learning_rate=5e-4, lr_step=28, warm_up=4, weight_decay=0.05, patience=10),
        lambda tiles, n: networks.mel_vit((int(tiles.shape[1]), int(tiles.shape[2])), n),
    ),
}
