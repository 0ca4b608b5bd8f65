"""What tinytag reads well (FLAC, Ogg, MP4, ASF), and PyAV for what nothing else reads."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from soundmap.library.written.said import Said, named

_MOST_READ = 64 << 20


class _From(io.RawIOBase):
    """A file from a place on, of which only so much is read."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file, self._start, self._left = file, start, _MOST_READ
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        """Reads, until it was too much: then it raises ValueError."""
        data = self._file.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise ValueError("tags take no such room")
        return data

    def seek(self, to: int, whence: int = io.SEEK_SET) -> int:
        """Moves, counted from where the content begins."""
        return self._file.seek(to + (0 if whence else self._start), whence) - self._start

    def tell(self) -> int:
        """The place, counted from where the content begins."""
        return self._file.tell() - self._start


def by_tinytag(file: BinaryIO, start: int) -> Iterator[Said]:
    """The fields of the FLAC, Ogg, MP4 or ASF that begins at a place."""
    from tinytag import TinyTag

    tag = TinyTag.get(file_obj=_From(file, start), duration=False)  # type: ignore[arg-type]
    found = tag.as_dict()
    yield from named((name, value) for name, value in found.items() if isinstance(value, list))


def by_pyav(path: Path) -> Iterator[Said]:
    """The fields of any container that FFmpeg opens; none without PyAV."""
    with suppress(ImportError):
        import av

        with av.open(str(path), metadata_errors="replace") as file:
            found = [file.metadata, *(stream.metadata for stream in file.streams.audio[:1])]
        for one in found:
            yield from named((name, [value]) for name, value in one.items())
