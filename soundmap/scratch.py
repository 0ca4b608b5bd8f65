"""Folders for temporary files, which are deleted even if their process is killed.

A process holds a lock on a file in its folder, which the system frees when it ends, however it
ends.  Whoever makes the next folder first deletes those whose lock is free.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

_PREFIX = "soundmap-"
_OWNER = ".owner"


@contextmanager
def scratch() -> Iterator[Path]:
    """A new empty folder of this process, gone when the block ends.  Raises OSError."""
    remove_left_overs()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with _owned(folder):
            files = folder / "files"
            files.mkdir()
            yield files
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_left_overs() -> None:
    """Deletes the folders of this user's processes that were killed, and of no other."""
    if sys.platform == "win32":
        return  # it has no such locks
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another user's, or another process deletes it too
            if folder.lstat().st_uid == os.getuid():
                with (folder / _OWNER).open("rb") as owner:
                    fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _owned(folder: Path) -> Iterator[None]:
    """Holds the lock of a folder; the file gets its name only once it is locked."""
    with (folder / f"{_OWNER}.new").open("wb") as owner:
        _lock(owner)
        (folder / f"{_OWNER}.new").rename(folder / _OWNER)
        yield


def _lock(owner: IO[bytes]) -> None:
    if sys.platform != "win32":
        fcntl.flock(owner, fcntl.LOCK_EX)
