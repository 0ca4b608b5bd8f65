"""Trains or scores a row of the ladder (torch: needs the ``train`` extra)."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor

from soundmap.bundle.listener import Listener
from soundmap.errors import BadDataset
from soundmap.lab.datasets.arrays import TileSet
from soundmap.lab.evaluation.metrics import summarize
from soundmap.lab.evaluation.scores import hear_all
from soundmap.lab.ladder.fit import Fit, Side, answers, by_track, fit
from soundmap.lab.ladder.inputs import read_data, sliced
from soundmap.lab.ladder.rows import TRAINED
from soundmap.lab.ladder.table import write_row
from soundmap.types import Progress

_RUNNING = ("running_mean", "running_var", "num_batches_tracked")


def train_row(
    name: str,
    data: Path,
    run: Path,
    changes: dict[str, Any],
    fresh: bool,
    progress: Progress,
    slices: int = 0,
) -> dict[str, Any]:
    """Trains a row, or resumes it, scores it on the validation tracks and writes its figures to
    ``run``.

    ``changes`` are fields of its Plan; None leaves one as it is.  ``fresh`` starts over.  With
    ``slices`` it is trained and scored on so many slices of each track, held out at random.  Raises
    BadDataset.
    """
    row, inputs = TRAINED[name], read_data(data, TRAINED[name].arrays)
    if slices:
        inputs = sliced(inputs, slices)
    changed = {field: value for field, value in changes.items() if value is not None}
    plan = dataclasses.replace(row.plan, **changed)
    path = run / f"{name}.checkpoint.pt"
    if fresh:
        path.unlink(missing_ok=True)
    torch.manual_seed(plan.seed)
    training, validation = row.sides(inputs)
    network = row.network(training.inputs, len(inputs.labels))
    trained = Fit(path, network, plan, f"{name} {inputs.facts['sha256']}")
    fit(trained, training, validation, progress)
    probabilities = answers(network, validation).softmax(1)
    measured = _measured(probabilities, validation, inputs.labels)
    found = {"row": name, **measured, **_effort(trained), "data": inputs.facts}
    write_row(run, found)
    return found


def score_ours(data: Path, run: Path, bundle: Path) -> dict[str, Any]:
    """Scores a bundle on the validation tracks and writes its figures to ``run``.

    Raises BadDataset ``other_spec`` for tiles that are not cut as the bundle's.
    """
    inputs, listener = read_data(data, "tiles"), Listener(bundle, threads=torch.get_num_threads())
    spec, known = inputs.facts["spec"], listener.manifest.spec.name
    if spec not in (None, known):
        raise BadDataset("other_spec", found=spec, expected=known)
    side = inputs.validation
    heard = hear_all(listener, TileSet(side.track_ids, side.values, side.genres))
    tensors = (side.values, heard.targets, side.track_ids)
    labels, probabilities = listener.manifest.labels, torch.from_numpy(heard.probabilities)
    found = {
        "row": "ours",
        "bundle": listener.manifest.id,
        **_measured(probabilities, Side(*map(torch.from_numpy, tensors)), labels),
        "parameters": _parameters(bundle / "model.safetensors"),
        **_trained(bundle / "training.json"),
        "data": inputs.facts,
    }
    write_row(run, found)
    return found


def _effort(run: Fit) -> dict[str, Any]:
    """The size and length of a training, and its settings."""
    return {
        "parameters": sum(value.numel() for value in run.network.parameters()),
        "epochs": len(run.history),
        "best_epoch": int(run.best["epoch"]),
        "seconds": round(run.seconds, 1),
        "seed": run.plan.seed,
        "plan": dataclasses.asdict(run.plan),
        "torch": str(torch.__version__),
    }


def _measured(probabilities: Tensor, side: Side, labels: tuple[str, ...]) -> dict[str, Any]:
    """Accuracy with its interval, macro F1 and number of tracks; one answer a track."""
    means, targets = by_track(probabilities, side)
    measured = summarize(means.numpy(), targets.numpy(), labels)
    return {name: measured[name] for name in ("accuracy", "accuracy_ci95", "macro_f1", "n")}


def _parameters(weights: Path) -> int:
    """The number of trained parameters in a safetensors file; running statistics do not count."""
    with safe_open(weights, "pt") as file:
        names = [name for name in file.keys() if not name.endswith(_RUNNING)]  # noqa: SIM118
        return sum(math.prod(file.get_slice(name).get_shape()) for name in names)


def _trained(path: Path) -> dict[str, Any]:
    """Epochs, seconds and seed in a bundle's own record; None for what it does not say."""
    record = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    history = record.get("history", [])
    return {
        "epochs": len(history) or None,
        "seconds": round(sum(row.get("seconds", 0) for row in history), 1) or None,
        "seed": record.get("recipe", {}).get("seed"),
    }
