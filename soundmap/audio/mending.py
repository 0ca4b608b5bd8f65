"""Headers that do not know how long the sound is, as where it was written to a pipe."""

from __future__ import annotations

import struct
from typing import BinaryIO

from soundmap.audio.plain.chunks import tells_its_size
from soundmap.audio.skipping import Found, read_at

_W64_HEAD, _W64_CHUNK, _MOST_CHUNKS = 40, 24, 100


def options_of(file: BinaryIO, found: Found) -> dict[str, str]:
    """What FFmpeg's demuxer is told: of a WAV whose sizes are wrong, to read all there is."""
    lies = found.kind == "wav" and not tells_its_size(file, found)
    return {"ignore_length": "1"} if lies else {}


def mended(file: BinaryIO, found: Found) -> dict[int, bytes]:
    """Bytes that are to stand in the file, by their offset in the sound.

    In Wave64 (Sonic Foundry, 2003) sizes have 8 bytes and count a chunk's head of 24; those that
    lead beyond the file are made to end with it.
    """
    if found.kind != "w64":
        return {}
    size, at = found.end - found.start, _W64_HEAD
    patches = {16: struct.pack("<Q", size)}
    for _ in range(_MOST_CHUNKS):
        head = read_at(file, found.start + at, _W64_CHUNK)
        if len(head) < _W64_CHUNK:
            break
        length = struct.unpack("<Q", head[16:])[0]
        if head[:4] == b"data" and not _W64_CHUNK < length <= size - at:
            patches[at + 16] = struct.pack("<Q", size - at)
        if not _W64_CHUNK <= length <= size - at:
            break
        at += (length + 7) // 8 * 8
    return patches
