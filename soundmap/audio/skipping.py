"""Finds where the sound begins in a file, behind all that a player skips, and where it ends.

Skipped are tags (ID3v2, APEv2), the head of an HTTP answer, marks of byte order, fill bytes, and
junk, as where a recording of a stream begins in the middle of a frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from soundmap.audio import tags
from soundmap.audio.containers import by_signature, refuse_playlist, signatures_in
from soundmap.audio.flac_frames import find_flac
from soundmap.audio.frames import chain_at, find_chain, frame_at, is_free_format
from soundmap.audio.reading import read_at
from soundmap.errors import BadSound

MOST_JUNK_BYTES = 8 << 20
_SHORT_BYTES, _CHUNK_BYTES = 4096, 1 << 20
_FILL = b"\0\xff \t\r\n\xef\xbb\xbf\xfe"
_TRAILED = {"mp3", "aac", "loas", "flac", "ogg", "wv", "tta", "ape", "dts", "mpc", "mpc8"}


@dataclass(frozen=True, slots=True)
class Found:
    """The container of a sound, and its first byte and the one after its last in the file.

    ``holes`` are tags within it, each from its first byte to the one after its last.
    """

    kind: str
    start: int
    end: int
    holes: tuple[tuple[int, int], ...] = ()


def find_sound(file: BinaryIO) -> Found:
    """Where the sound lies in an open file.

    At most ``tags.MOST_TAGS`` tags are skipped, all fill bytes, and ``MOST_JUNK_BYTES`` of junk, so
    the work is bounded by the size of the file, at memory's speed.  Raises BadSound
    ``empty_file``, ``playlist`` or ``not_audio``.
    """
    size = file.seek(0, 2)
    if not size:
        raise BadSound("empty_file")
    at, beginning = 0, read_at(file, 0)
    for _ in range(tags.MOST_TAGS):
        if kind := _kind_at(file, at):
            return _found(file, kind, at, size)
        refuse_playlist(read_at(file, at, _SHORT_BYTES))
        after = _after_tag(file, at, size) or _after_fill(file, at)
        if after == at or after >= size:
            break
        at = after
    refuse_playlist(beginning)
    return _in_junk(file, at - 1 if 0 < at < size else 0, size)


def container_of(head: bytes) -> str | None:
    """The container of a file that begins with ``head``, as ``find_sound`` tells it; None where
    ``head`` ends within a tag, since that does not say what follows it.
    """
    return None if 0 < len(head) <= behind_tag(head) else find_sound(BytesIO(head)).kind


def behind_tag(head: bytes) -> int:
    """Where the tag ends with which ``head`` begins, if it is longer than ``head``; else 0."""
    shortest = min(tags.lengths_of(head), default=0)
    return shortest if shortest >= len(head) else 0


def _found(file: BinaryIO, kind: str, at: int, size: int) -> Found:
    return Found(kind, at, tags.end_of_sound(file, size) if kind in _TRAILED else size)


def _kind_at(file: BinaryIO, at: int) -> str | None:
    head = read_at(file, at, _SHORT_BYTES)
    if kind := by_signature(head):
        return kind
    frames = chain_at(head, 0, 2)
    return frames[0].kind if len(frames) > 1 or is_free_format(head) else None


def _in_junk(file: BinaryIO, start: int, size: int) -> Found:
    """The first container or row of frames in junk, else a single header that stands first; the
    byte at ``start`` may be one that was taken for fill.
    """
    data = read_at(file, start, MOST_JUNK_BYTES)
    limit = next(signatures_in(data), len(data))
    flac = find_flac(data, limit)
    chain = find_chain(data, limit if flac is None else flac)
    at = next(place for place in (chain, flac, limit) if place is not None)
    if at < len(data):
        kind = "flac" if at == flac else _kind_at(file, start + at) or "mp3"
        return _found(file, kind, start + at, size)
    if (frame := frame_at(data)) and data[:4] != b"\xff" * 4:
        return _found(file, frame.kind, start, size)
    raise BadSound("not_audio")


def _after_tag(file: BinaryIO, at: int, size: int) -> int | None:
    """Where the tag or head at an offset ends; None where there is none.  Of several ends it is
    the first behind which something begins well.
    """
    head = read_at(file, at)
    ends = [at + length for length in tags.lengths_of(head)]
    if not ends:
        return None
    within = [end for end in ends if end < size]
    sure = (end for end in within if _begins_well(file, end))
    return next(sure, ends[0] if ends[0] < size else at + tags.SHORTEST_BYTES)


def _begins_well(file: BinaryIO, at: int) -> bool:
    """Whether a sound or another tag stands at an offset, or behind fill bytes there."""
    at = _after_fill(file, at)
    return bool(tags.lengths_of(read_at(file, at))) or _kind_at(file, at) is not None


def _after_fill(file: BinaryIO, at: int) -> int:
    """The offset behind fill bytes; a few are given back, if a container begins with such."""
    start, size = at, _SHORT_BYTES
    while data := read_at(file, at, size):
        left = len(data.lstrip(_FILL))
        at, size = at + len(data) - left, _CHUNK_BYTES
        if left:
            break
    for back in (4, 3, 2, 1):
        if at - back >= start and _kind_at(file, at - back):
            return at - back
    return at
