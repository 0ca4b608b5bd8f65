"""APEv2 tags, which stand at the end of a file, in front of an ID3 tag of version 1."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from soundmap.library.written.said import MOST_BYTES, MOST_FIELDS, Said, named, text_of

END_BYTES = 32
_MARK = b"APETAGEX"
_MOST_TAG = 16 << 20
_NO_TEXT = 0x06
_IS_HEADER = 0x20000000


def size_of(file: BinaryIO, end: int) -> int:
    """Bytes from the first item to the end of the tag that ends at a place; 0 if none does."""
    if end < END_BYTES:
        return 0
    file.seek(end - END_BYTES)
    foot = file.read(END_BYTES)
    size = struct.unpack_from("<I", foot, 12)[0] if foot.startswith(_MARK) else 0
    return size if END_BYTES <= size <= min(end, _MOST_TAG) else 0


def tag_before(file: BinaryIO, end: int, size: int) -> Iterator[Said]:
    """The fields of the tag that ends at a place."""
    file.seek(end - size)
    yield from named(_items(file.read(size - END_BYTES)))


def _items(body: bytes) -> Iterator[tuple[str, list[str]]]:
    at = 0
    for _ in range(MOST_FIELDS):
        start = body.find(b"\0", at + 8) + 1
        if not start:
            return
        size, flags = struct.unpack_from("<II", body, at)
        if not flags & _NO_TEXT:
            data = body[start : start + min(size, MOST_BYTES)]
            yield body[at + 8 : start - 1].decode("latin-1"), text_of(data).split("\0")
        at = start + size
