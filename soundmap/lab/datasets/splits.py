"""Checks that two sides of a split share no track, artist or upload."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from soundmap.errors import BadDataset
from soundmap.features.tiles import Steps
from soundmap.lab.datasets.arrays import TileSet
from soundmap.search.exact import Rows

TRAINING, VALIDATION, TEST = SIDES = ("training", "validation", "test")
LEARNING_SIDES = (TRAINING, VALIDATION)
"""The sides that training uses; the test side is only for a final measurement."""
_SHOWN = 3
Table = Mapping[int, Mapping[str, str]]
"""Rows of the track table by track id."""
_Keys = dict[tuple[str, str], int]
"""(kind, what) to a track that has it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``kind`` is track, artist or upload, ``what`` names it, ``tracks`` has one of each side."""

    kind: str
    what: str
    sides: tuple[str, str]
    tracks: tuple[int, int]

    def __str__(self) -> str:
        (one, other), (a, b) = self.sides, self.tracks
        return f"{self.kind} {self.what} ({one} {a}, {other} {b})"


def split_faults(sides: Mapping[str, TileSet], table: Table) -> tuple[Fault, ...]:
    """Every track, artist and upload that two of the named ``sides`` share, one fault for each.

    Two tracks have one artist where their ``artist_id`` is equal or, if some tracks have none,
    where such a track's name is equal but for case and spaces.  Two tiles are one upload where
    their bytes are equal; silent tiles do not count.
    """
    loose = {_name(row) for row in table.values() if not row.get("artist_id")} - {""}
    keys = {name: _keys(side, table, loose) for name, side in sides.items()}
    return tuple(
        Fault(*key, (one, other), (keys[one][key], keys[other][key]))
        for one, other in combinations(sides, 2)
        for key in sorted(keys[one].keys() & keys[other].keys())
    )


def groups_of(tiles: TileSet, table: Table) -> Rows:
    """A number for each track, int64 (n,), equal where ``split_faults`` would find that two share
    an artist or an upload, if only by way of others.
    """
    loose = {_name(row) for row in table.values() if not row.get("artist_id")} - {""}
    found: dict[tuple[str, str], int] = {}
    edges = [
        (row, found.setdefault(key, len(found)))
        for row, (track_id, tile) in enumerate(zip(tiles.track_ids, tiles.tiles, strict=True))
        for key in _keys_of(int(track_id), tile, table, loose)
    ]
    tracks, keys = np.array(edges).T
    n = len(tiles)
    links = coo_array((np.ones(len(edges)), (tracks, n + keys)), shape=(n + len(found),) * 2)
    numbers = connected_components(links, directed=False)[1][:n]
    return np.asarray(numbers, dtype=np.int64)


def check_split(sides: Mapping[str, TileSet], table: Table) -> None:
    """Raises BadDataset ``leaking_split`` where ``split_faults`` finds any."""
    if faults := split_faults(sides, table):
        examples = "; ".join(map(str, faults[:_SHOWN]))
        raise BadDataset("leaking_split", n=len(faults), examples=examples)


def artists_of(row: Mapping[str, str], loose: set[str]) -> Iterator[str]:
    """The keys of an artist: the id and, where it is among the ``loose`` ones, the name."""
    if row.get("artist_id"):
        yield f"id {row['artist_id']}"
    if _name(row) in loose:
        yield _name(row)


def _keys(side: TileSet, table: Table, loose: set[str]) -> _Keys:
    found: _Keys = {}
    for track_id, tile in zip(map(int, side.track_ids), side.tiles, strict=True):
        for key in _keys_of(track_id, tile, table, loose):
            found.setdefault(key, track_id)
    return found


def _keys_of(
    track_id: int, tile: Steps, table: Table, loose: set[str]
) -> Iterator[tuple[str, str]]:
    """What no other side may have of a track: itself, its artist, its upload."""
    yield "track", str(track_id)
    yield from (("artist", artist) for artist in artists_of(table.get(track_id, {}), loose))
    if tile.any():
        yield "upload", hashlib.sha256(tile.tobytes()).hexdigest()[:12]


def _name(row: Mapping[str, str]) -> str:
    return " ".join(row.get("artist", "").casefold().split())
