"""Trains a network on tile files (torch: needs the ``train`` extra).

It keeps averaged weights (Polyak and Juditsky, 1992), of the last epoch or, with a validation side,
of the one with the best accuracy there; their normalization statistics are recomputed from clean
tiles.  Every epoch seeds its
random numbers from (seed, epoch), so a run that is stopped anywhere and resumed ends with the same
weights as one left alone.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import time
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

from soundmap.errors import BadDataset
from soundmap.files import replacing
from soundmap.lab.network import device
from soundmap.lab.network.genre_net import COMPACT, GenreNet, NetworkConfig
from soundmap.lab.training.hearing import hear
from soundmap.lab.training.lesson import Split, Student, in_use, levels_on, loss_of
from soundmap.lab.training.recipe import CHECKPOINT, RECORD, Recipe, Run
from soundmap.types import Advance, Progress

_STATISTICS_TILES = 2048
_SCORE_BATCH, _SCORE_EVERY = 64, 4  # scoring costs a third of an epoch


@dataclass(slots=True)
class _State:
    """What a checkpoint holds."""

    student: Student
    averaged: AveragedModel
    best: Student
    optimizer: torch.optim.Optimizer

    def parts(self) -> dict[str, Any]:
        fields = dataclasses.fields(self)
        return {field.name: getattr(self, field.name).state_dict() for field in fields}

    def restore(self, parts: dict[str, Any]) -> None:
        for field in dataclasses.fields(self):
            getattr(self, field.name).load_state_dict(parts[field.name])


def train(
    run: Run,
    training: Split,
    validation: Split | None,
    progress: Progress,
    start: GenreNet | None = None,
) -> GenreNet:
    """Trains until finished, with a checkpoint after every epoch; returns the averaged network to
    keep, on the CPU.  ``start`` is a trained network to start as, already laid out.

    A folder with a checkpoint of the same recipe and data is resumed.  Raises BadDataset
    ``other_recipe`` for any other checkpoint.
    """
    state = _start(run, training, start)
    with progress("Training", run.recipe.epochs) as advance:
        advance(len(run.history))
        while not run.finished:
            run.history.append(_epoch(run, state, training, validation, advance))
            if validation is None and run.finished:
                _renew_statistics(state.averaged, training, run.recipe)
            if run.keeps_last:
                state.best.load_state_dict(state.averaged.module.state_dict())
            _save(run, state)
    network = state.best.network.cpu().eval()
    if start is None:
        points, _ = hear(network, training.tiles)
        network.lay_out(points, run.recipe.whitening, run.recipe.stretch)
    return network


def _epoch(
    run: Run, state: _State, training: Split, validation: Split | None, advance: Advance
) -> dict[str, float]:
    """Trains one more epoch; returns its row of the history."""
    epoch, started = len(run.history), time.monotonic()
    row = {"epoch": epoch + 1, "training_loss": _learn(run.recipe, state, training, epoch, advance)}
    last = epoch + 1 == run.recipe.epochs
    if validation and ((epoch + 1) % _SCORE_EVERY == 0 or last):
        _renew_statistics(state.averaged, training, run.recipe)
        row |= _score(state.averaged, validation)
    return {**row, "seconds": round(time.monotonic() - started, 1)}


def _start(run: Run, training: Split, start: GenreNet | None) -> _State:
    torch.manual_seed(run.recipe.seed)
    torch.set_flush_denormal(True)
    where = device.device()
    recipe = run.recipe
    config = NetworkConfig(
        recipe.width, n_genres=run.n_genres, dropout=recipe.dropout, kind=COMPACT
    )
    size = 1 if training.knowledge is None else training.knowledge.shape[1]
    network = copy.deepcopy(start) if start else GenreNet(config)
    student = Student(network, size).to(where)
    student.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    mean = get_ema_multi_avg_fn(run.recipe.averaging)  # type: ignore[no-untyped-call]
    averaged = AveragedModel(student, multi_avg_fn=mean)
    state = _State(student, averaged, copy.deepcopy(student), _optimizer(student, run.recipe))
    path = run.folder / CHECKPOINT
    if path.exists():
        _resume(run, state, torch.load(path, map_location=where, weights_only=True))
    return state


def _optimizer(student: Student, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW, without decay of biases and normalization weights."""
    weights = [value for value in student.parameters() if value.ndim > 1]
    others = [value for value in student.parameters() if value.ndim <= 1]
    groups: list[dict[str, Any]] = [
        {"params": weights},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, recipe.learning_rate, weight_decay=recipe.weight_decay)


