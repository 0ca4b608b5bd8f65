"""``soundmap train``: from tile files to a sealed bundle (the ``train`` extra)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from soundmap import render
from soundmap.build import build_bundle
from soundmap.bundle import Manifest
from soundmap.dataset import TileSet, read_table, read_tiles
from soundmap.errors import BadRequest
from soundmap.recipe import Recipe, Run
from soundmap.train import Split, train

SIDES = ("training", "validation")
_PLAIN = {"augmented": False, "averaging": 0.0, "dropout": 0.0}


def recipe_from(options: Mapping[str, Any]) -> Recipe:
    """The default recipe with every option that was given; ``plain`` takes the extras away."""
    names = {field.name for field in dataclasses.fields(Recipe)}
    given = {name: value for name, value in options.items() if name in names and value is not None}
    return Recipe(**{**(_PLAIN if options["plain"] else {}), **given})


def train_bundle(
    data: Path, run_folder: Path, bundle: Path, recipe: Recipe, threads: int | None = None
) -> Manifest:
    """Trains, or goes on training, in ``run_folder`` and seals the result as ``bundle``.

    ``data`` holds tiles-training.npz, tiles-validation.npz and tracks.csv.  Raises BadDataset.
    """
    if threads is not None:
        if threads < 1:
            raise BadRequest("bad_threads", threads=threads)
        torch.set_num_threads(threads)
    table = {int(row["track_id"]): row for row in read_table(data / "tracks.csv")}
    genres = {track_id: row["genre"] for track_id, row in table.items()}
    training, validation = (read_tiles(data / f"tiles-{side}.npz", genres) for side in SIDES)
    labels = tuple(sorted({*training.genres, *validation.genres}))
    run = Run(run_folder, recipe, len(labels))
    with render.training_progress(recipe.epochs) as watch:
        network = train(run, _split(training, labels), _split(validation, labels), watch)
    facts = {**run.record(), "n_training": len(training), "n_validation": len(validation)}
    with render.progress("Building the catalog", len(training) + len(validation)) as advance:
        return build_bundle(bundle, network, labels, (training, validation), table, facts, advance)


def _split(side: TileSet, labels: tuple[str, ...]) -> Split:
    return Split(torch.from_numpy(side.tiles), torch.from_numpy(side.targets(labels)))
