"""Frame headers of FLAC (RFC 9639, section 9.1), which alone tell where a stream goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

MOST_HEADER_BYTES = 16
_MOST_LOOKS = 10_000
_MOST_APART = 1 << 18  # bytes of a frame: 16 bits, 8 channels, 16,384 samples
_SYNC = re.compile(rb"\xff[\xf8\xf9]")


@dataclass(frozen=True, slots=True)
class FlacFrame:
    """What a header says: ``number`` is that of the frame, or of its first sample where
    ``by_sample``; ``coding`` are its bits for rate, channels and depth.
    """

    number: int
    by_sample: bool
    n_samples: int
    coding: bytes

    def is_before(self, other: FlacFrame) -> bool:
        """Whether the other one may be the next of the same stream."""
        step = self.n_samples if self.by_sample else 1
        same = (self.by_sample, self.coding) == (other.by_sample, other.coding)
        return same and other.number == self.number + step


def flac_frame(head: bytes) -> FlacFrame | None:
    """The frame that begins with ``head``, ``MOST_HEADER_BYTES`` long; None if it is no header."""
    length = 1 if head[4:5] < b"\x80" else 8 - (head[4] ^ 0xFF).bit_length() if len(head) > 4 else 0
    if len(head) < MOST_HEADER_BYTES or not 1 <= length <= 7:
        return None
    number = head[4] if length == 1 else head[4] & (1 << 7 - length) - 1
    for byte in head[5 : 4 + length]:
        number = number << 6 | byte & 0x3F
    size_code, at = head[2] >> 4, 4 + length
    extra = {6: 1, 7: 2}.get(size_code, 0)
    n_samples = _block_size(size_code, int.from_bytes(head[at : at + extra], "big"))
    at += extra + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    if not n_samples or _crc8(head[:at]) != head[at]:
        return None
    coding = bytes([head[2] & 0x0F, head[3] & 0x0F])
    return FlacFrame(number, bool(head[1] & 1), n_samples, coding)


def find_flac(data: bytes, end: int) -> int | None:
    """Offset before ``end`` of the first frame that the next of its stream follows.  Headers have a
    checksum, and of what begins like one ``_MOST_LOOKS`` are looked at.
    """
    last: list[tuple[int, FlacFrame]] = []
    for at, frame in _frames(data, end):
        last = [it for it in last if at - it[0] <= _MOST_APART]
        before = next((first for first, it in last if it.is_before(frame)), None)
        if before is not None:
            return before
        last.append((at, frame))
    return None


def _frames(data: bytes, end: int) -> Iterator[tuple[int, FlacFrame]]:
    for found in islice(_SYNC.finditer(data, 0, end), _MOST_LOOKS):
        at = found.start()
        if frame := flac_frame(data[at : at + MOST_HEADER_BYTES]):
            yield at, frame


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
