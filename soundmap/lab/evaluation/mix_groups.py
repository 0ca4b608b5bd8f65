"""Groups of tracks that belong together, to ask by some of a group and look for the others.

A group is an artist, an album or a sub-genre of a catalog, with ``LEAST`` recordings or more.  Half
of it is held out.  Of a sub-genre these are half of its artists, so that no artist is found by
himself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.search.exact import Mask, Rows

LEAST = 10
MOST_SEEDS = 5
OTHERS = 6
"""How many other groups a question stays away from, one after the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """``rows`` int64 (n,) of a catalog; ``whose`` (n,) are kept on one side of a split."""

    rows: Rows
    whose: Rows

    def parted(self, rng: np.random.Generator) -> tuple[Rows, Rows]:
        """Rows to ask by, and rows that are held out."""
        names = rng.permutation(np.unique(self.whose))
        asked = np.isin(self.whose, names[: len(names) // 2])
        return rng.permutation(self.rows[asked]), self.rows[~asked]


def groups_of(
    catalog: Catalog, albums: Mapping[int, str], labels: Iterable[str]
) -> dict[str, list[Group]]:
    """Groups by kind: ``artist``, ``album`` where ``albums`` by track id are known, ``subgenre``.

    ``labels`` are genres, which are no sub-genres.
    """
    rows, names = recordings(catalog), catalog.columns
    named = [int(row) for row in rows if names["artist"][row]]
    artists = np.unique(catalog.artists, return_inverse=True)[1]
    in_albums = ((row, albums.get(int(catalog.track_ids[row]))) for row in named)
    every = set(labels)
    tagged = [(int(row), it) for row in rows for it in names["subgenres"][row].split("|")]
    kinds = {
        "artist": _gathered((row, artists[row]) for row in named),
        "album": _gathered((row, (artists[row], album)) for row, album in in_albums if album),
        "subgenre": _gathered((row, it) for row, it in tagged if it and it not in every),
    }
    return {
        kind: [Group(them, artists[them] if kind == "subgenre" else them) for them in found]
        for kind, found in kinds.items()
    }


def recordings(catalog: Catalog) -> Rows:
    """One audible row of each recording, int64 (n,)."""
    rows = np.flatnonzero(catalog.audible)
    return np.sort(rows[np.unique(catalog.uploads[rows], return_index=True)[1]])


def _gathered(members: Iterable[tuple[int, Hashable]]) -> list[Rows]:
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for row, name in members:
        found[name].append(row)
    return [np.array(rows, np.int64) for rows in found.values() if len(rows) >= LEAST]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """``seeds`` int64 (5,) of the group at place ``of``, whose other half is ``held``.

    ``others`` are some other groups: int64 (5,) rows of each to stay away from, and all its rows.
    """

    of: int
    seeds: Rows
    held: Rows
    others: tuple[tuple[Rows, Rows], ...]


def questions(groups: list[Group], draws: int, seed: int) -> Iterator[Question]:
    """``draws`` questions by each group that has enough artists or tracks for both halves."""
    rng = np.random.default_rng(seed)
    for place, group in enumerate(groups):
        apart = [it.rows for it in groups if not np.isin(it.rows, group.rows).any()]
        for _ in range(draws):
            asked, held = group.parted(rng)
            drawn = rng.choice(len(apart), min(OTHERS, len(apart)), replace=False)
            others = tuple((rng.permutation(apart[it])[:MOST_SEEDS], apart[it]) for it in drawn)
            if min(len(asked), len(held)) >= MOST_SEEDS:
                yield Question(place, asked[:MOST_SEEDS], held, others)


def marked(rows: Rows, n: int) -> Mask:
    """A mask (n,) of some rows."""
    mask = np.zeros(n, np.bool_)
    mask[rows] = True
    return mask
