"""Sounds one after the other in one file, as radio makes them: the links of a chained Ogg
(RFC 3533, section 4), and one FLAC behind another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from soundmap.audio.skipping import Found, read_at

MOST_LINKS = 1000
_CHUNK_BYTES = 1 << 20
_BEGINS = 2
_PAGE, _PAGE_BYTES = re.compile(rb"OggS\0(.)", re.DOTALL), 6  # version 0, then flags
_FLAC, _FLAC_BYTES = re.compile(rb"fLaC[\x00\x80]\x00\x00\x22"), 8  # RFC 9639, section 8.1


def parts_of(file: BinaryIO, found: Found) -> list[Found]:
    """The sound, or its links, each of which is a sound of its own.

    A link begins with the pages that begin its streams, behind one that does not; every byte is
    looked at once.
    """
    starts = {"ogg": _links, "flac": _flacs}.get(found.kind)
    if starts is None:
        return [found]
    begins = [found.start, *islice(starts(file, found), MOST_LINKS)]
    ends = [*begins[1:], found.end]
    return [Found(found.kind, *part) for part in zip(begins, ends, strict=True)]


def _links(file: BinaryIO, found: Found) -> Iterator[int]:
    """Where pages that begin a stream come behind one that does not."""
    before = True
    for at, page in _all(_PAGE, _PAGE_BYTES, file, found):
        begins = bool(page[1][0] & _BEGINS)
        if begins and not before:
            yield at
        before = begins


def _flacs(file: BinaryIO, found: Found) -> Iterator[int]:
    """Where a FLAC begins behind the first one."""
    return (at for at, _ in _all(_FLAC, _FLAC_BYTES, file, found) if at > found.start)


def _all(
    wanted: re.Pattern[bytes], n_bytes: int, file: BinaryIO, found: Found
) -> Iterator[tuple[int, re.Match[bytes]]]:
    """(offset, match) of all that is like ``wanted``, which matches ``n_bytes``."""
    at = found.start
    while at < found.end and (data := read_at(file, at, min(_CHUNK_BYTES, found.end - at))):
        for match in wanted.finditer(data):
            yield at + match.start(), match
        at += max(1, len(data) - n_bytes + 1) if at + len(data) < found.end else len(data)
