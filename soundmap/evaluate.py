"""Scores a bundle on a tile file: one answer a track, as in real use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from soundmap.analyze import Listener
from soundmap.dataset import TileSet
from soundmap.errors import BadDataset
from soundmap.metrics import summarize
from soundmap.runtime import Runtime, softmax
from soundmap.tiles import Steps, levels_of
from soundmap.types import Floats

BATCH = 32
Progress = Callable[[float], None]
"""Called with how many tiles are done."""


def evaluate(
    listener: Listener, tiles: TileSet, progress: Progress | None = None
) -> dict[str, Any]:
    """Every measure of :func:`soundmap.metrics.summarize` on the tiles, with the bundle's id.

    Raises BadDataset ``unknown_labels`` or ``other_bands`` for what the bundle does not know.
    """
    manifest = listener.manifest
    targets = tiles.targets(manifest.labels)
    found, expected = tiles.tiles.shape[1], manifest.spec.n_mels
    if found != expected:
        raise BadDataset("other_bands", found=found, expected=expected)
    _, logits = run_all(listener.runtime, tiles.tiles, progress)
    probabilities = softmax(logits, manifest.temperature)
    return {"bundle": manifest.id, **summarize(probabilities, targets, manifest.labels)}


def run_all(
    runtime: Runtime, tiles: Steps, progress: Progress | None = None
) -> tuple[Floats, Floats]:
    """Embeddings (n, size) and logits (n, n_genres) of tiles uint8 (n, n_mels, n_columns)."""
    answers = list(_batches(runtime, tiles, progress or (lambda _: None)))
    embeddings, logits = zip(*answers, strict=True)
    return np.concatenate(embeddings), np.concatenate(logits)


def _batches(runtime: Runtime, tiles: Steps, progress: Progress) -> Iterator[tuple[Floats, Floats]]:
    for start in range(0, len(tiles), BATCH):
        yield runtime.run(levels_of(tiles[start : start + BATCH]))
        progress(min(start + BATCH, len(tiles)))
