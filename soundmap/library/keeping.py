"""What is in a catalog of one's own music, and how it is renamed or removed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from soundmap.catalog.shelf import Entry, Shelf
from soundmap.catalog.table import Catalog
from soundmap.errors import BadDataset
from soundmap.library.memory import FILE, remembered

MOST_NAMES = 10
_COUNT = """SELECT count(*) FILTER (WHERE here AND failure IS NULL AND bundle_id = :bundle),
    count(*) FILTER (WHERE here AND failure IS NOT NULL), count(*) FILTER (WHERE NOT here)
    FROM files"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the memory of a catalog holds, which a run that was killed leaves behind.

    ``heard`` files are kept as the catalog's bundle heard them; ``failed`` could not be heard, and
    ``gone`` were not found the last time.  ``busy`` says that a run is at work, so that the
    numbers are not known.
    """

    heard: int = 0
    failed: int = 0
    gone: int = 0
    busy: bool = False


def kept(shelf: Shelf, entry: Entry) -> Kept:
    """What the memory of a catalog holds; nothing if it cannot be read."""
    file = shelf.home(entry.name) / FILE
    if not file.is_file():
        return Kept()
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as memory:
            memory.execute("PRAGMA busy_timeout = 0")
            return Kept(*memory.execute(_COUNT, {"bundle": entry.bundle}).fetchone())
    except sqlite3.OperationalError as error:
        return Kept(busy="locked" in str(error))
    except sqlite3.DatabaseError:
        return Kept()


def rename(shelf: Shelf, name: str, new: str) -> None:
    """Renames a catalog that no run is at work on.

    Raises BadRequest like ``Shelf.rename``; BadDataset ``catalog_busy`` or ``catalog_unwritable``.
    """
    with _alone(shelf, name):
        shelf.rename(name, new)


def remove(shelf: Shelf, name: str) -> None:
    """Removes a catalog that no run is at work on, never the music.  Raises like ``rename``."""
    with _alone(shelf, name):
        shelf.remove(name)


@contextmanager
def _alone(shelf: Shelf, name: str) -> Iterator[None]:
    """Makes sure that no run is at work on a catalog as the block begins."""
    home = shelf.home(shelf.own(name).name)
    with remembered(home):
        pass  # else it raises; the memory's files are closed before they move
    try:
        yield
    except OSError as error:
        raise BadDataset("catalog_unwritable", path=home, reason=error) from error


def most_common(catalog: Catalog, column: str) -> list[tuple[str, int]]:
    """The values that most tracks have in a column, and how many have them, without empty ones."""
    found = Counter(filter(None, catalog.columns[column]))
    return sorted(found.items(), key=lambda it: (-it[1], it[0]))[:MOST_NAMES]
