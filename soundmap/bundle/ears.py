"""The networks of a bundle: one for clean recordings and one for degraded ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from soundmap.bundle.manifest import CLEAN_GRAPH, DEGRADED_GRAPH
from soundmap.engines.runtime import Runtime, run_all
from soundmap.features.condition import Condition, condition_of
from soundmap.features.tiles import Steps, levels_of
from soundmap.types import Advance, Floats


@dataclass(frozen=True)
class Ears:
    """The networks in a bundle's folder, each opened when first needed.

    ``degraded`` has learned to hear in a degraded recording what ``clean`` hears in the clean one;
    it is ``clean`` itself in bundles that have no other.  ``threads`` is the number of cores, 0 for
    all of them.
    """

    folder: Path
    threads: int = 1

    @cached_property
    def clean(self) -> Runtime:
        """Raises BadBundle."""
        return Runtime(self.folder / CLEAN_GRAPH, self.threads)

    @cached_property
    def degraded(self) -> Runtime:
        """Raises BadBundle."""
        graph = self.folder / DEGRADED_GRAPH
        return Runtime(graph, self.threads, self.clean.engine) if graph.is_file() else self.clean

    def run(self, tiles: Floats, condition: Condition) -> tuple[Floats, Floats]:
        """Tiles (n, n_mels, n_columns) in 0..1 of a sound to embeddings (n, size) and logits (n,
        n_genres).
        """
        return (self.degraded if condition.degraded else self.clean).run(tiles)

    def run_all(
        self, tiles: Steps, sample_rate_hz: int, advance: Advance = lambda _: None
    ) -> tuple[Floats, Floats, list[Condition]]:
        """Like ``run`` for sounds of one tile each, uint8 (n, n_mels, n_columns), with the
        condition of each.  ``advance`` is called with the number of tiles done.
        """
        conditions = [condition_of(levels_of(tile[None]), sample_rate_hz) for tile in tiles]
        degraded = np.array([condition.degraded for condition in conditions], dtype=bool)
        order = np.argsort(degraded, kind="stable")
        answers, done = [], 0
        for rows in np.split(order, [int((~degraded).sum())]):
            if len(rows):
                runtime = self.degraded if degraded[rows[0]] else self.clean
                answers.append(run_all(runtime, tiles[rows], partial(_further, advance, done)))
                done += len(rows)
        embeddings, logits = (np.concatenate(some) for some in zip(*answers, strict=True))
        back = np.argsort(order)
        return embeddings[back], logits[back], conditions


def _further(advance: Advance, before: float, n: float) -> None:
    advance(before + n)
