"""Whether an Ogg is plain: one stream from its first page to its last (RFC 3533, section 6)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from soundmap.audio.reading import read_at
from soundmap.audio.skipping import Found

_LOOKS = 8
_LOOK_BYTES = 16 * 1024
_PAGE_BYTES = 27
_FLAC = b"\x7fFLAC"  # whose length libsndfile gets wrong where a page is missing
_OPUS = b"OpusHead"  # in which it seeks for a second around each hole
_MOST_HEAD_BYTES = _PAGE_BYTES + 255
_MOST_PAGE_BYTES = 65_307
_MOST_FIRST = 96_000  # samples on the first page of sound: two seconds


@dataclass(frozen=True, slots=True)
class _Page:
    begins: bool
    granule: int
    serial: int
    number: int


def seconds(file: BinaryIO, found: Found) -> float | None:
    """0 for a plain Ogg, whose last page tells its length, else None."""
    head, tail_at = read_at(file, 0), max(0, found.end - _MOST_PAGE_BYTES)
    first, last = _pages(head), _pages(read_at(file, tail_at, found.end - tail_at))
    if found.start or _FLAC in head[:128] or len(first) < 2 or not last or not first[0].begins:
        return None
    if _OPUS in head[:128] and not _is_whole(file, found.end):
        return None
    span = (found.end - _LOOK_BYTES) // _LOOKS
    looks = (_pages(read_at(file, span * n, _LOOK_BYTES))[:1] for n in range(1, _LOOKS))
    later = [*(page for look in looks for page in look), last[-1]]
    pages = first + later
    sound = [page.granule for page in pages if page.granule > 0]
    one = all(page.serial == first[0].serial and not page.begins for page in pages[1:])
    in_order = all(a.number <= b.number for a, b in pairwise(later))
    if not (one and in_order and sound and sound[0] <= _MOST_FIRST and max(sound) == sound[-1]):
        return None
    return 0.0


def _is_whole(file: BinaryIO, end: int) -> bool:
    """Whether page follows page up to the end; Opus has about one a second."""
    at = 0
    while at < end:
        head = read_at(file, at, _MOST_HEAD_BYTES)
        if head[:4] != b"OggS" or len(head) < _PAGE_BYTES:
            return False
        at += _PAGE_BYTES + head[26] + sum(head[_PAGE_BYTES : _PAGE_BYTES + head[26]])
    return at == end


def _pages(data: bytes) -> list[_Page]:
    """The pages whose headers stand in ``data``, in order."""
    pages, at = [], -1
    while (at := data.find(b"OggS\0", at + 1)) >= 0 and at + _PAGE_BYTES <= len(data):
        flags, granule, serial, number = struct.unpack_from("<BqII", data, at + 5)
        pages.append(_Page(bool(flags & 2), granule, serial, number))
    return pages
