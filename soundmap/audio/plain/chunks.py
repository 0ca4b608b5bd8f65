"""Whether a WAV or AIFF is plain: it has chunks whose sizes fill the file."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import BinaryIO

from soundmap.audio.reading import read_at
from soundmap.audio.skipping import Found

_MOST_CHUNKS = 1000
_SLACK_BYTES = 1024
_NAME = re.compile(rb"[a-zA-Z][a-zA-Z0-9 ]{3}")
_JUNK_LOOKS, _JUNK_BYTES = 4, 2048
_MPEG = {b"\x50\0", b"\x55\0"}  # whose length libsndfile guesses


def wav_seconds(file: BinaryIO, found: Found) -> float | None:
    """0 for a plain WAV (Microsoft, RIFF 1991; EBU Tech 3306 for RF64), else None."""
    start = read_at(file, 0, 4)
    if found.start or start == b"BW64":
        return None
    order = ">" if start == b"RIFX" else "<"
    plain = _plain(file, found, order, b"fmt ", b"data")
    return None if _head(file, found, order, b"fmt ")[:2] in _MPEG else plain


def aiff_seconds(file: BinaryIO, found: Found) -> float | None:
    """0 for a plain AIFF (Apple, AIFF 1.3), else None."""
    plain = _plain(file, found, ">", b"COMM", b"SSND")
    return plain if any(_head(file, found, ">", b"COMM")[2:]) and not found.start else None


def _head(file: BinaryIO, found: Found, order: str, wanted: bytes) -> bytes:
    """The first 6 bytes of a chunk, fewer if there is none."""
    places = (at for name, at, _ in _chunks(file, found, order) if name == wanted)
    return read_at(file, next(places, found.end), 6)


def tells_its_size(file: BinaryIO, found: Found) -> bool:
    """Whether the size of a WAV's sound is believed: its chunks fill the file, or what stands
    behind them is fill bytes or text.
    """
    chunks = list(_chunks(file, found, _order(file, found)))
    if any(not name for name, _, _ in chunks):
        return True
    ends = [at + size for name, at, size in chunks if name == b"data" and size]
    return bool(ends) and ends[0] < found.end and _is_junk(file, ends[0], found.end)


def _is_junk(file: BinaryIO, start: int, end: int) -> bool:
    """Whether some looks find only fill bytes or text."""
    places = (start + (end - start) * number // _JUNK_LOOKS for number in range(_JUNK_LOOKS))
    looks = (read_at(file, at, min(_JUNK_BYTES, end - at)) for at in places)
    return all(len(set(look)) < 2 or (look.isascii() and b"\0" not in look) for look in looks)


def format_and_sound(file: BinaryIO, found: Found) -> tuple[tuple[int, int], int] | None:
    """Where the whole chunk of a WAV's format begins and ends, and where its samples begin; None
    where there is no such chunk before them.
    """
    about = None
    for name, at, size in _chunks(file, found, _order(file, found)):
        if name == b"fmt ":
            about = at - 8, at + size
        if name == b"data":
            return about and (about, at)
    return None


def _order(file: BinaryIO, found: Found) -> str:
    return ">" if read_at(file, found.start, 4) == b"RIFX" else "<"


def _plain(file: BinaryIO, found: Found, order: str, about: bytes, sound: bytes) -> float | None:
    chunks = {name: (at, size) for name, at, size in _chunks(file, found, order)}
    if not {about, sound, b""} <= chunks.keys():
        return None
    return 0.0 if chunks[sound][1] > 8 else None


def _chunks(file: BinaryIO, found: Found, order: str) -> Iterator[tuple[bytes, int, int]]:
    """(name, offset, size) of each chunk; a last one without a name, if they fill the file, and
    each of odd size is followed by a byte that fills it up, as is the rule.
    """
    at, end, large, by_rule = found.start + 12, found.end, 0, True
    for _ in range(_MOST_CHUNKS):
        head = read_at(file, at, 24)
        if len(head) < 8 or (end - at < _SLACK_BYTES and not head[:4].isalnum()):
            break
        name, size = head[:4], struct.unpack(f"{order}I", head[4:8])[0]
        if name == b"ds64" and len(head) == 24:
            large = struct.unpack("<Q", head[16:24])[0]
        if name == b"data" and size == 0xFFFFFFFF and large:
            size = large
        yield name, at + 8, size
        at += 8 + size
        if size % 2 and _NAME.match(read_at(file, at, 4)):
            by_rule = False
        else:
            at += size % 2
    if at <= end + 1 and by_rule:
        yield b"", at, 0