def _resume(run: Run, state: _State, checkpoint: dict[str, Any]) -> None:
    record = checkpoint["record"]
    same = (dataclasses.asdict(run.recipe), run.data_sha256)
    if (record["recipe"], record["data_sha256"]) != same:
        raise BadDataset("other_recipe", path=run.folder)
    state.restore(checkpoint)
    run.history = record["history"]


def _learn(recipe: Recipe, state: _State, split: Split, epoch: int, advance: Advance) -> float:
    """Trains once over a side; returns the mean loss."""
    state.student.train()
    torch.manual_seed(recipe.seed * 10_007 + epoch)  # for order, dropout and augmentation
    order, n_steps = torch.randperm(len(split.tiles)), -(-len(split.tiles) // recipe.batch_size)
    batches = _batches(order, recipe.batch_size - recipe.n_paired)[:n_steps]
    total = 0.0
    for done, chosen in enumerate(batches):
        advance(epoch + done / len(batches))
        rate = recipe.learning_rate_at((epoch + done / len(batches)) / recipe.epochs)
        for group in state.optimizer.param_groups:
            group["lr"] = rate
        loss = loss_of(recipe, state.student, split, chosen, recipe.polishes(epoch))
        total += _step(state, loss) * len(chosen)
    advance(epoch + 1)
    return total / sum(map(len, batches))


def _step(state: _State, loss: Tensor) -> float:
    state.optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    state.optimizer.step()
    state.averaged.update_parameters(state.student)
    return loss.item()


def _renew_statistics(averaged: AveragedModel, split: Split, recipe: Recipe) -> None:
    """Recomputes the normalization statistics that averaged weights lack, from tiles as they occur
    in use.
    """
    where = next(averaged.parameters()).device
    chosen = torch.randperm(len(split.tiles))[:_STATISTICS_TILES]
    batches = _batches(chosen, recipe.batch_size)
    with device.mixed_precision(where):
        update_bn((in_use(recipe, split, batch, where) for batch in batches), averaged)


@torch.inference_mode()
def _score(network: nn.Module, split: Split) -> dict[str, float]:
    """Cross-entropy and accuracy on the validation side."""
    network.eval()
    where = next(network.parameters()).device
    batches = torch.split(split.tiles, _SCORE_BATCH)
    with device.mixed_precision(where):
        answers = [network(levels_on(batch, where))[1].cpu() for batch in batches]
    logits = torch.cat(answers).float()
    loss = functional.cross_entropy(logits, split.targets).item()
    accuracy = (logits.argmax(1) == split.targets).float().mean().item()
    return {"validation_loss": loss, "validation_accuracy": accuracy}


def _batches(order: Tensor, size: int) -> list[Tensor]:
    """Batches of at least two, which normalization needs: a last batch of one tile is dropped."""
    return [batch for batch in torch.split(order, size) if len(batch) > 1]


def _save(run: Run, state: _State) -> None:
    """A kill at any moment leaves the old checkpoint or the new one."""
    run.folder.mkdir(parents=True, exist_ok=True)
    with replacing(run.folder / CHECKPOINT) as part:
        torch.save({**state.parts(), "record": run.record()}, part)
    with replacing(run.folder / RECORD) as part:
        part.write_text(json.dumps(run.record(), indent=2) + "\n")
