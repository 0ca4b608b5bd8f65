"""Sources to files.  What was fetched lies in a folder of its own and is gone with its block."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.types import Link, LocalFile, Source, Upload
from soundmap.errors import BadLink
from soundmap.files import DISK_FULL, sha256_of
from soundmap.links.fetch import Fetched, Fetcher

_PREFIX = "soundmap-bot-"
_DIGITS = 9  # of a process number, at most


class Intake:
    """Takes sources by a fetcher, at most ``downloads`` of them at once."""

    def __init__(self, fetcher: Fetcher, downloads: int) -> None:
        self._fetcher = fetcher
        self._turn = asyncio.Semaphore(downloads)

    @asynccontextmanager
    async def take(self, source: Source) -> AsyncIterator[Fetched]:
        """The source as a file while the block runs.  Raises BadLink, or BadSound for what a
        link leads to.
        """
        if isinstance(source, LocalFile):
            yield await _local(source.path)
            return
        if isinstance(source, Upload):
            self._fetcher.limits.check_size(source.size_bytes)
        folder = _new_folder()
        try:
            async with self._turn:
                fetched = await self._fetch(source, Path(folder.name))
            yield fetched
        finally:
            await asyncio.to_thread(folder.cleanup)

    async def _fetch(self, source: Upload | Link, folder: Path) -> Fetched:
        if isinstance(source, Upload):
            return await self._fetcher.upload(source.url, folder, source.authorization)
        return await self._fetcher.link(source.url, folder)


async def _local(path: Path) -> Fetched:
    """A file of this machine.  One that cannot be read has no hash; the decoder says why."""
    with contextlib.suppress(OSError, ValueError):
        if path.is_file():
            return Fetched(path, await asyncio.to_thread(sha256_of, path))
    return Fetched(path, "")


def _new_folder() -> tempfile.TemporaryDirectory[str]:
    prefix = f"{_PREFIX}{os.getpid()}-"
    try:
        return tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    except OSError as error:
        raise BadLink("disk_full" if error.errno in DISK_FULL else "unreachable") from error


def remove_leftovers() -> int:
    """Deletes what killed processes left behind, also an earlier one of this number; how many."""
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if _is_number(number) and not _runs(int(number)):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _runs(number: int) -> bool:
    """Whether another process of that number is alive."""
    if number == os.getpid():
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def _is_number(text: str) -> bool:
    """Whether a text may be the number of a process: anybody can make a folder of any name."""
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS
