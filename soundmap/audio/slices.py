"""Spans of a file as a file of its own, so that a decoder sees the sound and nothing else."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import BinaryIO, TypeAlias

Span: TypeAlias = "bytes | tuple[int, int]"
"""Bytes as they are, or the offsets in a file from which on and up to which they are read."""


class Slice(io.RawIOBase):
    """Spans of an open file, one behind the other.  It owns the file and closes it."""

    def __init__(self, file: BinaryIO, spans: Sequence[Span]) -> None:
        self._file, self._spans, self._at = file, list(spans), 0
        self._ends = list(accumulate(map(_length, self._spans)))

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes from here on; all of them if it is negative."""
        left = (self._ends[-1] if self._ends else 0) - self._at
        data = b"".join(self._parts(max(0, left if size < 0 else min(size, left))))
        self._at += len(data)
        return data

    def _parts(self, left: int) -> Iterator[bytes]:
        number, at = bisect_right(self._ends, self._at), self._at
        while left > 0 and number < len(self._spans):
            span = self._spans[number]
            within = at - (self._ends[number] - _length(span))
            size = min(left, self._ends[number] - at)
            data = self._of(span, within, size)
            yield data
            if len(data) < size:
                return
            at, left, number = at + size, left - size, number + 1

    def _of(self, span: Span, within: int, size: int) -> bytes:
        if isinstance(span, bytes):
            return span[within : within + size]
        self._file.seek(span[0] + within)
        return self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves as files do and returns the new offset, at least 0 and at most the length."""
        length = self._ends[-1] if self._ends else 0
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: length}[whence]
        self._at = min(max(0, base + offset), length)
        return self._at

    def tell(self) -> int:
        """The offset among the spans."""
        return self._at

    def close(self) -> None:
        """Closes the file too."""
        self._file.close()
        super().close()


def _length(span: Span) -> int:
    return len(span) if isinstance(span, bytes) else max(0, span[1] - span[0])
