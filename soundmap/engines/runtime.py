"""Runs the exported network on the fastest engine installed, without torch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from soundmap.engines.choice import opened_fastest
from soundmap.engines.opening import opened
from soundmap.features.tiles import Steps, levels_of
from soundmap.types import Advance, Floats

BATCH = 32


class Runtime:
    """An inference graph with input ``tiles`` and outputs ``embeddings`` and ``logits``.

    ``engine`` is the name of the engine: the one given, or the fastest on this machine.
    """

    def __init__(self, graph: Path, threads: int = 1, engine: str = "") -> None:
        if engine:
            self.engine, self._run = engine, opened(engine, graph, threads)
        else:
            self.engine, self._run = opened_fastest(graph, threads)

    def run(self, tiles: Floats) -> tuple[Floats, Floats]:
        """Tiles (n, n_mels, n_columns) in 0..1 to embeddings (n, size) and logits (n, n_genres)."""
        return self._run(tiles[:, None])


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities float32 (n, n_genres), each row summing to 1, of logits (n, n_genres).

    Dividing the logits by a fitted temperature calibrates them (Guo et al., *On Calibration of
    Modern Neural Networks*, ICML 2017).
    """
    shifted = logits / temperature
    exponentials = np.exp(shifted - shifted.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True), dtype=np.float32)


def run_all(
    runtime: Runtime, tiles: Steps, advance: Advance = lambda _: None
) -> tuple[Floats, Floats]:
    """Embeddings (n, size) and logits (n, n_genres) of tiles uint8 (n, n_mels, n_columns).

    ``advance`` is called with the number of tiles done.
    """
    answers = list(_batches(runtime, tiles, advance))
    embeddings, logits = zip(*answers, strict=True)
    return np.concatenate(embeddings), np.concatenate(logits)


def _batches(runtime: Runtime, tiles: Steps, advance: Advance) -> Iterator[tuple[Floats, Floats]]:
    for start in range(0, len(tiles), BATCH):
        yield runtime.run(levels_of(tiles[start : start + BATCH]))
        advance(min(start + BATCH, len(tiles)))
