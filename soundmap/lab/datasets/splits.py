"""Checks that two sides of a split share no track, artist or upload."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from soundmap.errors import BadDataset
from soundmap.lab.datasets.arrays import TileSet

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
        found.setdefault(("track", str(track_id)), track_id)
        for artist in artists_of(table.get(track_id, {}), loose):
            found.setdefault(("artist", artist), track_id)
        if tile.any():
            digest = hashlib.sha256(tile.tobytes()).hexdigest()[:12]
            found.setdefault(("upload", digest), track_id)
    return found


def _name(row: Mapping[str, str]) -> str:
    return " ".join(row.get("artist", "").casefold().split())
