"""Frame headers of MPEG audio (ISO 11172-3, section 2.4.1.3; ISO 13818-3) and of ADTS
(ISO 13818-7, section 6.2).  A header counts as one where frames of its kind follow it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

HEADER_BYTES = 6
MP3_DELAY = 576 + 529
"""Samples before the sound: of LAME's encoder, and of every decoder of Layer III."""
_CHAIN = 3
_MOST_LOOKS = 100_000
_SYNC = re.compile(rb"\xff(?=[\xe2-\xff][\x00-\xef])")

_KBITS = {  # by (version 1 or not, layer), ISO 11172-3 and 13818-3
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES_HZ = {
    0: (11_025, 12_000, 8_000),
    2: (22_050, 24_000, 16_000),
    3: (44_100, 48_000, 32_000),
}
_ADTS_RATES_HZ = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000,
                  11_025, 8_000, 7_350)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame's header says.  ``n_bytes`` is the whole frame, 0 in free format, where only
    the next header tells, as is then ``kbits``, the bit rate.
    """

    kind: str
    rate_hz: int
    n_samples: int
    n_bytes: int
    mono: bool
    layer: int = 0
    kbits: int = 0

    def like(self, other: Frame | None) -> bool:
        """Whether the other may be of the same stream: all but the length is the same."""
        return other is not None and (self.kind, self.rate_hz, self.n_samples, self.layer) == (
            other.kind, other.rate_hz, other.n_samples, other.layer,
        )  # fmt: skip


def frame_at(data: bytes, at: int = 0) -> Frame | None:
    """The frame of MPEG audio (``mp3``) or ADTS (``aac``) whose header stands at an offset."""
    head = data[at : at + HEADER_BYTES]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    return _adts(head) if head[1] & 0xF6 == 0xF0 else _mpeg(head)


def _mpeg(head: bytes) -> Frame | None:
    version, layer, bits, rate = (
        head[1] >> 3 & 3,
        4 - (head[1] >> 1 & 3),
        head[2] >> 4,
        head[2] >> 2,
    )
    if version == 1 or layer == 4 or bits == 15 or rate & 3 == 3:
        return None
    rate_hz, first = _RATES_HZ[version][rate & 3], version == 3
    n_samples = 384 if layer == 1 else 1152 if layer == 2 or first else 576
    slot = 4 if layer == 1 else 1
    kbits = _KBITS[first, layer][bits]
    n_slots = n_samples // 8 // slot * kbits * 1000 // rate_hz
    n_bytes = (n_slots + (head[2] >> 1 & 1)) * slot if bits else 0
    return Frame("mp3", rate_hz, n_samples, n_bytes, head[3] >> 6 == 3, layer, kbits)


def _adts(head: bytes) -> Frame | None:
    if len(head) < HEADER_BYTES or head[2] >> 2 & 15 >= len(_ADTS_RATES_HZ):
        return None
    n_bytes = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    channels = (head[2] & 1) << 2 | head[3] >> 6
    rate_hz = _ADTS_RATES_HZ[head[2] >> 2 & 15]
    return Frame("aac", rate_hz, 1024, n_bytes, channels == 1) if n_bytes > 7 else None


def chain_at(data: bytes, at: int, most: int = _CHAIN) -> list[Frame]:
    """The frames of one stream that follow each other from an offset on, at most ``most``."""
    frames: list[Frame] = []
    while len(frames) < most and (frame := frame_at(data, at)):
        if frames and not frames[0].like(frame):
            break
        frames.append(frame)
        if not frame.n_bytes:
            break
        at += frame.n_bytes
    return frames


def find_chain(data: bytes, end: int | None = None) -> int | None:
    """Offset before ``end`` of the first frame that two of its kind follow, or one at the very end
    of ``data``.  What looks like a header but leads nowhere is met ``_MOST_LOOKS`` times at most.
    """
    headers = _SYNC.finditer(data, 0, len(data) if end is None else end)
    for found in islice(headers, _MOST_LOOKS):
        frames = chain_at(data, found.start())
        length = sum(frame.n_bytes for frame in frames)
        at_end = len(frames) == 2 and found.start() + length > len(data) - HEADER_BYTES
        if len(frames) == _CHAIN or at_end:
            return found.start()
    return None


def is_free_format(data: bytes) -> bool:
    """Whether ``data`` begins with a frame in free format: the same header comes again, twice."""
    frame = frame_at(data)
    if frame is None or frame.n_bytes:
        return False
    header = data[:2] + bytes([data[2] & 0xFD])
    padded = data[:2] + bytes([data[2] | 0x02])
    return data.count(header, 4) + data.count(padded, 4) >= 2
