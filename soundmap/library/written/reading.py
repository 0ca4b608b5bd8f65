"""Reads all tags of a file by what is in it, whatever its name ends with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from soundmap.library.written import ape, chunks, id3, libraries
from soundmap.library.written.said import Said

_MOST_TAGS = 8
_LOOKED_AT = 4096
_BY_TINYTAG = (b"fLaC", b"OggS", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11")
_OF_CHUNKS = (b"RIFF", b"RIFX", b"RF64", b"BW64", b"FORM")


def said_in(path: Path) -> list[list[Said]]:
    """What each tag of a file says, those that are believed first in front; never raises.

    The container's own fields come before ID3 tags in front of it, those before APE tags, and
    ID3 of version 1, which cuts its texts, comes last.  Where none has a title, FFmpeg is asked.
    """
    with suppress(Exception), path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        places, start = _tags_in_front(file)
        readers = [_content(file, start, size)]
        readers += [id3.tag_at(file, at) for at in places]
        readers += _tags_behind(file, size)
        tags = [_all_of(reader) for reader in readers]
        has_title = any(key == "title" and any(values) for tag in tags for key, values in tag)
        return tags if has_title else [*tags, _all_of(libraries.by_pyav(path))]
    return []


def _all_of(reader: Iterator[Said]) -> list[Said]:
    """What a reader yields until its end, or until the tag is broken."""
    said: list[Said] = []
    with suppress(Exception):
        for each in reader:
            said.append(each)
    return said


def _tags_in_front(file: BinaryIO) -> tuple[list[int], int]:
    """Where ID3 tags stand in front of the content, and where the content begins."""
    places: list[int] = []
    at = _after_zeros(file, 0)
    while len(places) < _MOST_TAGS and (size := id3.size_of(file, at)):
        places.append(at)
        at = _after_zeros(file, at + size)
    return places, at


def _after_zeros(file: BinaryIO, at: int) -> int:
    """The place behind padding; three zeros may begin the size of an MP4's first atom."""
    file.seek(at)
    data = file.read(_LOOKED_AT)
    return at + len(data) - len(data.lstrip(b"\0")) if data.startswith(bytes(4)) else at


def _content(file: BinaryIO, start: int, size: int) -> Iterator[Said]:
    """The fields of the container's own."""
    file.seek(start)
    head = file.read(12)
    if head.startswith(_BY_TINYTAG) or head[4:8] == b"ftyp":
        return libraries.by_tinytag(file, start)
    if head.startswith(_OF_CHUNKS):
        return chunks.tags_of(file, start, size, ">" if head[:4] in (b"FORM", b"RIFX") else "<")
    return iter(())


def _tags_behind(file: BinaryIO, size: int) -> list[Iterator[Said]]:
    """Readers of the tags at the end: ID3 of version 2, APE, ID3 of version 1."""
    found, end = [], size
    file.seek(max(0, size - id3.V1_BYTES))
    last = file.read(id3.V1_BYTES)
    if last.startswith(b"TAG"):
        end -= id3.V1_BYTES
    if (length := id3.size_of(file, max(0, end - id3.HEAD_BYTES))) and length < end:
        found.append(id3.tag_at(file, end - length))
        end -= length
    if length := ape.size_of(file, end):
        found.append(ape.tag_before(file, end, length))
    return [*found, id3.v1(last)]
