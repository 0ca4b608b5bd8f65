"""A part of a file as a file of its own, so that a decoder sees the sound and nothing else."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import BinaryIO


class Slice(io.RawIOBase):
    """The bytes ``start`` to ``end`` of an open file.  It owns the file and closes it.

    ``mended`` are bytes that stand there instead, by their offset in the part.
    """

    def __init__(
        self, file: BinaryIO, start: int, end: int, mended: Mapping[int, bytes] | None = None
    ) -> None:
        self._file, self._start, self._end = file, start, max(start, end)
        self._mended = {start + at: data for at, data in (mended or {}).items()}
        self._at = start

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes from here on; all of them if it is negative."""
        left = max(0, self._end - self._at)
        self._file.seek(self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        data = self._instead(data) if self._mended else data
        self._at += len(data)
        return data

    def _instead(self, data: bytes) -> bytes:
        mended = bytearray(data)
        for at, patch in self._mended.items():
            for place, byte in enumerate(patch, at - self._at):
                if 0 <= place < len(mended):
                    mended[place] = byte
        return bytes(mended)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves as files do and returns the new offset, that of the part."""
        base = {io.SEEK_SET: self._start, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        self._at = min(max(self._start, base + offset), self._end)
        return self._at - self._start

    def tell(self) -> int:
        """The offset within the part."""
        return self._at - self._start

    def close(self) -> None:
        """Closes the file too."""
        self._file.close()
        super().close()
