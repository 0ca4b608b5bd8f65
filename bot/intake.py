"""Sounds to files: streamed under a cap that counts what really arrives, hashed on the way.

A file that was fetched lies in a folder of its own and is gone when its block is left.  An
address that a person wrote is connected to only where it leads to the public internet: the check
stands where the socket is made, so it sees the very address that is used, at first and after
every redirect.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.types import Link, LocalFile, Refused, Source, Upload
from soundmap.bundle import sha256_of

_CHUNK_BYTES = 64 * 1024
_MIB = 1024 * 1024
_MAX_REDIRECTS = 5
_PREFIX = "soundmap-bot-"
_USER_AGENT = "SoundMap (+https://freemusicarchive.org)"
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Taken:
    """A file at hand and the sha256 of its content."""

    path: Path
    sha256: str


def public(address: str) -> bool:
    """Whether an address is of the public internet, IPv4 inside IPv6 looked at too."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return public(str(inner))
        if ip in _NAT64:
            return public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Intake:
    """Takes sources; use it in an ``async with`` block.  ``allowed`` tells good addresses."""

    def __init__(
        self, max_mb: float, seconds: float, allowed: Callable[[str], bool] = public
    ) -> None:
        self._max_mb, self._cap_bytes = max_mb, round(max_mb * _MIB)
        self._seconds = seconds
        self._allowed = allowed

    async def __aenter__(self) -> Intake:
        timeout = aiohttp.ClientTimeout(total=self._seconds, sock_connect=10)
        # Not unpacked: what is counted is what arrives, and packed audio is no audio.
        headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
        options: dict[str, Any] = {
            "timeout": timeout,
            "headers": headers,
            "auto_decompress": False,
        }
        self._trusted = aiohttp.ClientSession(**options)
        guarded = aiohttp.TCPConnector(socket_factory=self._socket, force_close=True)
        self._guarded = aiohttp.ClientSession(connector=guarded, **options)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._trusted.close()
        await self._guarded.close()

    @asynccontextmanager
    async def take(self, source: Source) -> AsyncIterator[Taken]:
        """The source as a file.  Raises Refused ``too_large``, ``gone``, ``slow``, ``no_link``,
        ``private_link``, ``disk_full`` or ``unreachable``.
        """
        if isinstance(source, LocalFile):
            yield await self._local(source.path)
            return
        if isinstance(source, Upload):
            self._check_size(source.size_bytes)
        folder = _new_folder()
        try:
            yield await self._fetch(source, Path(folder.name) / "sound")
        finally:
            await asyncio.to_thread(folder.cleanup)

    async def _local(self, path: Path) -> Taken:
        """A file that cannot be read has no hash; the decoder says why."""
        try:
            if path.is_file():
                return Taken(path, await asyncio.to_thread(sha256_of, path))
        except (OSError, ValueError):
            pass
        return Taken(path, "")

    async def _fetch(self, source: Upload | Link, path: Path) -> Taken:
        session = self._trusted if isinstance(source, Upload) else self._guarded
        try:
            async with session.get(_checked(source), max_redirects=_MAX_REDIRECTS) as response:
                if response.status != 200:
                    raise Refused("gone", status=response.status)
                self._check_size(response.content_length or 0)
                return Taken(path, await self._save(response.content, path))
        except Refused:
            raise
        except TimeoutError as error:
            raise Refused("slow", seconds=self._seconds) from error
        except aiohttp.TooManyRedirects as error:
            raise Refused("unreachable") from error
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise Refused("no_link") from error
        except aiohttp.ClientError as error:
            private = isinstance(getattr(error, "os_error", None), _Private)
            raise Refused("private_link" if private else "unreachable") from error
        except OSError as error:
            raise Refused("disk_full" if error.errno in DISK_FULL else "unreachable") from error

    async def _save(self, content: aiohttp.StreamReader, path: Path) -> str:
        digest, size = hashlib.sha256(), 0
        with path.open("wb", buffering=0) as file:
            async for chunk in content.iter_chunked(_CHUNK_BYTES):
                size += len(chunk)
                self._check_size(size)
                digest.update(chunk)
                file.write(chunk)
        return digest.hexdigest()

    def _check_size(self, size_bytes: int) -> None:
        if size_bytes > self._cap_bytes:
            raise Refused("too_large", most_mb=self._max_mb)

    def _socket(self, info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._allowed(str(address[0])):
            raise _Private(errno.EACCES, "not an address of the public internet")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made


class _Private(OSError):
    """An address that is nobody's business."""


def _checked(source: Upload | Link) -> str:
    if not source.url.casefold().startswith(("http://", "https://")):
        raise Refused("no_link")
    return source.url


def _new_folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(
            prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True
        )
    except OSError as error:
        full = error.errno in DISK_FULL
        raise Refused("disk_full" if full else "unreachable") from error


def remove_leftovers() -> int:
    """Deletes what killed processes left behind, also an earlier one of this number; how many."""
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdecimal() and not _runs(int(number)):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _runs(number: int) -> bool:
    """Whether another process of that number is alive."""
    if number == os.getpid():
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, 0)
        return True
    return False
