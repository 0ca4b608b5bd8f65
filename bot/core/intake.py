"""Fetches sources as files.  Each is kept in a folder of its own, deleted after use."""

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
from soundmap.audio.windows import MIDDLE, Look
from soundmap.errors import BadLink
from soundmap.files import DISK_FULL, sha256_of
from soundmap.links.fetch import Fetched, Fetcher

_PREFIX = "soundmap-bot-"
_DIGITS = 9  # at most, in a process id


class Intake:
    """Fetches at most ``downloads`` sources at once."""

    def __init__(self, fetcher: Fetcher, downloads: int) -> None:
        self._fetcher = fetcher
        self._turn = asyncio.Semaphore(downloads)

    @asynccontextmanager
    async def take(self, source: Source, look: Look = MIDDLE) -> AsyncIterator[Fetched]:
        """Provides the source as a file while the block runs; of a link, as much as ``look`` needs.

        Raises BadLink, or BadSound about what a link leads to.
        """
        if isinstance(source, LocalFile):
            yield await _local(source.path)
            return
        if isinstance(source, Upload):
            self._fetcher.limits.check_size(source.size_bytes)
        folder = _new_folder()
        try:
            async with self._turn:
                fetched = await self._fetch(source, Path(folder.name), look)
            yield fetched
        finally:
            await asyncio.to_thread(folder.cleanup)

    async def _fetch(self, source: Upload | Link, folder: Path, look: Look) -> Fetched:
        if isinstance(source, Upload):
            return await self._fetcher.upload(source.url, folder, source.authorization)
        return await self._fetcher.link(source.url, folder, look)


async def _local(path: Path) -> Fetched:
    """A local file.  If it cannot be read it has no hash, and the decoder will say why."""
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
    """Deletes folders of killed processes, even ones that had this id; returns how many."""
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if _is_number(number) and not _runs(int(number)):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _runs(number: int) -> bool:
    """Whether another process with this id is alive."""
    if number == os.getpid():
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it belongs to another user
        return True
    return True


def _is_number(text: str) -> bool:
    """Whether ``text`` can be a process id: any user may have created a folder with this prefix."""
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS
