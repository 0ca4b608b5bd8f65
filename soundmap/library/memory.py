"""What is known of each file of a library, in SQLite, so that a killed run loses nothing.

A file keeps its track id when it changes, moves, or disappears and returns, since votes refer to
that id.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from soundmap.errors import BadDataset
from soundmap.library.jobs import Failure, HeardFile
from soundmap.library.scan import Found
from soundmap.library.tags import READER, Tags, read_tags
from soundmap.types import Floats, Traits

FILE = "memory.db"
SERIES_BITS = 32  # ids of a catalog start at a random multiple of 2**32, unlike any other's
_LOT_BITS = 20  # together below 2**53: JSON readers keep such numbers whole
_TABLE = """
    CREATE TABLE IF NOT EXISTS files (
        track_id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL UNIQUE, -- relative to the folder
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        here INTEGER NOT NULL DEFAULT 1, -- 0: it was not found the last time
        bundle_id TEXT NOT NULL,
        failure TEXT,                    -- JSON, where it could not be heard
        sha256 TEXT NOT NULL DEFAULT '',
        facts TEXT,                      -- JSON: what was heard, without the arrays
        embedding BLOB, probabilities BLOB  -- float32, little-endian
    )"""
_KEEP = """
    INSERT INTO files
        (track_id, path, size, mtime_ns, bundle_id, failure, sha256, facts, embedding,
        probabilities)
    VALUES (:track_id, :path, :size, :mtime_ns, :bundle_id, :failure, :sha256, :facts, :embedding,
        :probabilities)
    ON CONFLICT (path) DO UPDATE SET size = :size, mtime_ns = :mtime_ns, here = 1,
        bundle_id = :bundle_id, failure = :failure, sha256 = :sha256, facts = :facts,
        embedding = :embedding, probabilities = :probabilities"""


@dataclass(frozen=True, slots=True)
class Known:
    """What the memory holds of a file: how it was found and the outcome of listening to it, in up
    to ``windows`` windows.
    """

    track_id: int
    found: Found
    here: bool
    bundle_id: str
    sha256: str
    failure: Failure | None
    windows: int


class Memory:
    """The memory of one catalog, open for this process alone."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def known(self) -> dict[str, Known]:
        """All files, by path."""
        query = """SELECT track_id, path, size, mtime_ns, here, bundle_id, sha256, failure,
            coalesce(facts ->> 'windows', 1) FROM files"""
        return {one.found.path: one for one in map(_known, self._connection.execute(query))}

    def keep(
        self, found: Found, bundle_id: str, outcome: HeardFile | Failure, track_id: int | None
    ) -> None:
        """Saves the outcome of a file; a new file gets ``track_id``, if given and free."""
        row = {**_row_of(outcome), "path": os.fsencode(found.path), "bundle_id": bundle_id}
        row |= {"size": found.size, "mtime_ns": found.mtime_ns, "track_id": None}
        with self._connection:
            if track_id is not None and not self._has(track_id):
                row["track_id"] = track_id
            self._connection.execute(_KEEP, row)

    def move(self, pairs: Iterable[tuple[Known, Found]]) -> None:
        """Saves the new places of files that moved."""
        change = "UPDATE files SET path = ?, mtime_ns = ?, here = 1 WHERE track_id = ?"
        rows = [(os.fsencode(new.path), new.mtime_ns, old.track_id) for old, new in pairs]
        with self._connection:
            self._connection.executemany(change, rows)

    def see(self, paths: Collection[str]) -> None:
        """Saves which files are present: exactly these."""
        with self._connection:
            self._connection.execute("UPDATE files SET here = 0")
            change = "UPDATE files SET here = 1 WHERE path = ?"
            self._connection.executemany(change, ((os.fsencode(path),) for path in paths))

    def heard(self, bundle_id: str) -> Iterator[tuple[int, str, HeardFile]]:
        """(track id, path, what was heard) of the files present, by ascending id."""
        query = """SELECT track_id, path, sha256, facts, embedding, probabilities FROM files
            WHERE here AND failure IS NULL AND bundle_id = ? ORDER BY track_id"""
        for track_id, path, sha256, facts, *arrays in self._connection.execute(query, (bundle_id,)):
            yield track_id, os.fsdecode(path), _heard(bundle_id, sha256, json.loads(facts), *arrays)

    def renew_tags(self, folder: Path) -> None:
        """Reads the tags of the files present again, where an older reader read them."""
        query = "SELECT track_id, path, facts FROM files WHERE here AND facts IS NOT NULL"
        change = "UPDATE files SET facts = ? WHERE track_id = ?"
        for track_id, path, text in self._connection.execute(query).fetchall():
            facts, file = json.loads(text), folder / os.fsdecode(path)
            if facts.get("reader") != READER and file.is_file():
                facts |= _tag_facts(read_tags(file))
                with self._connection:
                    self._connection.execute(change, (json.dumps(facts), track_id))

    def _has(self, track_id: int) -> bool:
        query = "SELECT 1 FROM files WHERE track_id = ?"
        return self._connection.execute(query, (track_id,)).fetchone() is not None


