"""Makes a sealed bundle of a trained network (the ``train`` extra): calibrate, index, describe,
seal.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.bundle.ears import Ears
from soundmap.bundle.golden import write_golden
from soundmap.bundle.listener import Listener
from soundmap.bundle.manifest import CLEAN_GRAPH, DEGRADED_GRAPH, MANIFEST, Manifest, seal
from soundmap.catalog.table import Catalog, write_catalog
from soundmap.engines.runtime import softmax
from soundmap.errors import BadRequest
from soundmap.features.tiles import OVERVIEW, TileSpec
from soundmap.lab.datasets.arrays import TileSet, joined
from soundmap.lab.evaluation.metrics import summarize
from soundmap.lab.evaluation.scores import retrieval_of
from soundmap.lab.network.genre_net import GenreNet
from soundmap.lab.network.graph import config_facts, write_graph, write_weights
from soundmap.lab.training.calibrate import fit_temperature, sure_threshold
from soundmap.lab.training.card import card_text
from soundmap.lab.training.catalog import build_catalog
from soundmap.lab.training.degraded import fit_degraded
from soundmap.lab.training.survey import write_survey
from soundmap.types import Progress, silent

SAME_SOUND_SHARE = 0.25
"""Two recordings are one below this share of the median distance to a nearest neighbor."""
_SAMPLE = 500


def build_bundle(
    folder: Path,
    networks: tuple[GenreNet, GenreNet],
    labels: tuple[str, ...],
    sides: tuple[TileSet, TileSet],
    table: Mapping[int, Mapping[str, str]],
    record: dict[str, Any],
    progress: Progress = silent,
) -> Manifest:
    """Builds the bundle beside ``folder`` and swaps the two by renaming; the old one is deleted
    last.

    ``networks`` are for clean and degraded recordings.  ``sides`` are training and validation
    tiles: the second calibrates, both make the catalog.
    """
    work = folder.with_name(f".{folder.name}.building")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    spec, (training, validation) = OVERVIEW, sides
    network, _ = networks
    write_weights(network, work / "model.safetensors")
    for one, graph in zip(networks, (CLEAN_GRAPH, DEGRADED_GRAPH), strict=True):
        write_graph(one, work / graph, spec.n_mels, spec.n_columns)
    (work / "training.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    ears = Ears(work, threads=0)
    calibrated = _calibrate(ears, validation, labels)
    tiles = joined(sides)
    catalog = build_catalog(ears, spec, calibrated["temperature"], tiles, table, progress)
    write_catalog(work, catalog)
    rows = np.searchsorted(catalog.track_ids, validation.track_ids)
    calibrated["metrics"]["retrieval"] = retrieval_of(
        catalog, validation, catalog.points.values[rows]
    )
    facts = _card_facts(network, spec, calibrated, record, len(training), len(catalog))
    (work / "card.md").write_text(card_text(folder.name, facts), encoding="utf-8")
    calibrated["map"] = write_survey(work, catalog, progress)
    return _sealed(work, folder, spec, catalog, calibrated, network, labels)


def _sealed(
    work: Path,
    folder: Path,
    spec: TileSpec,
    catalog: Catalog,
    calibrated: dict[str, Any],
    network: GenreNet,
    labels: tuple[str, ...],
) -> Manifest:
    facts = {
        "labels": labels,
        "network": config_facts(network),
        "temperature": calibrated["temperature"],
        "degraded_temperature": calibrated["degraded_temperature"],
        "sure_threshold": calibrated["sure_threshold"],
        "same_sound_distance": same_sound_distance(catalog),
        "metrics": {"validation": calibrated["metrics"], "map": calibrated["map"]},
    }
    (work / "golden.npz").touch()
    seal(work, folder.name, spec, **facts)  # the golden probe is heard by the bundle as it will be
    write_golden(Listener(work), work / "golden.npz")
    manifest = seal(work, folder.name, spec, **facts)
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    work.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return manifest


def check_target(folder: Path) -> None:
    """Raises BadRequest ``not_a_bundle`` for a folder that holds anything but a bundle."""
    if folder.exists() and not (folder / MANIFEST).is_file():
        raise BadRequest("not_a_bundle", path=folder)


def same_sound_distance(catalog: Catalog) -> float:
    """``SAME_SOUND_SHARE`` of the median distance from a track to the nearest other recording, over
    at most ``_SAMPLE`` tracks.
    """
    values, chosen = catalog.points.values, np.linspace(0, len(catalog) - 1, _SAMPLE).astype(int)
    nearest = []
    for row in np.unique(chosen):
        others = catalog.uploads != catalog.uploads[row]
        nearest.append(catalog.points.nearest(values[row], 1, keep=others)[1][0])
    return float(SAME_SOUND_SHARE * np.median(nearest))


def _calibrate(ears: Ears, validation: TileSet, labels: tuple[str, ...]) -> dict[str, Any]:
    targets = validation.targets(labels)
    _, logits, _ = ears.run_all(validation.tiles, OVERVIEW.sample_rate_hz)
    temperature = fit_temperature(logits, targets)
    probabilities = softmax(logits, temperature)
    threshold = sure_threshold(probabilities, targets)
    sure = probabilities.max(axis=1) >= threshold
    right = probabilities.argmax(axis=1) == targets
    metrics = {
        **summarize(probabilities, targets, labels),
        "sure_share": float(sure.mean()),
        "sure_accuracy": float(right[sure].mean()) if sure.any() else 0.0,
    }
    return {
        "temperature": temperature,
        "degraded_temperature": fit_degraded(ears.degraded, validation.tiles, targets),
        "sure_threshold": threshold,
        "metrics": metrics,
    }


def _card_facts(
    network: GenreNet,
    spec: TileSpec,
    calibrated: dict[str, Any],
    record: dict[str, Any],
    n_training: int,
    n_tracks: int,
) -> dict[str, Any]:
    history = record["history"]
    return {
        **calibrated["metrics"],
        "data": record["data"]["name"],
        "licenses": record["data"]["licenses"],
        "teacher": record["data"]["teacher"],
        "width": record["recipe"]["width"],
        "seed": record["recipe"]["seed"],
        "sure_threshold": calibrated["sure_threshold"],
        "n_tracks": n_tracks,
        "n_training": n_training,
        "n_validation": calibrated["metrics"]["n"],
        "parameters": sum(value.numel() for value in network.parameters()),
        "filters": ", ".join(map(str, network.config.filters)),
        "embedding_size": network.config.embedding_size,
        "spec": spec.name,
        "n_mels": spec.n_mels,
        "n_columns": spec.n_columns,
        "epochs": len(history),
        "kept_epoch": record["kept_epoch"],
    }
