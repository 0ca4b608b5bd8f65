"""What an audio file says of itself: title, artist, genres, license, page.  Artwork is not read."""

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
    """Words of strangers on one line each, empty where a file does not say; ``page`` is an
    address that begins with http.
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    genres: tuple[str, ...] = ()
    license: str = ""
    page: str = ""


NO_TAGS = Tags()


def read_tags(path: Path) -> Tags:
    """The tags of a file, none where they cannot be read: what is heard does not depend on them."""
    from tinytag import TinyTag

    try:
        tag = TinyTag.get(path, duration=False)
    except Exception:  # a parser of a dozen formats, fed with anything
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
    """Text on one line, without what would move a cursor, of at most 300 letters."""
    letters = (letter if letter.isprintable() else " " for letter in str(text or ""))
    return " ".join("".join(letters).split())[:_MOST_LETTERS]


def named_by(path: PurePath) -> Tags:
    """What the name of a file says: ``01 - Artist - Title.mp3`` or just a title."""
    parts = [part for part in map(tidy, path.stem.split(" - ")) if part]
    if len(parts) > 1 and parts[0].isdecimal():
        del parts[0]
    if len(parts) > 1:
        return Tags(title=" - ".join(parts[1:]), artist=parts[0])
    return Tags(title="".join(parts) or tidy(path.name))


def _first(*found: Iterable[object] | None) -> str:
    return next((text for one in found for text in map(tidy, one or ()) if text), "")


def _license(said: Iterable[object] | None, rights: Iterable[object] | None) -> str:
    """What stands as the license, or in the notice of rights where that names Creative Commons."""
    free = [text for text in rights or () if "creativecommons.org" in str(text).casefold()]
    return short_license(text) if (text := _first(said, free)) else ""


def _genres(found: Iterable[object]) -> tuple[str, ...]:
    """Each genre once; many programs write several into one field."""
    names = (tidy(name) for text in found if text for name in _GENRES.split(str(text)))
    return tuple(dict.fromkeys(name for name in names if name))
