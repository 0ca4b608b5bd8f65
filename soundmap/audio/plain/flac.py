"""Whether a FLAC is plain: it says its length, and its last frame ends there (RFC 9639)."""

from __future__ import annotations

from typing import BinaryIO

from soundmap.audio.skipping import Found, read_at

_TAIL_BYTES = 128 * 1024
_MOST_CANDIDATES = 256
_HEADER_BYTES = 16


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
        if _frame_end(tail[at : at + _HEADER_BYTES], block) == total:
            return True
    return False


def _frame_end(head: bytes, block: int) -> int | None:
    """The number of samples up to the end of a frame (section 9.1); None if it is not a header."""
    length = 1 if head[4:5] < b"\x80" else 8 - (head[4] ^ 0xFF).bit_length() if len(head) > 4 else 0
    if len(head) < _HEADER_BYTES or not 1 <= length <= 7:
        return None
    number = head[4] if length == 1 else head[4] & (1 << 7 - length) - 1
    for byte in head[5 : 4 + length]:
        number = number << 6 | byte & 0x3F
    size_code, at = head[2] >> 4, 4 + length
    extra = {6: 1, 7: 2}.get(size_code, 0)
    size = _block_size(size_code, int.from_bytes(head[at : at + extra], "big"))
    at += extra + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    if not size or _crc8(head[:at]) != head[at]:
        return None
    return (number if head[1] & 1 else number * block) + size


def _block_size(code: int, extra: int) -> int:
    """Samples in a block (section 9.1.1)."""
    if code in (6, 7):
        return extra + 1
    return 192 if code == 1 else 144 << code if 2 <= code <= 5 else 1 << code if code >= 8 else 0


def _crc8(data: bytes) -> int:
    """Polynomial x^8 + x^2 + x + 1 (section 9.1.8)."""
    total = 0
    for byte in data:
        total ^= byte
        for _ in range(8):
            total = total << 1 & 0xFF ^ (0x07 if total & 0x80 else 0)
    return total
