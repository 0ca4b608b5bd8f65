"""Reads and checks tile files (``.npz``) and the track table (``tracks.csv``).

A tile file holds ``track_id`` integer (n,) and ``tile`` uint8 (n, n_mels, n_columns), row 0 the
lowest mel band, value = round(255 x level in 0..1).  ``genre`` and ``artist``, n strings each, are
optional.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from soundmap.errors import BadDataset
from soundmap.search.exact import Mask

_NEEDED, _WANTED = ("track_id", "tile"), ("genre", "artist")


@dataclass(frozen=True, slots=True)
class TileSet:
    """``track_ids`` int64 (n,), ``tiles`` uint8 (n, n_mels, n_columns) and ``genres``, n names.

    ``artists`` are n names, empty where an artist is not known, or an empty tuple.
    """

    track_ids: npt.NDArray[np.int64]
    tiles: npt.NDArray[np.uint8]
    genres: tuple[str, ...]
    artists: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.tiles)

    def targets(self, labels: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """Index of each genre in ``labels``, int64 (n,).  Raises BadDataset for another genre."""
        if unknown := sorted(set(self.genres) - set(labels)):
            raise BadDataset("unknown_labels", labels=", ".join(unknown), known=", ".join(labels))
        return np.array([labels.index(genre) for genre in self.genres], dtype=np.int64)

    def part(self, kept: Mask) -> TileSet:
        """The tracks where ``kept``, bool (n,), is true."""
        rows = np.flatnonzero(kept)
        genres, artists = (
            tuple(it[row] for row in rows if it) for it in (self.genres, self.artists)
        )
        return TileSet(self.track_ids[rows], self.tiles[rows], genres, artists)


def joined(sides: Sequence[TileSet]) -> TileSet:
    """The tracks of several sides, one side after the other; artists if all sides name them."""
    named = all(len(side.artists) == len(side) for side in sides)
    return TileSet(
        np.concatenate([side.track_ids for side in sides]),
        np.concatenate([side.tiles for side in sides]),
        tuple(genre for side in sides for genre in side.genres),
        tuple(artist for side in sides for artist in side.artists) if named else (),
    )


def read_tiles(path: Path, genres: Mapping[int, str] | None = None) -> TileSet:
    """Reads a tile file; genres come from its own array or, without one, from ``genres``.

    Raises BadDataset when the file, an array, a shape or a track's genre is missing.
    """
    arrays = arrays_of(path, _NEEDED, _WANTED)
    ids, tiles = arrays["track_id"], arrays["tile"]
    if tiles.ndim != 3 or tiles.dtype != np.uint8 or not len(tiles) or not tiles[0].size:
        raise BadDataset("bad_tiles", path=path, found=f"{tiles.dtype} {tiles.shape}")
    if ids.shape != (len(tiles),) or ids.dtype.kind not in "iu":
        raise BadDataset("bad_track_ids", path=path, found=f"{ids.dtype} {ids.shape}")
    track_ids = ids.astype(np.int64)
    return TileSet(
        track_ids,
        tiles.astype(np.uint8, copy=False),
        _genres(path, arrays.get("genre"), track_ids, genres),
        _artists(path, arrays.get("artist"), track_ids),
    )


def read_table(
    path: Path, columns: Collection[str] = ("track_id", "genre")
) -> list[dict[str, str]]:
    """Rows of a CSV file whose header has at least ``columns``.

    Raises BadDataset ``unreadable_dataset`` or ``missing_columns``.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadDataset("unreadable_dataset", path=path, reason=error) from error
    if not rows or not set(columns) <= rows[0].keys():
        raise BadDataset("missing_columns", path=path, columns=", ".join(columns))
    return rows


def tracks_by_id(
    path: Path, columns: Collection[str] = ("track_id", "genre")
) -> dict[int, dict[str, str]]:
    """Rows of a track table by track id.  Raises what ``read_table`` raises."""
    return {int(row["track_id"]): row for row in read_table(path, columns)}


def arrays_of(
    path: Path, needed: Collection[str], wanted: Collection[str] = ()
) -> dict[str, npt.NDArray[np.generic]]:
    """Arrays of an ``.npz`` file: all that are ``needed``, and those of ``wanted`` that it has.

    Raises BadDataset ``unreadable_dataset`` or ``missing_arrays``.
    """
    try:
        with path.open("rb") as raw:
            file = np.load(raw, allow_pickle=False)
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise ValueError
            arrays = {name: np.asarray(file[name]) for name in (*needed, *wanted) if name in file}
    except OSError as error:
        raise BadDataset("unreadable_dataset", path=path, reason=error) from error
    except Exception as error:  # malformed in ways whose errors share no base
        reason = "it is no .npz archive of plain numbers and names"
        raise BadDataset("unreadable_dataset", path=path, reason=reason) from error
    if missing := set(needed) - arrays.keys():
        raise BadDataset("missing_arrays", path=path, arrays=", ".join(sorted(missing)))
    return arrays


def _genres(
    path: Path,
    own: npt.NDArray[np.generic] | None,
    track_ids: npt.NDArray[np.int64],
    table: Mapping[int, str] | None,
) -> tuple[str, ...]:
    if own is not None:
        if own.shape != track_ids.shape:
            raise BadDataset("bad_genres", path=path, found=f"{own.dtype} {own.shape}")
        return _texts(own)
    if table is None:
        raise BadDataset("missing_arrays", path=path, arrays="genre")
    try:
        return tuple(table[int(track_id)] for track_id in track_ids)
    except KeyError as error:
        raise BadDataset("track_without_genre", path=path, track_id=error.args[0]) from error


def _artists(
    path: Path, own: npt.NDArray[np.generic] | None, track_ids: npt.NDArray[np.int64]
) -> tuple[str, ...]:
    if own is None:
        return ()
    if own.shape != track_ids.shape:
        raise BadDataset("bad_artists", path=path, found=f"{own.dtype} {own.shape}")
    return _texts(own)


def _texts(names: npt.NDArray[np.generic]) -> tuple[str, ...]:
    if names.dtype.kind == "S":
        names = np.char.decode(names.astype(np.bytes_), "utf-8", "replace")
    return tuple(str(name) for name in names)
