"""Spaces to look for neighbors in, side by side: the bundle's own and those it must beat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.bundle.listener import Listener
from soundmap.features.mfcc import time_statistics
from soundmap.lab.datasets.arrays import TileSet, arrays_of
from soundmap.lab.datasets.splits import LEARNING_SIDES
from soundmap.lab.evaluation.retrieval import METRICS, Found, Tracks, find, find_at_random, measures
from soundmap.lab.evaluation.scores import Heard, others, part, tracks_of
from soundmap.search.exact import Rows
from soundmap.types import Floats, Progress, silent

_ROUNDS = 3 * len(METRICS)


class Absent(Exception):
    """A space that cannot be made here; its argument is a code that says why."""


@dataclass(frozen=True, slots=True)
class Space:
    """``values`` (n, d) of the tracks ``ids`` (n,)."""

    ids: Rows
    values: Floats

    def at(self, wanted: Rows) -> Floats:
        """Values of the ``wanted`` tracks, (m, d).  Raises Absent ``other_tracks`` where one is
        missing.
        """
        order = np.argsort(self.ids, kind="stable")
        places = np.searchsorted(self.ids, wanted, sorter=order).clip(max=len(order) - 1)
        if not np.array_equal(self.ids[order[places]], wanted):
            raise Absent("other_tracks")
        values: Floats = self.values[order[places]]
        return values


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares spaces: the tiles of a file are the queries, the catalog of a bundle is searched."""

    listener: Listener
    data: Path
    tiles: TileSet
    heard: Heard
    progress: Progress = silent

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row for each space and metric, or why a space is ``absent``.

        ``validation`` has the tiles against the rest of the catalog; ``catalog`` each of its tracks
        against all others, ``with_artist`` and ``without_artist``.
        """
        for name, make in self._spaces().items():
            try:
                space = make()
                own, there = space.at(self.tiles.track_ids), space.at(self._catalog_ids)
            except Absent as why:
                yield {"space": name, "absent": why.args[0]}
                continue
            with self.progress(f"Neighbors: {name}", _ROUNDS) as advance:
                for i, metric in enumerate(METRICS):
                    found = {"space": name, "metric": metric, **self._row(own, there, metric)}
                    advance(3 * (i + 1))
                    yield found
        yield {"space": "random", "metric": None, **self._row(*self._places, None)}

    def _spaces(self) -> dict[str, Callable[[], Space]]:
        return {
            "network": self._network,
            "vggish": lambda: _features(self.data, "vggish", lambda values: values),
            "mfcc": lambda: _features(self.data, "mfcc", time_statistics),
            "untrained": self._untrained,
        }

    @property
    def _catalog_ids(self) -> Rows:
        return self.listener.catalog.track_ids

    @property
    def _places(self) -> tuple[Floats, Floats]:
        return self.heard.embeddings, self.listener.catalog.points.values

    def _row(self, own: Floats, there: Floats, metric: str | None) -> dict[str, Any]:
        queries, catalog = tracks_of(self.listener.catalog, self.tiles, self.heard.embeddings)
        queries, catalog = replace(queries, values=own), replace(catalog, values=there)
        rest = part(catalog, others(self.listener.catalog, self.tiles))
        return {
            "validation": _measured(queries, rest, metric, True) if len(rest) else None,
            "catalog": {
                "with_artist": _measured(catalog, catalog, metric, False),
                "without_artist": _measured(catalog, catalog, metric, True),
            },
        }

    def _network(self) -> Space:
        """What was heard just now comes before what the catalog has of the same track."""
        ids = np.concatenate([self.tiles.track_ids, self._catalog_ids])
        return Space(ids, np.concatenate(self._places))

    def _untrained(self) -> Space:
        try:
            from soundmap.lab.network.untrained import untrained_embeddings
        except ImportError as error:
            raise Absent("no_torch") from error
        ids, tiles = _both_sides(self.data, "tiles", "tile")
        network = self.listener.manifest.network
        return Space(ids, untrained_embeddings(network, tiles, progress=self.progress))


def _measured(
    queries: Tracks, catalog: Tracks, metric: str | None, artists_apart: bool
) -> dict[str, Any]:
    found: Found
    if metric is None:
        found = find_at_random(queries, catalog, artists_apart=artists_apart)
    else:
        found = find(queries, catalog, metric, artists_apart)
    return measures(found)


def _features(data: Path, name: str, made: Callable[[Floats], Floats]) -> Space:
    if not all((data / f"features-{side}.npz").is_file() for side in LEARNING_SIDES):
        raise Absent("no_features")
    ids, values = _both_sides(data, "features", name)
    return Space(ids, made(values))


def _both_sides(data: Path, kind: str, name: str) -> tuple[Rows, Any]:
    """Track ids and an array of both sides of the split."""
    files = [arrays_of(data / f"{kind}-{side}.npz", ("track_id", name)) for side in LEARNING_SIDES]
    ids, values = (np.concatenate([file[key] for file in files]) for key in ("track_id", name))
    return ids.astype(np.int64), values
