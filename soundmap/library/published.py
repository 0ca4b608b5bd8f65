"""Reads what the FMA data set (Free Music Archive) says of the files in its folders.

``fma_small`` (or ``_medium``, ``_large``, ``_full``) holds ``000/000002.mp3`` and the like.
Beside it lies ``fma_metadata`` with ``tracks.csv`` and ``raw_tracks.csv``; one of them is enough.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from soundmap.catalog.licenses import UNKNOWN, short_license
from soundmap.catalog.text import tidy
from soundmap.errors import BadDataset
from soundmap.library.tags import Tags

TABLES = ("tracks.csv", "raw_tracks.csv")
_MOST_LETTERS_OF_A_CELL = 1 << 24
_COLUMNS = {
    "genre": ("track", "genre_top"),
    "side": ("set", "split"),
    "subset": ("set", "subset"),
    "title": ("track", "title"),
    "artist": ("artist", "name"),
    "artist_id": ("artist", "id"),
    "album": ("album", "title"),
    "license": ("track", "license"),
}
Row = dict[str, str]
_RAW = ("track_id", "track_title", "artist_name", "album_title", "license_title")


@dataclass(frozen=True, slots=True)
class Published:
    """Facts by track id; a file is named by the id of its track."""

    facts: Mapping[int, Tags]

    def track_id(self, path: str) -> int | None:
        """Track id of a file, None if the tables do not list it."""
        name = PurePosixPath(path).stem
        number = int(name) if name.isascii() and name.isdecimal() else -1
        return number if number in self.facts else None


def published(folder: Path) -> Published | None:
    """Facts from the tables in a folder or beside it; None if there are none.

    Raises BadDataset ``unreadable_dataset`` or ``bad_table``.
    """
    for place in (folder, folder / "fma_metadata", folder.parent / "fma_metadata", folder.parent):
        if any((place / name).is_file() for name in TABLES):
            return Published(_facts(place))
    return None


def _facts(place: Path) -> dict[int, Tags]:
    """Facts from whichever tables exist; only the raw one has pages and all genres."""
    first, raw = (place / name for name in TABLES)
    found = dict(_raw(raw)) if raw.is_file() else {}
    if first.is_file():
        for track_id, row in read_tracks(first).items():
            known = found.get(track_id, Tags())
            genres = (row["genre"], *known.genres) if row["genre"] else known.genres
            found[track_id] = replace(
                known,
                title=tidy(row["title"]) or known.title,
                artist=tidy(row["artist"]) or known.artist,
                album=tidy(row["album"]) or known.album,
                genres=tuple(dict.fromkeys(genres)),
                license=_license(row["license"]) if row["license"] else known.license or UNKNOWN,
            )
    return found


def _raw(path: Path) -> Iterator[tuple[int, Tags]]:
    limit = csv.field_size_limit(_MOST_LETTERS_OF_A_CELL)  # some cells hold whole biographies
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.DictReader(file)
            if missing := set(_RAW) - set(rows.fieldnames or ()):
                reason = f"it lacks {', '.join(sorted(missing))}"
                raise BadDataset("bad_table", path=path, reason=reason)
            yield from (_raw_row(path, row) for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadDataset("unreadable_dataset", path=path, reason=error) from error
    finally:
        csv.field_size_limit(limit)


def _raw_row(path: Path, row: Mapping[str, str | None]) -> tuple[int, Tags]:
    number, *words = (row.get(name) or "" for name in (*_RAW, "track_url", "track_genres"))
    if not number.isdecimal():
        raise BadDataset("bad_table", path=path, reason="a row of it is no track")
    title, artist, album, license_title, page, genres = words
    page = page.strip() if page.startswith(("http://", "https://")) else ""
    said = (tidy(title), tidy(artist), tidy(album))
    return int(number), Tags(*said, _names(genres), _license(license_title), page)


def _license(name: str) -> str:
    return short_license(tidy(name))


def _names(cell: str) -> tuple[str, ...]:
    """Names in a cell such as ``[{'genre_id': '21', 'genre_title': 'Hip-Hop'}]``."""
    try:
        found = ast.literal_eval(cell) if cell else []
        return tuple(tidy(one["genre_title"]) for one in found)
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError):
        return ()


def read_tracks(path: Path) -> dict[int, Row]:
    """The columns in ``_COLUMNS`` of each track in ``tracks.csv``, by track id.

    The header has three rows: groups of columns, names within them, and the name of the index.
    Raises BadDataset ``unreadable_dataset`` or ``bad_table``.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            lines = csv.reader(file)
            places = _places(path, [next(lines, []) for _ in range(3)])
            return dict(_rows(path, lines, places))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadDataset("unreadable_dataset", path=path, reason=error) from error


def _places(path: Path, header: list[list[str]]) -> dict[str, int]:
    """Index of each of ``_COLUMNS``."""
    columns = list(zip(header[0], header[1], strict=False))
    missing = [".".join(column) for column in sorted(set(_COLUMNS.values()) - set(columns))]
    if header[2][:1] != ["track_id"]:
        missing = ["track_id"]
    if missing:
        reason = f"its three rows of header lack {', '.join(missing)}"
        raise BadDataset("bad_table", path=path, reason=reason)
    return {name: columns.index(column) for name, column in _COLUMNS.items()}


def _rows(
    path: Path, lines: Iterator[list[str]], places: dict[str, int]
) -> Iterator[tuple[int, Row]]:
    for line in lines:
        if len(line) <= max(places.values()) or not line[0].isdecimal():
            raise BadDataset("bad_table", path=path, reason="a row of it is no track")
        yield int(line[0]), {name: line[place].strip() for name, place in places.items()}
