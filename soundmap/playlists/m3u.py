"""M3U and M3U8: a location on each line, and lines that begin with ``#`` about the next one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from soundmap.playlists.entries import Entry, Playlist, is_address
from soundmap.playlists.places import address_of, location_of, text_of

HEAD = "#EXTM3U"
_ABOUT = re.compile(r'#EXTINF:\s*(-?\d*\.?\d*)\s*(?:[\w-]+="[^"]*"\s*)*,?(.*)', re.IGNORECASE)
_ARTIST, _TITLE, _PAGE = "#EXTART:", "#PLAYLIST:", "#PAGE"
_DASH = " - "
_HLS = "#EXT-X-"


def read_m3u(lines: Sequence[str], folder: Path) -> Playlist:
    """A playlist of M3U, whose relative paths begin in ``folder``.

    Raises ValueError for one of HLS, which names pieces of one stream (RFC 8216).
    """
    if any(line.startswith(_HLS) for line in lines):
        raise ValueError("it is a stream")
    title, about, entries = "", dict[str, str](), list[Entry]()
    for line in filter(None, lines):
        if not line.startswith("#"):
            entries.append(_entry(location_of(line, folder), about))
            about = {}
        elif line.upper().startswith(_TITLE):
            title = line[len(_TITLE) :]
        else:
            kind = line.partition(":")[0].upper()
            about[_PAGE if kind.startswith(_PAGE) else kind] = line
    return Playlist(title, tuple(entries))


def written_m3u(playlist: Playlist, note: str, folder: Path | None) -> str:
    """A playlist as extended M3U, paths relative to ``folder`` if any; ``note`` is a comment."""
    title = [f"{_TITLE}{playlist.title}"] if playlist.title else []
    comment = [f"# {note}"] if note else []
    entries = [line for entry in playlist.entries for line in _lines(entry, folder)]
    return "\n".join([HEAD, *title, *comment, *entries, ""])


def artist_and_title(name: str) -> tuple[str, str]:
    """The two parts of ``artist - title``; no artist if there is no dash."""
    artist, dash, title = name.partition(_DASH)
    return (artist, title) if dash else ("", name)


def seconds_in(text: str) -> int:
    """A length in seconds, 0 for what is none."""
    digits = text.strip().partition(".")[0]
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 12 else 0


def _entry(location: str, about: dict[str, str]) -> Entry:
    match = _ABOUT.match(about.get("#EXTINF", ""))
    name = match[2].strip() if match else ""
    artist, title = _named(name, about.get(_ARTIST[:-1]))
    return Entry(location, title, artist, seconds_in(match[1] if match else ""), _PAGE in about)


def _named(name: str, said: str | None) -> tuple[str, str]:
    """Artist and title, by the artist that is ``said`` beside the name if it begins with that."""
    if said is not None:
        artist = said[len(_ARTIST) :].strip()
        if name == artist or not artist:
            return artist, "" if artist else name
        if name.startswith(artist + _DASH):
            return artist, name[len(artist + _DASH) :]
    return artist_and_title(name)


def _lines(entry: Entry, folder: Path | None) -> Iterator[str]:
    name = _DASH.join(filter(None, (entry.artist, entry.title)))
    yield f"#EXTINF:{entry.seconds or -1},{name}"
    if artist_and_title(name) != (entry.artist, entry.title):
        yield f"{_ARTIST}{entry.artist}"
    if entry.is_page:
        yield f"{_PAGE}: not a file to play"
    yield _place(entry.location, folder)


def _place(location: str, folder: Path | None) -> str:
    """A location as text, or as an address if VLC would take the text for one that is another."""
    text = text_of(location, folder)
    is_whole = text == location and not is_address(location)
    return address_of(location, None) if is_whole and set(text) & set("#?%") else text
