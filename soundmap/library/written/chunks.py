"""Chunks of WAV and AIFF that hold tags: ``INFO``, ``NAME`` and the like, or a whole ID3 tag."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from soundmap.library.written import id3
from soundmap.library.written.said import MOST_BYTES, MOST_FIELDS, Said, text_of

_TEXTS = {
    **{b"INAM": "title", b"IART": "artist", b"IPRD": "album", b"IGNR": "genre"},
    **{b"ICOP": "rights", b"ICMT": "comment", b"IBSU": "page", b"IURL": "page"},
    **{b"NAME": "title", b"AUTH": "artist", b"(c) ": "rights", b"ANNO": "comment"},
}
_ID3 = (b"id3 ", b"ID3 ", b"id3\0", b"ID3\0")


def tags_of(file: BinaryIO, at: int, size: int, order: str) -> Iterator[Said]:
    """The fields in the file that begins at a place, its numbers in an ``order`` of bytes.

    A whole ID3 tag comes before texts, which cannot tell their encoding.
    """
    texts = []
    for name, start, length in _chunks(file, at + 12, size, order):
        if name in _ID3 and id3.size_of(file, start):
            yield from id3.tag_at(file, start)
        elif name in _TEXTS:
            file.seek(start)
            data = file.read(min(length, MOST_BYTES)).partition(b"\0")[0]
            texts.append((_TEXTS[name], (text_of(data),)))
    yield from texts


def _chunks(
    file: BinaryIO, at: int, end: int, order: str, depth: int = 0
) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and length of each chunk; those within a list come in its stead."""
    for _ in range(MOST_FIELDS):
        file.seek(at)
        head = file.read(12)
        if len(head) < 8 or at + 8 > end:
            return
        length = int.from_bytes(head[4:8], "little" if order == "<" else "big")
        if head[:4] == b"LIST" and head[8:] == b"INFO" and not depth:
            yield from _chunks(file, at + 12, min(end, at + 8 + length), order, 1)
        else:
            yield head[:4], at + 8, min(length, max(0, end - at - 8))
        file.seek(at + 8 + length)
        is_padded = length % 2 and file.read(1) in (b"\0", b"")  # some writers forget to
        at += 8 + length + bool(is_padded)
