"""Files: their hashes, and what a full disk is."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_there(path: str | Path) -> bool:
    """Whether something lies at a path."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # no name that a file could have
        return False
