"""What the tags of a sound file say, fit to be shown: title, artist, genres, license, page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from soundmap.catalog.licenses import license_in, short_license
from soundmap.catalog.text import tidy
from soundmap.library.written.codepages import mended
from soundmap.library.written.genres import genres_in
from soundmap.library.written.reading import said_in
from soundmap.library.written.said import Said
from soundmap.types import Origin

READER = 2
"""Raised when files give other tags than before, so that those that are known are read again."""
_NAMES = ("title", "artist", "albumartist", "album", "genre")
_MOST_NAMES = 64
_MOST_LETTERS = 1000
_ADDRESS = re.compile(r"https?://[^\s\"<>]+", re.IGNORECASE)
_ONLY_A_NUMBER = re.compile(r"(?:track|트랙|#)?\s*0*(\d{1,3})(?:\s*/\s*\d+)?", re.IGNORECASE)
_NUMBER_IN_FRONT = re.compile(r"\s*0*(\d{1,3})(?!\d)(?=.*[^\W\d])")


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
    """The tags of a file, ``NO_TAGS`` if it has none or cannot be read; never raises.

    It keeps at most 64 MiB of a file in memory at once.  A text that is in the code page of some
    system is read in that one; where it remains rubbish, the text is empty.
    """
    tags = said_in(path)
    names = _names(tags, path.stem)
    return Tags(
        title=next(_of(names, "title"), ""),
        artist=_people(names, "artist") or _people(names, "albumartist"),
        album=next(_of(names, "album"), ""),
        genres=tuple(dict.fromkeys(filter(None, map(tidy, genres_in(_of(names, "genre")))))),
        license=_license([said for tag in tags for said in tag]),
        page=_page([said for tag in tags for said in tag]),
    )


def named_by(path: PurePath) -> Tags:
    """Artist and title from a name such as ``01 - Artist - Title.mp3``, or just a title.

    In a name without spaces, underscores stand for them.
    """
    name = path.stem if " " in path.stem else path.stem.replace("_", " ")
    parts = [part for part in map(tidy, name.split(" - ")) if part]
    if len(parts) > 1 and parts[0].isdecimal():
        del parts[0]
    if len(parts) > 1:
        return Tags(title=" - ".join(parts[1:]), artist=parts[0])
    return Tags(title="".join(parts) or tidy(path.name))


def completed(tags: Tags, path: PurePath) -> Tags:
    """Tags with a title: the file's name gives one if they have none, or only the number with
    which that name begins.  An artist who stands in both, before a dash, is the artist.
    """
    number, named = _ONLY_A_NUMBER.fullmatch(tags.title), _NUMBER_IN_FRONT.match(path.stem)
    is_told = bool(number and named and int(number[1]) == int(named[1]))
    by_name = named_by(path)
    if tags.title and not is_told:
        return tags if tags.artist else _parted(tags, by_name.artist)
    return replace(tags, title=by_name.title, artist=tags.artist or by_name.artist)


def _parted(tags: Tags, artist: str) -> Tags:
    """Tags whose title begins with the ``artist``, with each in its place."""
    before, dash, title = tags.title.partition(" - ")
    is_artist = dash and title and before.casefold() == artist.casefold()
    return replace(tags, title=title, artist=before) if is_artist else tags


def name_in(tags: Tags) -> str:
    """``artist - title``, or the title alone; empty if there is none."""
    return " - ".join(filter(None, (tags.artist, tags.title))) if tags.title else ""


def titled(origin: Origin, tags: Tags) -> Origin:
    """An origin with the title and artist of the file that came from there.

    A page that names its uploader has a title of its own, and keeps it.
    """
    if origin.uploader or not tags.title:
        return origin
    return replace(origin, title=tags.title, uploader=tags.artist)


def _names(tags: Sequence[Sequence[Said]], hint: str) -> list[dict[str, list[str]]]:
    """The names in each tag by key, all of them read in one code page."""
    said = [
        (number, key, value[:_MOST_LETTERS])
        for number, tag in enumerate(tags)
        for key, values in tag
        if key in _NAMES
        for value in values
    ][:_MOST_NAMES]
    found: list[dict[str, list[str]]] = [{} for _ in tags]
    meant = mended([value for *_, value in said], hint)
    for (number, key, _), value in zip(said, meant, strict=True):
        found[number].setdefault(key, []).append(value)
    return found


def _of(names: Sequence[dict[str, list[str]]], key: str) -> Iterator[str]:
    """The values in the first tag that has any under a key."""
    listed = ([value for value in tag.get(key, ()) if tidy(value)] for tag in names)
    first = next(filter(None, listed), [])
    return iter(first if key == "genre" else map(tidy, first))


def _people(names: Sequence[dict[str, list[str]]], key: str) -> str:
    """All artists; a name that stands in one before it is not repeated."""
    people: list[str] = []
    for name in _of(names, key):
        if not any(name in one for one in people):
            people.append(name)
    return tidy(", ".join(people))


def _license(said: Sequence[Said]) -> str:
    """The license that a tag states, or else the one that another text mentions."""
    stated = (value for key, values in said if key == "license" for value in values)
    for text in map(tidy, stated):
        if text:
            return license_in(text) or short_license(text)
    others = (license_in(value) for key, values in said if key not in _NAMES for value in values)
    return next(filter(None, others), "")


def _page(said: Sequence[Said]) -> str:
    pages = (tidy(value) for key, values in said if key == "page" for value in values)
    return next((page for page in pages if _ADDRESS.fullmatch(page)), "")
