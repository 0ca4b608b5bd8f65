"""PLS, the playlist of Winamp and SHOUTcast: ``File1=``, ``Title1=``, ``Length1=``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from soundmap.playlists.entries import Entry, Playlist
from soundmap.playlists.m3u import artist_and_title, seconds_in
from soundmap.playlists.places import location_of

HEAD = "[playlist]"
_FIELD = re.compile(r"(file|title|length)(\d{1,9})\s*=\s*(.*)", re.IGNORECASE | re.ASCII)


def read_pls(lines: Sequence[str], folder: Path) -> Playlist:
    """A playlist of PLS, in the order of its numbers."""
    fields: dict[int, dict[str, str]] = {}
    for match in filter(None, map(_FIELD.fullmatch, lines)):
        fields.setdefault(int(match[2]), {})[match[1].casefold()] = match[3]
    known = [field for _, field in sorted(fields.items()) if field.get("file")]
    return Playlist("", tuple(_entry(field, folder) for field in known))


def _entry(field: dict[str, str], folder: Path) -> Entry:
    artist, title = artist_and_title(field.get("title", ""))
    location = location_of(field["file"], folder)
    return Entry(location, title, artist, seconds_in(field.get("length", "")))
