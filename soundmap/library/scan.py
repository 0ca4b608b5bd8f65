"""Finds the sound files below a folder, by their endings; follows links, opens nothing."""

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
        *(".m4a", ".m4b", ".mp4", ".aac", ".webm", ".mka", ".caf", ".au", ".w64", ".ac3", ".dts"),
        *(".wma", ".ape", ".wv", ".tta", ".amr", ".mp2"),
        *(".mpc", ".dsf", ".dff", ".voc"),
    }
)
SYSTEM_FOLDERS = frozenset(
    {
        *("#recycle", "@recycle", "$recycle.bin", "network trash folder"),
        *("#snapshot", "@recently-snapshot", "~snapshot"),
        *("@eadir", "system volume information", "lost+found", "lost.dir", "__macosx"),
    }
)
"""Recycle bins, older states of a disk, and what systems keep beside files; in small letters."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file by its ``path`` relative to the folder, with ``/`` between the parts.

    Bytes that are not UTF-8 appear as ``os.fsdecode`` decodes them.  A file counts as changed if
    its ``size`` in bytes or its ``mtime_ns`` differs.  A broken link has size -1.
    """

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Scan:
    """``files`` sorted by path; ``closed`` folders as (path, reason) that cannot be read;
    ``n_others`` counts files with other endings.
    """

    files: tuple[Found, ...]
    closed: tuple[tuple[str, str], ...]
    n_others: int


def scan(folder: Path) -> Scan:
    """Walks a folder and all below it; each folder once, even if several links lead to it.

    Real folders come before links, so that a file gets its real path.  Names that begin with a
    dot are skipped, and so are ``SYSTEM_FOLDERS``.
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
    """Device and inode of a folder: the same whatever path it was reached by."""
    facts = folder.stat()
    return facts.st_dev, facts.st_ino


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(_shown(entries), key=lambda entry: entry.name)


def _shown(entries: Iterator[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    return (entry for entry in entries if not _is_hidden(entry.name))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.casefold() in SYSTEM_FOLDERS


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or to a place without permission
        return False


def _found(entry: os.DirEntry[str], path: str) -> Found:
    try:
        facts = entry.stat()
    except OSError:
        return Found(path, -1, 0)
    size = facts.st_size if stat.S_ISREG(facts.st_mode) else -1
    return Found(path, size, facts.st_mtime_ns)
