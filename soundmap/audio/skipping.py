"""Finds where the sound begins in a file, behind all that a player skips, and where it ends.

Skipped are tags (ID3v2, APEv2), the head of an HTTP answer, marks of byte order, fill bytes, and
junk, as where a recording of a stream begins in the middle of a frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from soundmap.audio.containers import by_signature, refuse_playlist, signatures_in
from soundmap.audio.mpeg import chain_at, find_chain, frame_at, is_free_format
from soundmap.errors import BadSound

HEAD_BYTES = 64 * 1024
MOST_JUNK_BYTES = 8 << 20
MOST_TAGS = 64
_SHORT_BYTES, _CHUNK_BYTES = 4096, 1 << 20
_ID3_BYTES, _APE_BYTES, _ID3V1_BYTES = 10, 32, 128
_HTTP_HEAD = re.compile(rb"(?:HTTP/\d|ICY \d).*?\r?\n\r?\n", re.DOTALL)
_MOST_OFFSET = 1 << 40  # a terabyte
_FILL = b"\0\xff \t\r\n\xef\xbb\xbf\xfe"
_TRAILED = {"mp3", "aac", "flac", "ogg", "wv", "tta", "ape", "dts"}


@dataclass(frozen=True, slots=True)
class Found:
    """The container of a sound, and its first byte and the one after its last in the file."""

    kind: str
    start: int
    end: int


def find_sound(file: BinaryIO) -> Found:
    """Where the sound lies in an open file.

    At most ``MOST_TAGS`` tags are skipped, all fill bytes, and ``MOST_JUNK_BYTES`` of junk, so
    the work is bounded by the size of the file, at memory's speed.  Raises BadSound
    ``empty_file``, ``playlist`` or ``not_audio``.
    """
    size = file.seek(0, 2)
    if not size:
        raise BadSound("empty_file")
    at, beginning = 0, read_at(file, 0)
    for _ in range(MOST_TAGS):
        if kind := _kind_at(file, at):
            return Found(kind, at, _end(file, size) if kind in _TRAILED else size)
        refuse_playlist(read_at(file, at, _SHORT_BYTES))
        after = _after_tag(file, at, size) or _after_fill(file, at)
        if after == at or after >= size:
            break
        at = after
    refuse_playlist(beginning)
    return _in_junk(file, at if at < size else 0, size)


def container_of(head: bytes) -> str:
    """The container of a file that begins with ``head``, as ``find_sound`` tells it.

    An ID3 tag larger than the head, as with cover art, is taken for that of an mp3.
    """
    if head[:3] == b"ID3" and len(head) >= _ID3_BYTES and min(_id3_ends(head)) >= len(head):
        return "mp3"
    return find_sound(BytesIO(head)).kind


def frame_start(data: bytes) -> int:
    """Offset of the first whole mp3 frame in a piece of a file; 0 if none is found."""
    return find_chain(data) or 0


def _kind_at(file: BinaryIO, at: int) -> str | None:
    head = read_at(file, at, _SHORT_BYTES)
    if kind := by_signature(head):
        return kind
    frames = chain_at(head, 0, 2)
    return frames[0].kind if len(frames) > 1 or is_free_format(head) else None


def _is_fill(head: bytes) -> bool:
    return head[:4] == b"\xff\xff\xff\xff"


def _in_junk(file: BinaryIO, start: int, size: int) -> Found:
    """The first container or row of frames in junk, else a single header that stands first."""
    data = read_at(file, start, MOST_JUNK_BYTES)
    limit = next(signatures_in(data), len(data))
    frames = find_chain(data, limit)
    at = limit if frames is None else frames
    if at < len(data):
        kind = _kind_at(file, start + at) or "mp3"
        return Found(kind, start + at, _end(file, size) if kind in _TRAILED else size)
    if (frame := frame_at(data)) and not _is_fill(data):
        return Found(frame.kind, start, _end(file, size))
    raise BadSound("not_audio")


# ------------------------------------------------------------------ what comes first


def _after_tag(file: BinaryIO, at: int, size: int) -> int | None:
    """Where the tag or head at an offset ends; None where there is none."""
    head = read_at(file, at)
    if head[:3] == b"ID3" and len(head) >= _ID3_BYTES:
        ends = [at + end for end in _id3_ends(head)]
        sure = (end for end in ends if end < size and _begins_well(file, end))
        return next(sure, ends[0] if ends[0] < size else at + _ID3_BYTES)
    if head[:8] == b"APETAGEX":  # wiki.hydrogenaud.io, APEv2: the size does not count this header
        return at + _APE_BYTES + int.from_bytes(head[12:16], "little")
    found = _HTTP_HEAD.match(head)
    return at + found.end() if found else None


def _id3_ends(head: bytes) -> Iterator[int]:
    """Where an ID3v2 tag may end (id3.org, v2.4.0, section 3.1): its size is in 4 x 7 bits, and a
    footer is not counted; some writers know neither, and write a plain number.
    """
    size, footer = head[6:10], _ID3_BYTES if head[5] & 0x10 else 0
    if max(size) < 0x80:
        synchsafe = sum(byte << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))
        yield _ID3_BYTES + synchsafe + footer
        if footer:
            yield _ID3_BYTES + synchsafe
    yield _ID3_BYTES + int.from_bytes(size, "big")


def _begins_well(file: BinaryIO, at: int) -> bool:
    """Whether a sound or another tag stands at an offset, or behind fill bytes there."""
    at = _after_fill(file, at)
    head = read_at(file, at, _ID3_BYTES)
    return head.startswith((b"ID3", b"APETAGEX", b"HTTP/")) or _kind_at(file, at) is not None


def _after_fill(file: BinaryIO, at: int) -> int:
    """The offset behind fill bytes; a few are given back, if a container begins with such."""
    start = at
    size = _SHORT_BYTES
    while data := read_at(file, at, size):
        left = len(data.lstrip(_FILL))
        at, size = at + len(data) - left, _CHUNK_BYTES
        if left:
            break
    for back in (4, 3, 2, 1):
        if at - back >= start and _kind_at(file, at - back):
            return at - back
    return at


# ------------------------------------------------------------------ what comes last


def _end(file: BinaryIO, size: int) -> int:
    """Where the sound ends before tags: ID3v1 (128 bytes), APEv2 and Lyrics3 v2."""
    end = size
    for _ in range(MOST_TAGS):
        tail = read_at(file, max(0, end - _ID3V1_BYTES), min(end, _ID3V1_BYTES))
        length = _tag_before(tail)
        if not length or length > end:
            break
        end -= length
    return end


def _tag_before(tail: bytes) -> int:
    """Length of the tag that ends with ``tail``, the last bytes of a file; 0 if there is none."""
    if tail[:3] == b"TAG" and len(tail) == _ID3V1_BYTES:
        return _ID3V1_BYTES
    if tail[-9:] == b"LYRICS200" and tail[-15:-9].isdigit():  # id3.org, Lyrics3 v2.00
        return int(tail[-15:-9]) + 15
    footer = tail[-_APE_BYTES:]
    if footer[:8] == b"APETAGEX":  # the size counts the footer; bit 31: there is a header too
        has_header = footer[23] & 0x80
        return int.from_bytes(footer[12:16], "little") + (_APE_BYTES if has_header else 0)
    return 0


def read_at(file: BinaryIO, at: int, size: int = HEAD_BYTES) -> bytes:
    """At most ``size`` bytes of a file from an offset on."""
    if at > _MOST_OFFSET:  # what a header says may be more than a file can be long
        return b""
    file.seek(max(0, at))
    return file.read(max(0, min(size, _MOST_OFFSET)))
