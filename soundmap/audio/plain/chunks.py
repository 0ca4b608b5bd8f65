"""Whether a WAV or AIFF is plain: chunks whose sizes fill the file, and real samples."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from soundmap.audio.skipping import Found, read_at

_MOST_CHUNKS = 1000
_LOOK_BYTES = 16 * 1024
_SLACK_BYTES = 1024
_JUNK_LOOKS, _JUNK_BYTES = 4, 2048
_CODED = (  # frames of DTS (ETSI TS 102 114) and of IEC 61937 in what says it is 16-bit samples
    b"\xfe\x7f\x01\x80", b"\x7f\xfe\x80\x01", b"\xff\x1f\x00\xe8", b"\x1f\xff\xe8\x00",
    b"\x72\xf8\x1f\x4e", b"\xf8\x72\x4e\x1f",
)  # fmt: skip


def wav_seconds(file: BinaryIO, found: Found) -> float | None:
    """0 for a plain WAV (Microsoft, RIFF 1991; EBU Tech 3306 for RF64), else None."""
    start = read_at(file, 0, 4)
    if found.start or start == b"BW64":
        return None
    return _plain(file, found, ">" if start == b"RIFX" else "<", b"fmt ", b"data")


def aiff_seconds(file: BinaryIO, found: Found) -> float | None:
    """0 for a plain AIFF (Apple, AIFF 1.3), else None."""
    plain = _plain(file, found, ">", b"COMM", b"SSND")
    at = next((at for name, at, _ in _chunks(file, found, ">") if name == b"COMM"), 0)
    return plain if any(read_at(file, at + 2, 4)) and not found.start else None


def tells_its_size(file: BinaryIO, found: Found) -> bool:
    """Whether the size of a WAV's sound is believed: its chunks fill the file, or what stands
    behind them is fill bytes or text.
    """
    order = ">" if read_at(file, found.start, 4) == b"RIFX" else "<"
    chunks = list(_chunks(file, found, order))
    if any(not name for name, _, _ in chunks):
        return True
    ends = [at + size for name, at, size in chunks if name == b"data" and size]
    return bool(ends) and ends[0] < found.end and _is_junk(file, ends[0], found.end)


def _is_junk(file: BinaryIO, start: int, end: int) -> bool:
    """Whether some looks find only fill bytes or text."""
    places = (start + (end - start) * number // _JUNK_LOOKS for number in range(_JUNK_LOOKS))
    looks = (read_at(file, at, min(_JUNK_BYTES, end - at)) for at in places)
    return all(len(set(look)) < 2 or (look.isascii() and b"\0" not in look) for look in looks)


def hides_code(file: BinaryIO, found: Found) -> bool:
    """Whether what a WAV or AIFF calls samples begins with a compressed stream."""
    order = ">" if found.kind == "aiff" or read_at(file, found.start, 4) == b"RIFX" else "<"
    sounds = (at for name, at, _ in _chunks(file, found, order) if name in (b"data", b"SSND"))
    at = next(sounds, None)
    return (
        found.kind in ("wav", "aiff")
        and at is not None
        and is_coded(read_at(file, at, _LOOK_BYTES))
    )


def _plain(file: BinaryIO, found: Found, order: str, about: bytes, sound: bytes) -> float | None:
    chunks = {name: (at, size) for name, at, size in _chunks(file, found, order)}
    if not {about, sound, b""} <= chunks.keys():
        return None
    at, size = chunks[sound]
    return 0.0 if size > 8 and not is_coded(read_at(file, at, _LOOK_BYTES)) else None


def is_coded(data: bytes) -> bool:
    """Whether what should be samples begins with a compressed stream, as on DTS music discs."""
    return any(mark in data for mark in _CODED)


def _chunks(file: BinaryIO, found: Found, order: str) -> Iterator[tuple[bytes, int, int]]:
    """(name, offset, size) of each chunk; a last one without a name, if they fill the file."""
    at, end, large = found.start + 12, found.end, 0
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
        at += 8 + size + size % 2
    if at <= end + 1:
        yield b"", at, 0
