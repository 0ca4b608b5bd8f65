"""Rows of frames, each of which begins with its own header: MPEG audio, ADTS, LOAS, AC-3, E-AC-3.
A header counts as one where frames of its kind follow it.
"""

from __future__ import annotations

import re
from itertools import islice

from soundmap.audio.dolby import dolby_frame
from soundmap.audio.mpeg import Frame, adts_frame, loas_frame, mpeg_frame

HEADER_BYTES = 6
_CHAIN = 3
_MOST_LOOKS = 100_000
_SYNC = re.compile(rb"\xff(?=[\xe2-\xe5\xf0-\xf5\xf8-\xfd][\x00-\xef])|\x0b\x77|\x56[\xe0-\xff]")
"""How headers begin: not those of Layer I, which only jump tables of programs still look like."""


def frame_at(data: bytes, at: int = 0) -> Frame | None:
    """The frame whose header stands at an offset; its kind is that of a container."""
    head = data[at : at + HEADER_BYTES]
    if len(head) < 4:
        return None
    if head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return adts_frame(head) if head[1] & 0xF6 == 0xF0 else mpeg_frame(head)
    if head[0] == 0x56 and head[1] & 0xE0 == 0xE0:
        return loas_frame(head)
    return dolby_frame(head) if head[:2] == b"\x0b\x77" else None


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
