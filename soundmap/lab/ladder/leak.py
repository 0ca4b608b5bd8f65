"""``soundmap evaluate --protocol``: where 95 % comes from (torch: needs the ``train`` extra).

One network is trained in one way, on equally many slices of the same tracks, and scored in two: on
slices held out at random, whose siblings it has learned by heart, and on slices of tracks by
artists it never heard.  Beside it stands something that only remembers: the nearest slice.  There
is no augmentation and no early stopping, so nothing is chosen on what is scored.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from soundmap.errors import BadDataset
from soundmap.files import replacing
from soundmap.lab.datasets.arrays import TileSet, read_tiles, tracks_by_id
from soundmap.lab.datasets.splits import TEST, TRAINING, check_split
from soundmap.lab.evaluation.metrics import wilson_interval
from soundmap.lab.ladder import PROTOCOLS
from soundmap.lab.ladder.fit import Fit, Side, answers, fit
from soundmap.lab.ladder.networks import mel_cnn
from soundmap.lab.ladder.plan import Plan
from soundmap.lab.ladder.slices import (
    Bools,
    Sizes,
    Slices,
    Table,
    choose,
    cut,
    held_out,
    majority,
    nearest,
    tracks_interval,
)
from soundmap.types import Floats, Progress

WIDTH = 16
"""Filters of the first block.  The published network has 64; memorizing needs no more than these.
"""
PLAN = Plan(epochs=20, lr_step=16)


def changed_plan(changes: Mapping[str, int | None]) -> Plan:
    """The plan with these fields changed; None leaves one as it is."""
    given = {name: value for name, value in changes.items() if value is not None}
    return dataclasses.replace(PLAN, **given)


def forget(run: Path) -> None:
    """Removes what earlier runs left in a folder."""
    for path in (*run.glob("leak-*"), *run.glob(".leak-*.part")):
        path.unlink(missing_ok=True)


def measure_leak(
    data: Path,
    run: Path,
    protocol: str,
    progress: Progress,
    sizes: Sizes | None = None,
    plan: Plan = PLAN,
    width: int = WIDTH,
) -> dict[str, Any]:
    """Trains and scores one protocol, or ``both``, and writes the figures to ``run``.

    ``data`` holds tiles-training.npz and tracks.csv.  Returns what is known of each protocol for
    this data, plan and sizes.  Raises BadDataset; ``other_recipe`` for a run of other ones.
    """
    table = tracks_by_id(data / "tracks.csv")
    genres = {track_id: row["genre"] for track_id, row in table.items()}
    sizes = sizes or Sizes(seed=plan.seed)
    chosen = choose(read_tiles(data / "tiles-training.npz", genres), sizes)
    setup = {"sizes": dataclasses.asdict(sizes), "plan": dataclasses.asdict(plan), "width": width}
    identity = _identity(chosen, setup)
    for name in PROTOCOLS if protocol == "both" else (protocol,):
        out = held_out(chosen, table, name, sizes)
        if name == "tracks":
            _check(chosen, table, out[:: sizes.slices])
        network = _network(chosen, plan, width)
        trained = Fit(run / f"leak-{name}.checkpoint.pt", network, plan, f"{name} {identity}")
        found = _score(trained, cut(chosen, sizes.slices), out, progress)
        _keep(run, {"protocol": name, "identity": identity, **found})
    return {"setup": setup, "protocols": _known(run, identity)}


def _network(chosen: TileSet, plan: Plan, width: int) -> torch.nn.Module:
    """The network, with the same initial weights under each protocol."""
    torch.manual_seed(plan.seed)
    return mel_cnn(width, len(set(chosen.genres)))


def _check(chosen: TileSet, table: Table, out: Bools) -> None:
    """By track means that nothing is shared; this is checked and not taken for granted."""
    sides = {TRAINING: ~out, TEST: out}
    check_split({name: chosen.part(kept) for name, kept in sides.items()}, table)


def _score(run: Fit, slices: Slices, out: Bools, progress: Progress) -> dict[str, Any]:
    """Trains on what is not held out; returns the accuracy by slice and by track on what is."""
    training, test = _side(slices, ~out), _side(slices, out)
    fit(run, training, None, progress)
    probabilities: Floats = answers(run.network, test).softmax(1).numpy()
    targets, tracks = slices.targets[out], slices.tracks[out]
    right = probabilities.argmax(axis=1) == targets
    said, first = majority(probabilities, tracks)
    hits, n = int((said == targets[first]).sum()), len(first)
    remembered = nearest(slices, out)
    seen = np.isin(np.unique(tracks), slices.tracks[~out])
    return {
        "slice_accuracy": float(right.mean()),
        "slice_ci95": list(tracks_interval(right, tracks)),
        "track_accuracy": hits / n,
        "track_ci95": list(wilson_interval(hits, n)),
        "neighbor_accuracy": float(remembered.mean()),
        "neighbor_ci95": list(tracks_interval(remembered, tracks)),
        "n_training": len(training),
        "n_test": len(test),
        "n_test_tracks": n,
        "test_tracks_also_in_training": int(seen.sum()),
        "training_loss": run.history[-1]["training_loss"],
        "epochs": len(run.history),
        "seconds": round(run.seconds, 1),
    }


def _side(slices: Slices, kept: Bools) -> Side:
    parts = (slices.tiles[kept], slices.targets[kept], slices.tracks[kept])
    return Side(*map(torch.from_numpy, parts))


def _identity(chosen: TileSet, setup: dict[str, Any]) -> str:
    """A hash of everything that decides the figures, except the protocol."""
    digest = hashlib.sha256(chosen.tiles.tobytes())
    digest.update("|".join([*map(str, chosen.track_ids), *chosen.genres]).encode())
    digest.update(json.dumps(setup).encode())
    return digest.hexdigest()


def _keep(run: Path, found: dict[str, Any]) -> None:
    with replacing(run / f"leak-{found['protocol']}.json") as part:
        part.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _known(run: Path, identity: str) -> list[dict[str, Any]]:
    """The figures in ``run`` that were measured for the same ``identity``, by protocol."""
    paths = [path for name in PROTOCOLS if (path := run / f"leak-{name}.json").exists()]
    try:
        found = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
        return [one for one in found if one.pop("identity") == identity]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        reason = "it holds a figure that is none"
        raise BadDataset("unreadable_dataset", path=run, reason=reason) from error
