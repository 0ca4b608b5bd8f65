"""Errors of the store, as stable codes."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path

_CODES = {  # prefixes of SQLite's error names; first match
    "SQLITE_BUSY": "store_locked",
    "SQLITE_LOCKED": "store_locked",
    "SQLITE_PROTOCOL": "store_locked",
    "SQLITE_FULL": "store_full",
    "SQLITE_IOERR_SHMSIZE": "store_full",
    "SQLITE_NOTADB": "store_broken",
    "SQLITE_CORRUPT": "store_broken",
    "SQLITE_IOERR": "store_unwritable",
    "SQLITE_CANTOPEN": "store_unwritable",
    "SQLITE_READONLY": "store_unwritable",
    "SQLITE_PERM": "store_unwritable",
}


class StoreError(Exception):
    """The store failed: a stable ``code``, and ``facts`` with the path and SQLite's reason.

    store_locked      another process held the file for too long
    store_full        the disk is full
    store_newer       written by a later version of the program
    store_broken      not a database, damaged, or another program's
    store_unwritable  no permission, no such folder, or a failing disk
    store_replaced    the file was removed or replaced while it was open
    store_exists      a backup would overwrite a file
    store_missing     there is no database to back up
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(f"{name} {fact}" for name, fact in self.facts.items())


@contextlib.contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Raises errors of SQLite and the file system as StoreError, but no programming errors."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = str(getattr(error, "sqlite_errorname", ""))
        for beginning, code in _CODES.items():
            if name.startswith(beginning):
                raise StoreError(code, path=path, reason=str(error)) from error
        raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        code = "store_full" if full else "store_unwritable"
        raise StoreError(code, path=path, reason=str(error.strerror)) from error