@contextmanager
def remembered(folder: Path) -> Iterator[Memory]:
    """Opens the memory in a catalog's folder, and creates it if there is none.

    Raises BadDataset ``catalog_busy`` while another process has it open, ``bad_memory`` or
    ``catalog_unwritable``.
    """
    try:
        connection = sqlite3.connect(folder / FILE, timeout=0)
        try:
            _prepare(connection)
            yield Memory(connection)
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BadDataset("catalog_busy", name=folder.name) from error
        raise BadDataset("catalog_unwritable", path=folder, reason=error) from error
    except sqlite3.DatabaseError as error:
        raise BadDataset("bad_memory", path=folder / FILE, reason=error) from error


def _prepare(connection: sqlite3.Connection) -> None:
    for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_TABLE)
        if not connection.execute("SELECT 1 FROM sqlite_sequence").fetchone():
            start = (1 + secrets.randbits(_LOT_BITS)) << SERIES_BITS
            connection.execute("INSERT INTO sqlite_sequence VALUES ('files', ?)", (start,))


def _known(row: tuple[int, bytes, int, int, int, str, str, str | None, int]) -> Known:
    track_id, path, size, mtime_ns, here, bundle_id, sha256, failure, windows = row
    found = Found(os.fsdecode(path), size, mtime_ns)
    why = Failure(**json.loads(failure)) if failure else None
    return Known(track_id, found, bool(here), bundle_id, sha256, why, windows)


def _row_of(outcome: HeardFile | Failure) -> dict[str, object]:
    if isinstance(outcome, Failure):
        names = ("sha256", "facts", "embedding", "probabilities")
        return {**dict.fromkeys(names), "sha256": "", "failure": json.dumps(asdict(outcome))}
    facts = {
        "same": outcome.same,
        "audible": outcome.audible,
        "traits": asdict(outcome.traits),
        "windows": outcome.windows,
        **_tag_facts(outcome.tags),
    }
    return {
        "failure": None,
        "sha256": outcome.sha256,
        "facts": json.dumps(facts),
        "embedding": outcome.embedding.astype("<f4").tobytes(),
        "probabilities": outcome.probabilities.astype("<f4").tobytes(),
    }


def _tag_facts(tags: Tags) -> dict[str, object]:
    return {"tags": asdict(tags), "reader": READER}


def _heard(
    bundle_id: str, sha256: str, facts: dict[str, object], embedding: bytes, probabilities: bytes
) -> HeardFile:
    traits, tags, windows = facts["traits"], facts["tags"], facts.get("windows", 1)
    assert isinstance(traits, dict) and isinstance(tags, dict) and isinstance(windows, int)
    return HeardFile(
        bundle_id=bundle_id,
        sha256=sha256,
        embedding=_floats(embedding),
        probabilities=_floats(probabilities),
        traits=Traits(**traits),
        same=str(facts["same"]),
        audible=bool(facts["audible"]),
        tags=Tags(**{**tags, "genres": tuple(tags["genres"])}),
        windows=windows,
    )


def _floats(blob: bytes) -> Floats:
    return np.frombuffer(blob, dtype="<f4").astype(np.float32)
