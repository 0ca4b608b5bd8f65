"""The sound files below a folder: found by their endings, links followed, nothing opened."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset(
    {
        *(".mp3", ".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".aifc"),
        *(".m4a", ".m4b", ".mp4", ".aac", ".webm", ".mka"),
        *(".wma", ".ape", ".wv", ".mpc", ".dsf", ".tta", ".amr"),  # refused, and said so
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """A file by its ``path`` relative to the folder, with ``/`` between its parts; letters that
    are no UTF-8 stand in it as ``os.fsdecode`` gives them.  Where it has changed, so has its
    ``size`` in bytes or its ``mtime_ns``; a link to nothing has a size of -1.
    """

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Scan:
    """``files`` in the order of their paths; ``closed`` are folders that cannot be read, with the
    reason; ``n_others`` counts files with other endings.
    """

    files: tuple[Found, ...]
    closed: tuple[tuple[str, str], ...]
    n_others: int


def scan(folder: Path) -> Scan:
    """Looks through a folder and all below it, each folder once however many links lead to it.

    Folders come before what links lead to, so that a file is named by where it really lies.
    Names that begin with a dot are hidden and stay so.
    """
    files: list[Found] = []
    closed: list[tuple[str, str]] = []
    n_others, seen = 0, set[tuple[int, int]]()
    folders, linked = deque([""]), deque[str]()
    while folders or linked:
        at = folders.popleft() if folders else linked.popleft()
        try:
            if (place := _place(folder / at)) in seen:
                continue
            seen.add(place)
            entries = _entries(folder / at)
        except OSError as error:
            closed.append((at or ".", error.strerror or type(error).__name__))
            continue
        for entry in entries:
            path = f"{at}/{entry.name}" if at else entry.name
            if _is_folder(entry):
                (linked if entry.is_symlink() else folders).append(path)
            elif Path(entry.name).suffix.casefold() in SUFFIXES:
                files.append(_found(entry, path))
            else:
                n_others += 1
    files.sort(key=lambda file: file.path)
    return Scan(tuple(files), tuple(closed), n_others)


def _place(folder: Path) -> tuple[int, int]:
    """What tells a folder from every other one, by whatever name it was reached."""
    facts = folder.stat()
    return facts.st_dev, facts.st_ino


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(_shown(entries), key=lambda entry: entry.name)


def _shown(entries: Iterator[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    return (entry for entry in entries if not entry.name.startswith("."))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or to what must not be seen
        return False


def _found(entry: os.DirEntry[str], path: str) -> Found:
    try:
        facts = entry.stat()
    except OSError:
        return Found(path, -1, 0)
    size = facts.st_size if stat.S_ISREG(facts.st_mode) else -1
    return Found(path, size, facts.st_mtime_ns)
