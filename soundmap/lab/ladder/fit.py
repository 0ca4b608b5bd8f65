"""The one training loop of the ladder (torch: needs the ``train`` extra).

Every epoch seeds its random numbers from (seed, epoch) and ends in a checkpoint, so a run that is
killed at any moment and started again ends where one left alone does.
"""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from soundmap.errors import BadDataset
from soundmap.files import replacing
from soundmap.lab.ladder.plan import Plan
from soundmap.lab.network import device
from soundmap.types import Advance, Progress

_SCORE_BATCH = 128
_SEED_STRIDE = 10_007


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the split: ``inputs`` (n, ...) as the network takes them, ``targets`` int64 (n,)
    and ``tracks`` int64 (n,).  The inputs of one track are answered together.
    """

    inputs: Tensor
    targets: Tensor
    tracks: Tensor

    def __post_init__(self) -> None:
        if len(self.targets) < 2:
            raise BadDataset("too_few_tiles", n=len(self.targets))

    def __len__(self) -> int:
        return len(self.targets)


@dataclass(slots=True)
class Fit:
    """The training of a ``network`` that gives logits (n, n_genres), with a checkpoint at ``path``.

    ``identity`` says what it is trained on: a checkpoint of another plan or identity is refused.
    """

    path: Path
    network: nn.Module
    plan: Plan
    identity: str
    history: list[dict[str, float]] = dataclasses.field(default_factory=list)

    @property
    def best(self) -> dict[str, float]:
        """The epoch whose weights are kept: that with the lowest validation loss or, without any,
        the last.
        """
        last = len(self.history)
        return min(self.history, key=lambda row: row.get("validation_loss", last - row["epoch"]))

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or ``patience`` of them brought no lower validation loss."""
        done = len(self.history)
        return done >= self.plan.epochs or (
            done > 0 and done - self.best["epoch"] >= self.plan.patience
        )

    @property
    def seconds(self) -> float:
        """Time spent in finished epochs; what a kill cost does not count."""
        return sum(row["seconds"] for row in self.history)


def fit(run: Fit, training: Side, validation: Side | None, progress: Progress) -> None:
    """Trains until finished and leaves the weights to keep in ``run.network``, on the CPU.

    ``validation`` may be None: then there is no early stopping.  Raises BadDataset ``other_recipe``
    for a checkpoint of something else.
    """
    run.network.to(device.device())
    optimizer = _optimizer(run)
    best = _resume(run, optimizer)
    with progress("Training", run.plan.epochs) as advance:
        advance(len(run.history))
        while not run.finished:
            run.history.append(_epoch(run, optimizer, training, validation, advance))
            if run.best["epoch"] == len(run.history):
                best = {name: value.clone() for name, value in run.network.state_dict().items()}
            _save(run, optimizer, best)
    run.network.load_state_dict(best)
    run.network.cpu().eval()


@torch.inference_mode()
def answers(network: nn.Module, side: Side) -> Tensor:
    """Logits float32 (n, n_genres) of every input of a side, computed where the network is."""
    network.eval()
    where = next(network.parameters()).device
    batches = torch.split(side.inputs, _SCORE_BATCH)
    return torch.cat([network(batch.to(where)).cpu() for batch in batches])


def by_track(probabilities: Tensor, side: Side) -> tuple[Tensor, Tensor]:
    """Mean probabilities float32 (n_tracks, n_genres) over each track's inputs, and the tracks'
    targets int64 (n_tracks,), both in the order of the track ids.
    """
    tracks, place = torch.unique(side.tracks, return_inverse=True)
    sums = torch.zeros(len(tracks), probabilities.shape[1]).index_add_(0, place, probabilities)
    targets = torch.zeros(len(tracks), dtype=torch.int64).scatter_(0, place, side.targets)
    return sums / place.bincount()[:, None], targets


def _optimizer(run: Fit) -> torch.optim.Optimizer:
    if run.plan.weight_decay:
        return torch.optim.AdamW(run.network.parameters(), weight_decay=run.plan.weight_decay)
    return torch.optim.Adam(run.network.parameters())


def _epoch(
    run: Fit,
    optimizer: torch.optim.Optimizer,
    training: Side,
    validation: Side | None,
    advance: Advance,
) -> dict[str, float]:
    """Trains one more epoch; returns its row of the history."""
    epoch, started = len(run.history), time.monotonic()
    row = {"epoch": epoch + 1, "learning_rate": run.plan.learning_rate_at(epoch)}
    row["training_loss"] = _learn(run, optimizer, training, epoch, advance)
    if validation is not None:
        logits = answers(run.network, validation)
        row["validation_loss"] = nn.functional.cross_entropy(logits, validation.targets).item()
    return {**row, "seconds": round(time.monotonic() - started, 1)}


def _learn(
    run: Fit, optimizer: torch.optim.Optimizer, side: Side, epoch: int, advance: Advance
) -> float:
    """Trains once over a side; returns the mean loss."""
    run.network.train()
    torch.manual_seed(run.plan.seed * _SEED_STRIDE + epoch)
    for group in optimizer.param_groups:
        group["lr"] = run.plan.learning_rate_at(epoch)
    whole = torch.split(torch.randperm(len(side)), run.plan.batch_size)
    batches = [batch for batch in whole if len(batch) > 1]  # batch normalization needs two
    total = 0.0
    for done, chosen in enumerate(batches):
        advance(epoch + done / len(batches))
        total += _step(run.network, optimizer, side, chosen) * len(chosen)
    advance(epoch + 1)
    return total / sum(map(len, batches))


def _step(
    network: nn.Module, optimizer: torch.optim.Optimizer, side: Side, chosen: Tensor
) -> float:
    where = next(network.parameters()).device
    with device.mixed_precision(where):
        logits = network(side.inputs[chosen].to(where))
    loss = nn.functional.cross_entropy(logits.float(), side.targets[chosen].to(where))
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.item()


def _resume(run: Fit, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Loads the checkpoint, if there is one; returns the best weights so far."""
    if not run.path.exists():
        return {}
    kept: dict[str, Any] = torch.load(run.path, weights_only=True, map_location="cpu")
    plan = {**kept["plan"], "epochs": run.plan.epochs}  # only their number may change
    if plan != dataclasses.asdict(run.plan) or kept["identity"] != run.identity:
        raise BadDataset("other_recipe", path=run.path)
    run.network.load_state_dict(kept["network"])
    optimizer.load_state_dict(kept["optimizer"])
    run.history = kept["history"]
    return dict(kept["best"])


def _save(run: Fit, optimizer: torch.optim.Optimizer, best: dict[str, Tensor]) -> None:
    """A kill at any moment leaves the old checkpoint or the new one."""
    run.path.parent.mkdir(parents=True, exist_ok=True)
    parts = {
        "network": run.network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "best": best,
        "plan": dataclasses.asdict(run.plan),
        "identity": run.identity,
        "history": run.history,
    }
    with replacing(run.path) as part:
        torch.save(parts, part)
