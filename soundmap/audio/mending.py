"""What FFmpeg is given to read: the sound, with headers mended that do not know how long it is, as
where it was written to a pipe, and without the tags within it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import BinaryIO

from soundmap.audio.plain.chunks import format_and_sound, tells_its_size
from soundmap.audio.reading import read_at
from soundmap.audio.skipping import Found
from soundmap.audio.slices import Span

_W64_HEAD, _W64_CHUNK, _MOST_CHUNKS = 40, 24, 100
_FLAC_HEAD = 18
_ANY_BLOCKS = struct.pack(">HH6x", 16, 0xFFFF)  # RFC 9639, section 8.2: the least and the most


def spans_of(file: BinaryIO, found: Found) -> list[Span]:
    """The spans of a file that a sound is, one behind the other."""
    mend = _MENDERS.get(found.kind)
    return mend(file, found) if mend else _without_holes(found)


def _without_holes(found: Found) -> list[Span]:
    begins = [found.start, *(end for _, end in found.holes)]
    ends = [*(start for start, _ in found.holes), found.end]
    return [*zip(begins, ends, strict=True)]


def _wav(file: BinaryIO, found: Found) -> list[Span]:
    """Of a WAV whose sizes are wrong, its format and then all there is."""
    places = None if tells_its_size(file, found) else format_and_sound(file, found)
    if places is None:
        return [(found.start, found.end)]
    about, sound = places
    name = b"RIFX" if read_at(file, found.start, 4) == b"RIFX" else b"RIFF"
    return [name + b"\xff" * 4 + b"WAVE", about, b"data" + b"\xff" * 4, (sound, found.end)]


def _flac(file: BinaryIO, found: Found) -> list[Span]:
    """A FLAC whose blocks may be of any size, whatever its STREAMINFO says."""
    head = read_at(file, found.start, _FLAC_HEAD)
    if len(head) < _FLAC_HEAD or head[:4] != b"fLaC":
        return [(found.start, found.end)]
    return [head[:8] + _ANY_BLOCKS, (found.start + _FLAC_HEAD, found.end)]


def _w64(file: BinaryIO, found: Found) -> list[Span]:
    """In Wave64 (Sonic Foundry, 2003) sizes have 8 bytes and count a chunk's head of 24; those
    that lead beyond the file are made to end with it.
    """
    size, at, last = found.end - found.start, _W64_HEAD, 0
    spans: list[Span] = [read_at(file, found.start, 16), struct.pack("<Q", size)]
    for _ in range(_MOST_CHUNKS):
        head = read_at(file, found.start + at, _W64_CHUNK)
        length = int.from_bytes(head[16:], "little")
        whole = _W64_CHUNK < length <= size - at
        if head[:4] == b"data" and not whole:
            spans += [(found.start + last + 24, found.start + at + 16)]
            spans += [struct.pack("<Q", size - at)]
            last = at
        if not whole:
            break
        at += (length + 7) // 8 * 8
    return [*spans, (found.start + last + 24, found.end)]


_MENDERS: dict[str, Callable[[BinaryIO, Found], list[Span]]] = {
    "wav": _wav,
    "flac": _flac,
    "w64": _w64,
}
