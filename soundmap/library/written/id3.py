"""ID3: tags of version 2 at the beginning or end of a file or in a chunk, and of version 1.

Taggers disagree about sizes, the letters of frames and what is unsynchronised.  So a tag is read
in the way that finds the most frames whose names are known.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from soundmap.library.written.said import (
    MOST_BYTES,
    MOST_FIELDS,
    Said,
    key_of,
    text_of,
    text_of_pairs,
)

HEAD_BYTES = 10
V1_BYTES = 128
_MOST_TAG = 64 << 20
_HEAD = re.compile(rb"(ID3|3DI)[\x02-\x04][^\xff][\0-\xff][\0-\x7f]{4}", re.DOTALL)
_NAME = re.compile(rb"[A-Z][A-Z0-9]{2}[A-Z0-9 \0]")
_SHORT_NAME = re.compile(rb"[A-Z][A-Z0-9]{2}")
_FRAMES = {
    **{"TIT2": "title", "TPE1": "artist", "TPE2": "albumartist", "TALB": "album"},
    **{"TCON": "genre", "TCOP": "rights", "COMM": "comment", "TXXX": ""},
    **{"WCOP": "license", "WOAF": "page", "WXXX": "page", "WOAS": "page", "WOAR": "page"},
}
_SHORT = {
    **{"TT2": "TIT2", "TP1": "TPE1", "TP2": "TPE2", "TAL": "TALB", "TCO": "TCON"},
    **{"TCR": "TCOP", "COM": "COMM", "TXX": "TXXX", "WCP": "WCOP", "WAF": "WOAF", "WXX": "WXXX"},
    **{"WAS": "WOAS", "WAR": "WOAR"},
}
_LAYOUTS = {2: (6, slice(3, 6), 8), 3: (10, slice(4, 8), 8), 4: (10, slice(4, 8), 7)}
"""By version: the length of a frame's head, where its size is, and bits in a byte of it."""


@dataclass(frozen=True, slots=True)
class _Frame:
    name: str
    flags: int
    start: int
    end: int


def size_of(file: BinaryIO, at: int) -> int:
    """Bytes of the tag of version 2 whose head, or foot, is at a place; 0 if none is."""
    head = _read(file, at, HEAD_BYTES)
    if not _HEAD.fullmatch(head):
        return 0
    return HEAD_BYTES * (2 if head[3] == 4 and head[5] & 0x10 else 1) + _number(head[6:], 7)


def tag_at(file: BinaryIO, at: int) -> Iterator[Said]:
    """The fields of the tag of version 2 at a place."""
    head = _read(file, at, HEAD_BYTES)
    version, flags = head[3], head[5]
    body = file.read(min(_number(head[6:], 7), _MOST_TAG))
    if flags & 0x80 and version < 4:
        body = _synchronised(body)
    start = _after_extension(body) if flags & 0x40 and version > 2 else 0
    ways = [list(_frames(body, start, way)) for way in (version, *(_LAYOUTS.keys() - {version}))]
    for frame in max(ways, key=len):
        if data := _content(body, frame, version, flags):
            yield from _fields(frame.name, data)


def v1(data: bytes) -> Iterator[Said]:
    """The fields of a tag of version 1; each ends at its first NUL."""
    if len(data) != V1_BYTES or not data.startswith(b"TAG"):
        return
    places = {"title": (3, 33), "artist": (33, 63), "album": (63, 93), "comment": (97, 127)}
    for key, (start, end) in places.items():
        yield key, (text_of(data[start:end].partition(b"\0")[0]),)
    yield "genre", (str(data[127]),)


def _frames(body: bytes, at: int, version: int) -> Iterator[_Frame]:
    """The frames of known names, laid out as in a version."""
    length, size_at, bits = _LAYOUTS[version]
    for _ in range(MOST_FIELDS):
        head = body[at : at + length]
        if len(head) < length or not (_SHORT_NAME if version == 2 else _NAME).match(head):
            return
        name = head[: size_at.start].decode().rstrip(" \0")
        start, at = at + length, at + length + _number(head[size_at], bits)
        if _SHORT.get(name, name) in _FRAMES:
            flags = head[9] if version > 2 else 0
            yield _Frame(_SHORT.get(name, name), flags, start, min(at, len(body)))


def _content(body: bytes, frame: _Frame, version: int, tag_flags: int) -> bytes:
    """A frame's content, opened; empty for one that is encrypted or broken."""
    data, flags = body[frame.start : min(frame.end, frame.start + MOST_BYTES)], frame.flags
    if version == 4:
        is_grouped, is_packed, is_locked = flags & 0x40, flags & 0x08, flags & 0x04
        if flags & 0x02 or tag_flags & 0x80:
            data = _synchronised(data)
        skipped = bool(is_grouped) + (4 if flags & 0x01 else 0)
    else:
        is_packed, is_locked, is_grouped = flags & 0x80, flags & 0x40, flags & 0x20
        skipped = bool(is_grouped) + (4 if is_packed else 0)
    if is_locked:
        return b""
    return _opened(data[skipped:]) if is_packed else data[skipped:]


def _opened(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, MOST_BYTES)
    except zlib.error:
        return b""


def _fields(name: str, data: bytes) -> Iterator[Said]:
    """What a frame says."""
    if name[0] == "W" and name != "WXXX":
        yield _FRAMES[name], (text_of(data.partition(b"\0")[0]),)
    elif name == "WXXX":
        rest = data[1:].rpartition(b"\0")[2]  # the address itself is never UTF-16
        yield "page", (text_of(rest),)
    elif name == "COMM":
        yield "comment", _texts(data[:1] + data[4:])
    elif name == "TXXX":
        about, *values = _texts(data)
        if key := key_of(about):
            yield key, tuple(values)
    else:
        yield _FRAMES[name], _texts(data)


def _texts(data: bytes) -> tuple[str, ...]:
    """The texts in a field, which begins with the number of its encoding."""
    encoding, data = data[0], data[1:]
    if encoding > 3:  # the number was forgotten
        encoding, data = 0, bytes([encoding]) + data
    if encoding in (1, 2) or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        whole = text_of_pairs(data, "be" if encoding == 2 else "")
    else:
        whole = text_of(data)
    return tuple(text.lstrip("\ufeff\ufffe") for text in whole.rstrip("\0").split("\0"))


def _after_extension(body: bytes) -> int:
    """Where the first frame is behind an extended header, whose size is told in several ways."""
    places = (4 + _number(body[:4], 8), _number(body[:4], 7), 4 + _number(body[:4], 7))
    return next((at for at in places if _SHORT_NAME.match(body, at)), 0)


def _synchronised(data: bytes) -> bytes:
    return data.replace(b"\xff\0", b"\xff")


def _number(data: bytes, bits: int) -> int:
    number = 0
    for byte in data:
        number = number << bits | byte
    return number


def _read(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)
