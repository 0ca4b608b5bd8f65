"""A folder of audio as a labeled data set: its tracks, and the side each is on."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soundmap.errors import BadDataset

FACTS = "dataset.json"
"""What a data folder says of itself: at least its ``name``."""

ARCHIVE_NAMES = ("fma_metadata", "fma_small", "fma_medium", "fma_large", "fma_full")
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A track: its file, its ``genre``, its ``side`` of the split (training, validation or test),
    and the facts of a track table, empty where they are not known.
    """

    track_id: int
    path: Path
    genre: str
    side: str
    title: str = ""
    artist: str = ""
    artist_id: str = ""
    album: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A data set by name.

    ``rate_hz`` and, within a second, ``seconds`` are what every file must have; None where the data
    set does not promise it.
    """

    name: str
    entries: tuple[Entry, ...]
    rate_hz: int | None = None
    seconds: float | None = None


def check_counts(path: Path, found: Iterable[str], expected: Mapping[str, int]) -> None:
    """Raises BadDataset ``other_counts`` unless each genre occurs in ``found`` as often as
    expected.
    """
    counts = Counter(found)
    if odd := [genre for genre in expected if counts[genre] != expected[genre]]:
        told = ", ".join(f"{genre} {counts[genre]} of {expected[genre]}" for genre in odd)
        raise BadDataset("other_counts", path=path, found=told)


def check_files(entries: Iterable[Entry], folder: Path) -> None:
    """Raises BadDataset ``missing_audio`` where the file of an entry is missing."""
    if missing := [entry.path.name for entry in entries if not entry.path.is_file()]:
        shown = ", ".join(missing[:_SHOWN])
        raise BadDataset("missing_audio", path=folder, n=len(missing), examples=shown)


def check_archive(path: Path, sha1: str) -> bool:
    """Whether the archive is at ``path``.

    Raises BadDataset ``bad_archive`` where its SHA-1 is not the published one.
    """
    if not path.is_file():
        return False
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha1").hexdigest()
    if found != sha1:
        raise BadDataset("bad_archive", path=path, found=found, expected=sha1)
    return True


def data_facts(folder: Path) -> dict[str, Any]:
    """``name`` and tile ``spec`` of a data folder, read from its FACTS.

    Without that file they are the name of the folder and None.  Raises BadDataset
    ``unreadable_dataset`` for a file that names no data set.
    """
    path = folder / FACTS
    if not path.is_file():
        return {"name": folder.resolve().name, "spec": None}
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return {"name": str(facts["name"]), "spec": facts.get("spec")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadDataset("unreadable_dataset", path=path, reason="it names no data set") from error
