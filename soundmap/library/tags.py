"""Reads the tags of an audio file: title, artist, genres, license, page.  Artwork is skipped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

from soundmap.catalog.licenses import short_license

_MOST_LETTERS = 300
_GENRES = re.compile(r"[;/,|\0]")


@dataclass(frozen=True, slots=True)
class Tags:
    """Tags of a file, untrusted text on one line each; empty where a file has none.

    ``page`` is an address that begins with ``http://`` or ``https://``.
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    genres: tuple[str, ...] = ()
    license: str = ""
    page: str = ""


NO_TAGS = Tags()


def read_tags(path: Path) -> Tags:
    """The tags of a file, ``NO_TAGS`` if they cannot be read."""
    from tinytag import TinyTag

    try:
        tag = TinyTag.get(path, duration=False)
    except Exception:  # parses a dozen formats from untrusted files
        return NO_TAGS
    page = _first(tag.other.get("url"), tag.other.get("www"))
    return Tags(
        title=tidy(tag.title),
        artist=tidy(tag.artist or tag.albumartist),
        album=tidy(tag.album),
        genres=_genres([tag.genre, *(tag.other.get("genre") or ())]),
        license=_license(tag.other.get("license"), tag.other.get("copyright")),
        page=page if page.startswith(("http://", "https://")) else "",
    )


def tidy(text: object) -> str:
    """Text on one line, without control characters, cut at 300 characters."""
    letters = (letter if letter.isprintable() else " " for letter in str(text or ""))
    return " ".join("".join(letters).split())[:_MOST_LETTERS]


def named_by(path: PurePath) -> Tags:
    """Artist and title from a name such as ``01 - Artist - Title.mp3``, or just a title."""
    parts = [part for part in map(tidy, path.stem.split(" - ")) if part]
    if len(parts) > 1 and parts[0].isdecimal():
        del parts[0]
    if len(parts) > 1:
        return Tags(title=" - ".join(parts[1:]), artist=parts[0])
    return Tags(title="".join(parts) or tidy(path.name))


def _first(*found: Iterable[object] | None) -> str:
    return next((text for one in found for text in map(tidy, one or ()) if text), "")


def _license(said: Iterable[object] | None, rights: Iterable[object] | None) -> str:
    """The license, or the copyright notice if it mentions Creative Commons."""
    free = [text for text in rights or () if "creativecommons.org" in str(text).casefold()]
    return short_license(text) if (text := _first(said, free)) else ""


def _genres(found: Iterable[object]) -> tuple[str, ...]:
    """Distinct genres; many programs write several into one field."""
    names = (tidy(name) for text in found if text for name in _GENRES.split(str(text)))
    return tuple(dict.fromkeys(name for name in names if name))
