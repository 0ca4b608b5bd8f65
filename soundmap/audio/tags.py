"""What a player skips before and behind the sound: tags, and the head of an HTTP answer.

No tag says what it stands before: that is to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from soundmap.audio.frames import HEADER_BYTES, frame_at
from soundmap.audio.reading import matches_in, read_at

MOST_TAGS = 64
SHORTEST_BYTES = 10
_MOST_WITHIN = 10_000
_ID3_BYTES, _APE_BYTES, _ID3V1_BYTES = SHORTEST_BYTES, 32, 128
_HTTP_HEAD = re.compile(rb"(?:HTTP/\d|ICY \d).*?\r?\n\r?\n", re.DOTALL)
_ID3_WITHIN = re.compile(rb"ID3[\x02-\x04]\x00[\x00\x40\x80\xc0][\x00-\x7f]{4}")


def lengths_of(head: bytes) -> list[int]:
    """How long a tag or HTTP head may be with which ``head`` begins, the likeliest first; empty
    where there is none.
    """
    if head[:3] == b"ID3" and len(head) >= _ID3_BYTES:
        return list(_id3_lengths(head))
    if head[:8] == b"APETAGEX":  # wiki.hydrogenaud.io, APEv2: the size does not count this header
        return [_APE_BYTES + int.from_bytes(head[12:16], "little")]
    found = _HTTP_HEAD.match(head)
    return [found.end()] if found else []


def _id3_lengths(head: bytes) -> Iterator[int]:
    """An ID3v2 tag (id3.org, v2.4.0, section 3.1) has its size in 4 x 7 bits, and a footer is not
    counted; some writers know neither, and write a plain number.
    """
    size, footer = head[6:10], _ID3_BYTES if head[5] & 0x10 else 0
    if max(size) < 0x80:
        synchsafe = sum(byte << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))
        yield _ID3_BYTES + synchsafe + footer
        if footer:
            yield _ID3_BYTES + synchsafe
    yield _ID3_BYTES + int.from_bytes(size, "big")


def tags_within(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where ID3v2 tags begin and end in a stream of frames, as radio and HLS segments send them.
    One is a tag if a frame or another tag follows it; ``_MOST_WITHIN`` are looked at.
    """
    last = start
    found = matches_in(file, start, end, _ID3_WITHIN, _ID3_BYTES)
    for at, match in islice(found, _MOST_WITHIN):
        after = at + next(_id3_lengths(match[0]))
        behind = read_at(file, after, HEADER_BYTES)
        if last <= at and after < end and (frame_at(behind) or behind.startswith(b"ID3")):
            yield at, after
            last = after


def end_of_sound(file: BinaryIO, size: int) -> int:
    """Where the sound of a file ends before ID3v1 (128 bytes), APEv2 and Lyrics3 v2."""
    end = size
    for _ in range(MOST_TAGS):
        tail = read_at(file, max(0, end - _ID3V1_BYTES), min(end, _ID3V1_BYTES))
        length = _length_before(tail)
        if not length or length > end:
            break
        end -= length
    return end


def _length_before(tail: bytes) -> int:
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
