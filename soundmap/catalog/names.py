"""Finds tracks by number, by ``artist - title``, or by words from either."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from soundmap.catalog.table import Catalog
from soundmap.errors import BadRequest
from soundmap.types import Track

_DASHES = re.compile(r"\s+[-–—]\s+")
_NUMBER = re.compile(r"#?(\d{1,18})")
_OFFERED = 5


def track_named(text: str, *catalogs: Catalog) -> tuple[Catalog, int]:
    """The one track that ``text`` names: the catalog that has it, and its row.

    An earlier catalog comes before a later one, and a track's number or whole name before a part.
    Raises BadRequest ``unknown_track``, or ``several_tracks`` with up to five candidates.
    """
    for catalog in catalogs:
        if (row := _exactly(text, catalog)) is not None:
            return catalog, row
    for catalog in catalogs:
        if rows := rows_like(text, catalog, _OFFERED + 1):
            return catalog, _only(rows, text, catalog)
    raise BadRequest("unknown_track", name=text[:200])


def rows_like(text: str, catalog: Catalog, most: int) -> list[int]:
    """Up to ``most`` rows of tracks whose ``artist - title`` contains every word of ``text``.

    A track with that number comes first, then names or titles that start with ``text``, then the
    others, each in row order.
    """
    found = _called(catalog).like(text)
    row = _numbered(text, catalog)
    first = [] if row is None else [row]
    return [*first, *(other for other in found if other != row)][:most]


def name_of(track: Track) -> str:
    """``artist - title``, or the part that is known; the number if neither is."""
    return " - ".join(filter(None, (track.artist, track.title))) or f"#{track.track_id}"


class _Called:
    """The case-folded ``artist - title`` and title of every row."""

    def __init__(self, catalog: Catalog) -> None:
        columns = catalog.columns
        pairs = list(zip(columns["artist"], columns["title"], strict=True))
        self.names = np.array([_folded(f"{artist} - {title}") for artist, title in pairs])
        self.titles = np.array([_folded(title) for _, title in pairs])

    def exactly(self, text: str) -> list[int]:
        """Rows whose ``artist - title`` is exactly ``text``."""
        return _rows(self.names == _folded(text))

    def like(self, text: str) -> list[int]:
        """Rows that contain every word, those that start with ``text`` first."""
        folded = _folded(text)
        words = folded.replace(" - ", " ").split()
        held = np.full(len(self.names), bool(words))
        for word in words:
            held &= np.char.find(self.names, word) >= 0
        starts = np.char.startswith(self.names, folded) | np.char.startswith(self.titles, folded)
        return [*_rows(held & starts), *_rows(held & ~starts)]


@lru_cache(maxsize=4)
def _called(catalog: Catalog) -> _Called:
    return _Called(catalog)


def _exactly(text: str, catalog: Catalog) -> int | None:
    """The row of the track of that number or whole name, None if there is none."""
    if (row := _numbered(text, catalog)) is not None:
        return row
    return next(iter(_called(catalog).exactly(text)), None)


def _only(rows: list[int], text: str, catalog: Catalog) -> int:
    """The one row among ``rows``.  Raises BadRequest ``several_tracks``."""
    if len(rows) == 1:
        return rows[0]
    offered = [catalog.track(row) for row in rows[:_OFFERED]]
    names = "; ".join(f"{name_of(track)} ({track.track_id})" for track in offered)
    raise BadRequest("several_tracks", name=text[:200], offered=names)


def _rows(mask: npt.NDArray[np.bool_]) -> list[int]:
    return [int(row) for row in np.flatnonzero(mask)]


def _folded(text: str) -> str:
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return _DASHES.sub(" - ", " ".join(seen.casefold().split()))


def _numbered(text: str, catalog: Catalog) -> int | None:
    """The row of the track whose number ``text`` is, None if there is none."""
    match = _NUMBER.fullmatch(text.strip())
    try:
        return catalog.row_of(int(match[1])) if match else None
    except KeyError:
        return None
