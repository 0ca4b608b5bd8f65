"""Copies a database consistently while others read and write it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from bot.store.errors import StoreError, store_errors


def backup_file(database: Path, target: Path, busy_timeout_s: float = 5.0) -> None:
    """Copies a database to a new file, which gets its name only when it is complete.

    Raises StoreError ``store_missing``, ``store_exists``, or a code for errors of reading and
    writing.
    """
    if not database.is_file():
        raise StoreError("store_missing", path=database)
    _refuse_existing(target)
    with store_errors(target):
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        part = Path(name)
        try:
            with store_errors(database):
                _copy(database, part, busy_timeout_s)
            os.fsync(handle)
            _refuse_existing(target)
            part.rename(target)
        finally:
            os.close(handle)
            part.unlink(missing_ok=True)


def _refuse_existing(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise StoreError("store_exists", path=target)


def _copy(database: Path, target: Path, busy_timeout_s: float) -> None:
    source = f"{database.resolve().as_uri()}?mode=rw"  # never creates one
    with closing(sqlite3.connect(source, timeout=busy_timeout_s, uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
