"""Trains a network on tile files (torch: needs the ``train`` extra).

Cross-entropy, Adam at 1e-3 multiplied by 0.1 at steps, batch 32, early stopping on the
validation loss.  What is validated and kept are averaged weights (Polyak and Juditsky, 1992)
with normalization statistics taken anew from clean tiles.  Every random choice of an epoch is
drawn from (seed, epoch), so that a run stopped between two epochs and resumed ends in the same
weights as one left alone.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

from soundmap.augment import augment
from soundmap.errors import BadDataset
from soundmap.network import GenreNet, NetworkConfig
from soundmap.recipe import Recipe, Run

_STATISTICS_TILES = 2048
_SCORE_BATCH = 64

Watch = Callable[[int, int, int], None]
"""Called with (epoch, batches done, batches in all)."""


@dataclass(frozen=True, slots=True)
class Split:
    """``tiles`` uint8 (n, n_mels, n_columns) and ``targets`` int64 (n,) of one side."""

    tiles: Tensor
    targets: Tensor

    def __post_init__(self) -> None:
        if len(self.tiles) != len(self.targets) or len(self.tiles) < 2:
            raise BadDataset("too_few_tiles", n=len(self.tiles))


@dataclass(slots=True)
class _State:
    """What a checkpoint holds."""

    network: GenreNet
    averaged: AveragedModel
    optimizer: torch.optim.Optimizer
    best: dict[str, Tensor]

    def parts(self) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "best": self.best,
        }

    def restore(self, parts: dict[str, Any]) -> None:
        self.network.load_state_dict(parts["network"])
        self.averaged.load_state_dict(parts["averaged"])
        self.optimizer.load_state_dict(parts["optimizer"])
        self.best = parts["best"]


def train(run: Run, training: Split, validation: Split, watch: Watch) -> GenreNet:
    """Trains until finished, a checkpoint after every epoch; returns the best network.

    A folder with a checkpoint of the same recipe is resumed.  Raises BadDataset
    ``other_recipe`` for one of another recipe.
    """
    state = _start(run)
    watch(len(run.history), 0, 1)
    while not run.finished:
        epoch, started = len(run.history), time.monotonic()
        loss = _train_epoch(run.recipe, state, training, epoch, watch)
        _renew_statistics(state.averaged, training, run.recipe)
        validation_loss, accuracy = _score(state.averaged, validation)
        run.history.append(
            {
                "epoch": epoch + 1,
                "learning_rate": run.recipe.learning_rate_at(epoch),
                "training_loss": loss,
                "validation_loss": validation_loss,
                "validation_accuracy": accuracy,
                "seconds": round(time.monotonic() - started, 1),
            }
        )
        if run.best["epoch"] == epoch + 1:
            kept = state.averaged.module.state_dict()
            state.best = {name: value.detach().clone() for name, value in kept.items()}
        _save(run, state)
    state.network.load_state_dict(state.best)
    return state.network.cpu().eval()


def _start(run: Run) -> _State:
    torch.manual_seed(run.recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    config = NetworkConfig(run.recipe.width, n_genres=run.n_genres, dropout=run.recipe.dropout)
    network = GenreNet(config).to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    mean = get_ema_multi_avg_fn(run.recipe.averaging)  # type: ignore[no-untyped-call]
    averaged = AveragedModel(network, multi_avg_fn=mean)
    state = _State(network, averaged, torch.optim.Adam(network.parameters()), {})
    path = run.folder / "checkpoint.pt"
    if path.exists():
        _resume(run, state, torch.load(path, map_location=device, weights_only=True))
    return state


def _resume(run: Run, state: _State, checkpoint: dict[str, Any]) -> None:
    """Everything but the number of epochs must be as it was: that alone may be extended."""
    then = {**checkpoint["record"]["recipe"], "epochs": run.recipe.epochs}
    data_then = checkpoint["record"].get("data_sha256", run.data_sha256)
    if then != dataclasses.asdict(run.recipe) or data_then != run.data_sha256:
        raise BadDataset("other_recipe", path=run.folder)
    state.restore(checkpoint)
    run.history = checkpoint["record"]["history"]


def _train_epoch(recipe: Recipe, state: _State, split: Split, epoch: int, watch: Watch) -> float:
    state.network.train()
    torch.manual_seed(recipe.seed * 10_007 + epoch)  # dropout, order and augmentation alike
    for group in state.optimizer.param_groups:
        group["lr"] = recipe.learning_rate_at(epoch)
    batches = _batches(torch.randperm(len(split.tiles)), recipe.batch_size)
    total = 0.0
    for done, chosen in enumerate(batches):
        watch(epoch, done, len(batches))
        total += _step(recipe, state, split.tiles[chosen], split.targets[chosen]) * len(chosen)
    watch(epoch, len(batches), len(batches))
    return total / sum(map(len, batches))


def _step(recipe: Recipe, state: _State, tiles: Tensor, targets: Tensor) -> float:
    levels = _levels(tiles, state.network)
    if recipe.augmented:
        levels = augment(levels, recipe.crop_columns)
    _, logits = state.network(levels)
    loss = nn.functional.cross_entropy(logits, targets.to(logits.device))
    state.optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    state.optimizer.step()
    state.averaged.update_parameters(state.network)
    return loss.item()


def _renew_statistics(averaged: AveragedModel, split: Split, recipe: Recipe) -> None:
    """Averaged weights need statistics of their own, and clean tiles are what they will meet."""
    chosen = torch.randperm(len(split.tiles))[:_STATISTICS_TILES]
    batches = _batches(chosen, recipe.batch_size)
    update_bn((_levels(split.tiles[batch], averaged) for batch in batches), averaged)


@torch.inference_mode()
def _score(network: nn.Module, split: Split) -> tuple[float, float]:
    """Cross-entropy and accuracy of a side."""
    network.eval()
    batches = torch.split(split.tiles, _SCORE_BATCH)
    logits = torch.cat([network(_levels(batch, network))[1].cpu() for batch in batches])
    loss = nn.functional.cross_entropy(logits, split.targets).item()
    return loss, (logits.argmax(1) == split.targets).float().mean().item()


def _batches(order: Tensor, size: int) -> list[Tensor]:
    """Batches of at least two, which normalization needs: a last one of one tile is left out."""
    return [batch for batch in torch.split(order, size) if len(batch) > 1]


def _levels(tiles: Tensor, network: nn.Module) -> Tensor:
    """uint8 (n, n_mels, n_columns) to float32 (n, 1, n_mels, n_columns) in 0..1."""
    levels = (tiles.to(next(network.parameters()).device).float() / 255).unsqueeze(1)
    return levels.contiguous(memory_format=torch.channels_last)


def _save(run: Run, state: _State) -> None:
    """Written beside, then renamed: a kill at any moment leaves the old or the new one."""
    run.folder.mkdir(parents=True, exist_ok=True)
    torch.save({**state.parts(), "record": run.record()}, run.folder / "checkpoint.tmp")
    (run.folder / "checkpoint.tmp").replace(run.folder / "checkpoint.pt")
    (run.folder / "training.json").write_text(json.dumps(run.record(), indent=2) + "\n")
