"""Reads parts of an open file, wherever a header points to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

HEAD_BYTES = 64 * 1024
_MOST_OFFSET = 1 << 40  # a terabyte
_CHUNK_BYTES = 1 << 20


def read_at(file: BinaryIO, at: int, size: int = HEAD_BYTES) -> bytes:
    """At most ``size`` bytes of a file from an offset on."""
    if at > _MOST_OFFSET:  # what a header says may be more than a file can be long
        return b""
    file.seek(max(0, at))
    return file.read(max(0, min(size, _MOST_OFFSET)))


def matches_in(
    file: BinaryIO, start: int, end: int, wanted: re.Pattern[bytes], n_bytes: int
) -> Iterator[tuple[int, re.Match[bytes]]]:
    """(offset in the file, match) of all that is like ``wanted``, which matches ``n_bytes``.

    Every byte from ``start`` to ``end`` is read once, at memory's speed.
    """
    at = start
    while at < end and (data := read_at(file, at, min(_CHUNK_BYTES, end - at))):
        for match in wanted.finditer(data):
            yield at + match.start(), match
        at += max(1, len(data) - n_bytes + 1) if at + len(data) < end else len(data)
