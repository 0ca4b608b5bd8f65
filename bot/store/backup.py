"""Copies a database consistently while others read and write it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from bot.store.errors import StoreError, store_errors
from soundmap.files import is_file, is_there

_CLOSED = ("SQLITE_CANTOPEN", "SQLITE_READONLY")


def backup_file(database: Path, target: Path, busy_timeout_s: float = 5.0) -> None:
    """Copies a database to a new file, which gets its name only when it is complete.

    Raises StoreError ``store_missing``, ``store_exists``, or a code for errors of reading and
    writing.
    """
    if not is_file(database):
        raise StoreError("store_missing", path=database)
    with store_errors(target):
        _refuse_existing(target)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        part = Path(name)
        try:
            _copy_to(part, database, target, busy_timeout_s)
            os.fsync(handle)
            _refuse_existing(target)
            part.rename(target)
        finally:
            os.close(handle)
            part.unlink(missing_ok=True)


def _copy_to(part: Path, database: Path, target: Path, busy_timeout_s: float) -> None:
    """Copies a database; errors name it, but a disk that is full is the target's."""
    try:
        with store_errors(database):
            _copy(database, part, busy_timeout_s)
    except StoreError as error:
        if error.code == "store_full":
            raise StoreError(error.code, path=target) from error
        raise


def _refuse_existing(target: Path) -> None:
    if is_there(target) or target.is_symlink():
        raise StoreError("store_exists", path=target)


def _copy(database: Path, target: Path, busy_timeout_s: float) -> None:
    """Copies a database; one that may not be written beside is first copied byte by byte.

    SQLite needs a file beside it, ``-shm``, even to read.  Whoever uses it has made that file, so
    where there is none, nobody writes.
    """
    database = database.resolve()
    try:
        _vacuum(database, target, busy_timeout_s)
    except sqlite3.OperationalError as error:
        shared = database.with_name(f"{database.name}-shm")
        if not error.sqlite_errorname.startswith(_CLOSED) or is_there(shared):
            raise
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f"{target.name}-") as folder:
            for file in filter(is_there, (database, database.with_name(f"{database.name}-wal"))):
                shutil.copyfile(file, Path(folder) / file.name)
            if is_there(shared):
                raise
            _vacuum(Path(folder) / database.name, target, busy_timeout_s)


def _vacuum(database: Path, target: Path, busy_timeout_s: float) -> None:
    source = f"{database.as_uri()}?mode=rw"  # never creates one
    with closing(sqlite3.connect(source, timeout=busy_timeout_s, uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
