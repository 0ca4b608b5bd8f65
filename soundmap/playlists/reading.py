"""Reads a playlist of any format, or a folder, as one list of entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TypeAlias

from soundmap.errors import BadRequest
from soundmap.library.scan import scan
from soundmap.playlists.entries import Entry, Playlist, is_address
from soundmap.playlists.m3u import HEAD, read_m3u
from soundmap.playlists.pls import HEAD as PLS_HEAD
from soundmap.playlists.pls import read_pls
from soundmap.playlists.text import lines_of
from soundmap.playlists.xspf import read_xspf

M3U_SUFFIXES, PLS_SUFFIX, XSPF_SUFFIX = (".m3u", ".m3u8"), ".pls", ".xspf"
SUFFIXES = (*M3U_SUFFIXES, PLS_SUFFIX, XSPF_SUFFIX)
MOST_ENTRIES = 100_000
MOST_MB = 64
_MOST_LISTS = 100  # that one playlist names
_Place: TypeAlias = "tuple[int, int]"
_XML = (b"<?xml", b"<playlist")


def read_playlist(path: Path) -> Playlist:
    """The entries of a playlist (m3u, m3u8, pls, xspf), or the sound files below a folder.

    What a file is, its first words tell, or else its name.  The entries of a playlist that it
    names stand in that one's place, each once, so that lists which name each other end; one that
    cannot be read remains an entry.  Nothing is fetched: an address stays one.

    Raises BadRequest: ``no_playlist``, ``not_a_playlist``, ``empty_playlist``,
    ``playlist_too_large`` or ``playlist_too_long``.
    """
    try:
        found = _folder(path) if path.is_dir() else _expanded(path)
    except (OSError, ValueError) as error:
        raise BadRequest("no_playlist", path=path, reason=error) from error
    if not found.entries:
        raise BadRequest("empty_playlist", path=path)
    return found


def _folder(path: Path) -> Playlist:
    place = path.resolve()
    files = [place / it.path for it in scan(place).files[: MOST_ENTRIES + 1]]
    return Playlist(place.name, _counted((Entry(str(file)) for file in files), path))


def _expanded(path: Path) -> Playlist:
    first, own = _read(path), _list_at(Entry(str(path.absolute())))
    return replace(first, entries=_counted(_opened(first, {own}), path))


def _opened(playlist: Playlist, seen: set[_Place | None]) -> Iterator[Entry]:
    """Entries, with those of the playlists that they name; ``seen`` are open already."""
    waiting = [iter(playlist.entries)]
    while waiting:
        entry = next(waiting[-1], None)
        if entry is None:
            waiting.pop()
        elif (place := _list_at(entry)) is None:
            yield entry
        elif place not in seen:
            seen.add(place)
            if inner := _tried(entry) if len(seen) <= _MOST_LISTS else None:
                waiting.append(iter(inner.entries))
            else:
                yield entry


def _list_at(entry: Entry) -> _Place | None:
    """Device and inode of the playlist that an entry names; None if it names none that is there."""
    if PurePath(entry.location).suffix.casefold() not in SUFFIXES or is_address(entry.location):
        return None
    try:
        facts = Path(entry.location).stat()
    except (OSError, ValueError):
        return None
    return facts.st_dev, facts.st_ino


def _tried(entry: Entry) -> Playlist | None:
    try:
        return _read(Path(entry.location))
    except (OSError, ValueError, BadRequest):
        return None


def _counted(entries: Iterator[Entry], path: Path) -> tuple[Entry, ...]:
    kept: list[Entry] = []
    for entry in entries:
        if len(kept) == MOST_ENTRIES:
            raise BadRequest("playlist_too_long", path=path, most=MOST_ENTRIES)
        kept.append(entry)
    return tuple(kept)


def _read(path: Path) -> Playlist:
    """One file.  Raises BadRequest, OSError or ValueError."""
    if path.exists() and not path.is_file():  # a pipe would block until somebody writes
        raise BadRequest("not_a_playlist", path=path)
    with path.open("rb") as file:
        data = file.read((MOST_MB << 20) + 1)
    if len(data) > MOST_MB << 20:
        raise BadRequest("playlist_too_large", path=path, most_mb=MOST_MB)
    try:
        return _parsed(data, path)
    except ValueError as error:
        raise BadRequest("not_a_playlist", path=path) from error


def _parsed(data: bytes, path: Path) -> Playlist:
    """A playlist by its first words, or else by the ending of its name.  Raises ValueError."""
    folder, suffix = path.resolve().parent, path.suffix.casefold()
    start = data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").lower()
    if start.startswith(_XML):
        return read_xspf(data, folder)
    lines = lines_of(data)
    first = next(filter(None, lines), "").casefold()
    if first == PLS_HEAD:
        return read_pls(lines, folder)
    if first.startswith(HEAD.casefold()) or suffix in M3U_SUFFIXES:
        return read_m3u(lines, folder)
    if suffix == PLS_SUFFIX:
        return read_pls(lines, folder)
    if suffix == XSPF_SUFFIX:
        return read_xspf(data, folder)
    raise ValueError("it is no playlist")
