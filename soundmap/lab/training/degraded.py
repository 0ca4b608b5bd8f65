"""Teaches a copy of a network to hear in degraded recordings what the network hears in clean ones
(torch).

Taught to one network from the start, channels cost it clean sounds; so degraded recordings have an
ear of their own.  It starts as the trained network and sees tiles through random channels, whole or
in pieces from 3 s on, some of them clean.  Of each it has to tell which of all clean embeddings is
that of the same track, and to give the network's own guess at the genre.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch

from soundmap.engines.runtime import Runtime, run_all
from soundmap.features.tiles import Steps
from soundmap.lab.evaluation.metrics import Targets
from soundmap.lab.network.genre_net import GenreNet
from soundmap.lab.training.calibrate import fit_temperature
from soundmap.lab.training.channels import through_channel
from soundmap.lab.training.hearing import hear
from soundmap.lab.training.lesson import Split, levels_on
from soundmap.lab.training.loop import train
from soundmap.lab.training.recipe import Run
from soundmap.types import Progress

FOLDER = "degraded"
_SHARE = 4  # epochs of the network to one of the ear


def train_degraded(
    run: Run, network: GenreNet, training: Split, progress: Progress
) -> tuple[GenreNet, dict[str, Any]]:
    """The ear for degraded recordings of a trained network, on the CPU, and the record of its own
    run, which is in a folder within that of ``run`` and goes on where it was left.
    """
    own = _following(run)
    points, logits = hear(network, training.tiles)
    heard = replace(training, knowledge=None, points=points, answers=logits)
    ear = train(own, heard, None, progress, network)
    return ear, own.record()


def _following(run: Run) -> Run:
    """The run that follows a run; most of its recipe is the same."""
    recipe = replace(
        run.recipe,
        epochs=max(1, run.recipe.epochs // _SHARE),
        learning_rate=min(4e-4, run.recipe.learning_rate),
        averaging=min(0.995, run.recipe.averaging),
        weight_decay=0.02,
        polish=0,
        mixed_share=0.0,
    )
    return Run(run.folder / FOLDER, recipe, run.n_genres, run.data_sha256, run.data)


def fit_degraded(runtime: Runtime, tiles: Steps, targets: Targets) -> float:
    """The temperature for degraded recordings: of the same ``tiles`` through random channels."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        through = through_channel(levels_on(torch.from_numpy(tiles), torch.device("cpu")))
    steps = (through[:, 0] * 255).round().to(torch.uint8).numpy()
    _, logits = run_all(runtime, steps)
    return fit_temperature(logits, targets)
