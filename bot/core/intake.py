"""Fetches sources as files.  Each is kept in a folder of its own, deleted after use."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.types import Link, LocalFile, Refused, Source, Upload
from soundmap.audio.windows import MIDDLE, Look
from soundmap.errors import BadLink
from soundmap.files import DISK_FULL, sha256_of
from soundmap.links.direct import BUSY_OF_CHATS
from soundmap.links.fetch import Fetched, Fetcher

_PREFIX = "soundmap-bot-"
_NOT_LET_IN = (301, 302, 303, 307, 308, 401, 403)  # to a page where one logs in
_PAGE = re.compile(rb"\s*<(!doctype html|html|head)", re.IGNORECASE)
_DIGITS = 9  # at most, in a process id
_log = logging.getLogger(__name__)


class Intake:
    """Fetches at most ``downloads`` sources at once."""

    def __init__(self, fetcher: Fetcher, downloads: int) -> None:
        self._fetcher = fetcher
        self._turn = asyncio.Semaphore(downloads)
        self._told_owner = False

    @asynccontextmanager
    async def take(self, source: Source, look: Look = MIDDLE) -> AsyncIterator[Fetched]:
        """Provides the source as a file while the block runs; of a link, as much as ``look`` needs.

        Raises BadLink, BadSound about what a link leads to, or Refused about an upload.
        """
        if isinstance(source, LocalFile):
            yield await _local(source.path)
            return
        if isinstance(source, Upload):
            self._fetcher.limits.check_size(source.size_bytes)
        folder = _new_folder()
        try:
            yield await self._fetch(source, Path(folder.name), look)
        finally:
            await asyncio.to_thread(folder.cleanup)

    async def _fetch(self, source: Upload | Link, folder: Path, look: Look) -> Fetched:
        async with self._turn:
            if isinstance(source, Link):
                return await self._fetcher.link(source.url, folder, look)
            try:
                fetched = await self._fetcher.upload(source.url, folder, source.authorization)
            except BadLink as error:
                if source.authorization and error.facts.get("status") in _NOT_LET_IN:
                    raise self._no_file_access() from error
                if _may_pass(error):
                    raise Refused("file_host_busy") from error
                raise
            if source.authorization and _is_a_login(fetched.path, source.size_bytes):
                raise self._no_file_access()
            return fetched

    def _no_file_access(self) -> Refused:
        """The refusal for a token that may not read files; the owner is told once."""
        if not self._told_owner:
            _log.error(
                "The chat does not let the bot read files: its app lacks the permission files:read."
                " Add the scopes of docs/slack-manifest.yaml and install the app again."
            )
            self._told_owner = True
        return Refused("no_file_access")


async def _local(path: Path) -> Fetched:
    """A local file.  If it cannot be read it has no hash, and the decoder will say why."""
    with contextlib.suppress(OSError, ValueError):
        if path.is_file():
            return Fetched(path, await asyncio.to_thread(sha256_of, path))
    return Fetched(path, "")


def _may_pass(error: BadLink) -> bool:
    """Whether the host of a chat may hand a file out later."""
    busy = error.code == "refused" and error.facts["status"] in BUSY_OF_CHATS
    return busy or error.code == "unreachable"


def _is_a_login(path: Path, size_bytes: int) -> bool:
    """Whether a page came instead of the file that the chat told of."""
    with path.open("rb") as file:
        return bool(_PAGE.match(file.read(512))) and path.stat().st_size != size_bytes


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
