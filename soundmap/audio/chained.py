"""Sounds one after the other in one file, as radio makes them: the links of a chained Ogg
(RFC 3533, section 4), one FLAC behind another, and frames between which tags stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from soundmap.audio.reading import matches_in
from soundmap.audio.skipping import Found
from soundmap.audio.tags import tags_within
from soundmap.errors import BadSound

MOST_LINKS = 1000
_BEGINS = 2
_PAGE, _PAGE_BYTES = re.compile(rb"OggS\0(.)", re.DOTALL), 6  # version 0, then flags
_FLAC, _FLAC_BYTES = re.compile(rb"fLaC[\x00\x80]\x00\x00\x22"), 8  # RFC 9639, section 8.1


def parts_of(file: BinaryIO, found: Found) -> list[Found]:
    """The sound, or its links, each of which is a sound of its own; every byte is looked at once.
    Raises BadSound ``headless`` for an Ogg whose pages begin nothing, ``damaged`` without pages.
    """
    if found.kind in ("mp3", "aac"):
        return [replace(found, holes=tuple(tags_within(file, found.start, found.end)))]
    starts = _STARTS.get(found.kind)
    if starts is None:
        return [found]
    begins = list(islice(starts(file, found), MOST_LINKS))
    if not begins:
        pages = islice(matches_in(file, found.start, found.end, _PAGE, _PAGE_BYTES), 2)
        raise BadSound("headless" if len(list(pages)) == 2 else "damaged")
    ends = [*begins[1:], found.end]
    return [Found(found.kind, *part) for part in zip(begins, ends, strict=True)]


def _links(file: BinaryIO, found: Found) -> Iterator[int]:
    """Where pages that begin a stream come behind one that does not."""
    before = False
    for at, page in matches_in(file, found.start, found.end, _PAGE, _PAGE_BYTES):
        begins = bool(page[1][0] & _BEGINS)
        if begins and not before:
            yield at
        before = begins


def _flacs(file: BinaryIO, found: Found) -> Iterator[int]:
    """The beginning, and where a FLAC begins behind it."""
    yield found.start
    matches = matches_in(file, found.start, found.end, _FLAC, _FLAC_BYTES)
    yield from (at for at, _ in matches if at > found.start)


_STARTS: dict[str, Callable[[BinaryIO, Found], Iterator[int]]] = {"ogg": _links, "flac": _flacs}
