"""Tells which files are plain: their headers say what the stream holds, as far as a few looks tell.

A plain file is decoded at once from its middle.  Of every other one the packets are counted first.
A look reads some kilobytes, and there are at most a dozen: the work does not grow with the file.
Only of Opus the head of each page is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from soundmap.audio.plain import chunks, flac, mp3, ogg
from soundmap.audio.skipping import Found

_LOOKS: dict[str, Callable[[BinaryIO, Found], float | None]] = {
    "mp3": mp3.seconds,
    "wav": chunks.wav_seconds,
    "aiff": chunks.aiff_seconds,
    "flac": flac.seconds,
    "ogg": ogg.seconds,
}


def plain_seconds(file: BinaryIO, found: Found) -> float | None:
    """Length in seconds of a plain file, or 0 where libsndfile reads it from the header itself;
    None for a file that is not plain, or that libsndfile does not read.
    """
    look = _LOOKS.get(found.kind)
    return look(file, found) if look else None
