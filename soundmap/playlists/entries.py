"""What stands in a playlist.  An entry tidies what it is given, so that each can be written."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import quote

from soundmap.catalog.text import tidy

MOST_SECONDS = 10**7  # four months: what claims to last longer is of unknown length
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)  # one letter would be a drive
_OF_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Entry:
    """A track of a playlist: ``location`` is an absolute path or an address.

    ``title`` and ``artist`` are untrusted text on one line, empty if unknown.  ``seconds`` is its
    length, whole, 0 if unknown.  ``is_page`` tells that the address is a page to visit, not a file
    to play.
    """

    location: str
    title: str = ""
    artist: str = ""
    seconds: int = 0
    is_page: bool = False

    def __post_init__(self) -> None:
        lasts = self.seconds if 0 <= self.seconds <= MOST_SECONDS else 0
        object.__setattr__(self, "location", _writable(self.location))
        object.__setattr__(self, "title", tidy(self.title))
        object.__setattr__(self, "artist", tidy(self.artist))
        object.__setattr__(self, "seconds", round(lasts))


@dataclass(frozen=True, slots=True)
class Playlist:
    """Entries in the order in which they play; ``title`` is on one line, empty if it has none."""

    title: str
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", tidy(self.title))


def is_address(location: str) -> bool:
    """Whether a location is an address and no path."""
    return bool(_ADDRESS.match(location))


def _writable(location: str) -> str:
    """A location that every format can hold: an address without spaces, a path of whole letters."""
    if is_address(location):
        return quote(location, safe=_OF_ADDRESSES, errors="replace")
    try:
        return os.fsdecode(os.fsencode(location))
    except UnicodeEncodeError:  # half of a pair of UTF-16, which no file system decodes to
        return location.encode(errors="replace").decode()
