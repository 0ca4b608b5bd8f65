"""Whether a FLAC is plain: it says its length, and its last frame ends there (RFC 9639)."""

from __future__ import annotations

from typing import BinaryIO

from soundmap.audio.flac_frames import MOST_HEADER_BYTES, flac_frame
from soundmap.audio.reading import read_at
from soundmap.audio.skipping import Found

_TAIL_BYTES = 128 * 1024
_MOST_CANDIDATES = 256


def seconds(file: BinaryIO, found: Found) -> float | None:
    """0 for a plain FLAC, whose STREAMINFO (section 8.2) tells its length, else None."""
    info = read_at(file, 8, 18)
    if found.start or len(info) < 18:
        return None
    block, packed = int.from_bytes(info[2:4], "big"), int.from_bytes(info[10:18], "big")
    total = packed & (1 << 36) - 1
    at = max(0, found.end - _TAIL_BYTES)
    tail = read_at(file, at, found.end - at)
    return 0.0 if total and _ends_at(tail, block, total) else None


def _ends_at(tail: bytes, block: int, total: int) -> bool:
    """Whether a frame in ``tail`` ends with the last of ``total`` samples."""
    at = len(tail)
    for _ in range(_MOST_CANDIDATES):
        at = max(tail.rfind(b"\xff\xf8", 0, at), tail.rfind(b"\xff\xf9", 0, at))
        if at < 0:
            return False
        if frame := flac_frame(tail[at : at + MOST_HEADER_BYTES]):
            first = frame.number if frame.by_sample else frame.number * block
            if first + frame.n_samples == total:
                return True
    return False
