"""The user's cache: which engine is fastest, and converted graphs."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from soundmap.files import replacing

_MOST = 100


def can_write(folder: Path) -> bool:
    """Whether a folder, created if needed, is writable."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return os.access(folder, os.W_OK | os.X_OK)
    return False


def remembered(memory: Path) -> Mapping[str, Any]:
    """Contents of a JSON file, empty if it cannot be read."""
    try:
        facts = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def remember(memory: Path, key: str, value: str) -> None:
    """Saves a value, atomically; drops the oldest, and ignores a folder that is not writable."""
    known = dict(list(remembered(memory).items())[-_MOST + 1 :])
    with suppress(OSError), replacing(memory) as part:
        part.write_text(json.dumps({**known, key: value}, indent=1), "utf-8")
