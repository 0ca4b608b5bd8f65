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
_MOST_BLOCKS = 200_000  # of WavPack: a day
_BEGINS = 2
_PAGE, _PAGE_BYTES = re.compile(rb"OggS\0(.)", re.DOTALL), 6  # version 0, then flags
_WVPK, _WVPK_BYTES = re.compile(rb"wvpk(..[\x00-\x0f]\0)[\x02-\x10]\x04", re.DOTALL), 10
_FLAC, _FLAC_BYTES = re.compile(rb"fLaC[\x00\x80]\x00\x00\x22"), 8  # RFC 9639, section 8.1


def parts_of(file: BinaryIO, found: Found) -> list[Found]:
    """The sound, or its links, each of which is a sound of its own; every byte is looked at once.
    Raises BadSound ``headless`` for an Ogg whose pages begin nothing, ``damaged`` without pages.
    """
    if holes := _HOLES.get(found.kind):
        return [replace(found, holes=tuple(holes(file, found.start, found.end)))]
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


def _between_blocks(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where blocks of WavPack (file format of versions 4 and 5, section 2.0) are that no other
    follows, and what stands between blocks: at either FFmpeg would end the sound.
    """
    heads = islice(matches_in(file, start, end, _WVPK, _WVPK_BYTES), _MOST_BLOCKS)
    sizes = ((at, int.from_bytes(head[1], "little")) for at, head in heads)
    blocks = {at: at + 8 + size for at, size in sizes}  # the size counts what follows it
    last = start
    for at, after in blocks.items():
        if at >= last and (after in blocks or after >= end):
            if at > last:
                yield last, at
            last = after
    if last < end:
        yield last, end


_HOLES: dict[str, Callable[[BinaryIO, int, int], Iterator[tuple[int, int]]]] = {
    "mp3": tags_within,
    "aac": tags_within,
    "wv": _between_blocks,
}
_STARTS: dict[str, Callable[[BinaryIO, Found], Iterator[int]]] = {"ogg": _links, "flac": _flacs}
