"""Where a machine keeps what it found out: which engine is fastest, and converted graphs."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_MOST = 100


def cache_folder() -> Path | None:
    """The folder, which need not be there; None for a user without a home."""
    try:
        return Path.home() / ".cache" / "soundmap"
    except RuntimeError:
        return None


def can_write(folder: Path) -> bool:
    """Whether a folder is there, or could be made, and takes files."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return os.access(folder, os.W_OK | os.X_OK)
    return False


def remembered(memory: Path) -> Mapping[str, Any]:
    """What a file holds; nothing where it cannot be read."""
    try:
        facts = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def remember(memory: Path, key: str, value: str) -> None:
    """At once; where nothing can be written it is found out again next time.  The oldest go."""
    known = dict(list(remembered(memory).items())[-_MOST + 1 :])
    with suppress(OSError):
        beside = memory.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps({**known, key: value}, indent=1), "utf-8")
        beside.replace(memory)
