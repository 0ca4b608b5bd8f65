"""Whether an MP4, WebM or Matroska file is whole: then its index is believed, and sought in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from soundmap.audio.reading import read_at
from soundmap.audio.skipping import Found

_MOST_BOXES = 1000
_SEGMENT = b"\x18\x53\x80\x67"  # RFC 9559, section 5.1
_SLACK_BYTES = 64


def is_whole(file: BinaryIO, found: Found) -> bool:
    """Whether the boxes or elements at the top fill the file, with an index of all that is in it.

    Not so for what was cut off, written to a pipe, or comes in fragments.
    """
    if found.kind == "mp4":
        return _mp4(file, found)
    return found.kind == "webm" and _matroska(file, found)


def _mp4(file: BinaryIO, found: Found) -> bool:
    kinds = [kind for kind, _ in _boxes(file, found)]
    return b"moov" in kinds and b"mdat" in kinds and b"moof" not in kinds and not kinds[-1]


def _boxes(file: BinaryIO, found: Found) -> Iterator[tuple[bytes, int]]:
    """(kind, offset) of each box at the top (ISO 14496-12, section 4.2); a last one without a
    kind, if they fill the file.
    """
    at = found.start
    for _ in range(_MOST_BOXES):
        head = read_at(file, at, 16)
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if len(head) < 8 or size < 8:
            break
        yield head[4:8], at
        at += size
    if at == found.end:
        yield b"", at


def _matroska(file: BinaryIO, found: Found) -> bool:
    head = read_at(file, found.start, 1024)
    at = head.find(_SEGMENT, 4)
    first = head[at + 4] if 0 <= at < len(head) - 12 else 0
    length = 9 - first.bit_length()  # RFC 8794, section 4: leading zeros tell how long a size is
    if not 1 <= length <= 8:
        return False
    size = int.from_bytes(head[at + 4 : at + 4 + length], "big") & (1 << 7 * length) - 1
    unknown = size == (1 << 7 * length) - 1
    return not unknown and abs(found.start + at + 4 + length + size - found.end) < _SLACK_BYTES
