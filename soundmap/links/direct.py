"""Downloads files, up to a size that is counted as the bytes arrive.

Whether an address is allowed is checked where the socket is made, for the first request and for
each redirect.  The checked address is the one connected to, so DNS rebinding has no effect.
"""

from __future__ import annotations

import errno
import hashlib
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from soundmap.audio.skipping import HEAD_BYTES
from soundmap.errors import BadLink
from soundmap.files import DISK_FULL
from soundmap.links.limits import USER_AGENT, Limits, Lookup

_CHUNK_BYTES = 64 * 1024
_CONNECT_SECONDS = 10.0
_MISSING = (404, 410)
# Without compression: the limit counts bytes that arrive, and nothing is unpacked.
_HEADERS = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}


class PrivateAddress(OSError):
    """An address outside the public internet."""


class _Resolver(AbstractResolver):
    """Resolves names by our own look-up; aiohttp connects to what it returns."""

    def __init__(self, look_up: Lookup) -> None:
        self._look_up = look_up

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002
    ) -> list[ResolveResult]:
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in await self._look_up(host, port)
        ]

    async def close(self) -> None:
        """Does nothing: there is nothing to close."""


def trusted_session(limits: Limits) -> aiohttp.ClientSession:
    """A session for addresses that come from a chat platform itself."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), **_options(limits))


def guarded_session(limits: Limits, look_up: Lookup) -> aiohttp.ClientSession:
    """A session that connects only to the public internet and keeps no cookies."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not limits.may_connect(str(address[0]), int(address[1])):
            raise PrivateAddress(errno.EACCES, "not an address of the public internet")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    connector = aiohttp.TCPConnector(
        resolver=_Resolver(look_up), socket_factory=make, force_close=True, use_dns_cache=False
    )
    jar = aiohttp.DummyCookieJar()
    return aiohttp.ClientSession(connector=connector, cookie_jar=jar, **_options(limits))


@asynccontextmanager
async def opened(
    session: aiohttp.ClientSession, url: str, limits: Limits, headers: Mapping[str, str] = {}
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Opens a response with status 200 or 206.

    Raises BadLink ``no_link``, ``private_link``, ``gone``, ``refused``, ``slow``,
    ``too_many_redirects``, ``unreachable`` or ``disk_full``, also for errors inside the block.
    With an ``Authorization`` header no redirect is followed, so credentials reach ``url`` only.
    """
    if not url.casefold().startswith(("http://", "https://")):
        raise BadLink("no_link")
    redirects = "Authorization" not in headers
    get = session.get(
        url, headers=headers, allow_redirects=redirects, max_redirects=limits.redirects
    )
    try:
        async with get as response:
            if response.status not in (200, 206):
                missing = response.status in _MISSING
                raise BadLink("gone" if missing else "refused", status=response.status)
            yield response
    except TimeoutError as error:
        raise BadLink("slow", seconds=limits.seconds) from error
    except aiohttp.TooManyRedirects as error:
        raise BadLink("too_many_redirects", most=limits.redirects) from error
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise BadLink("no_link") from error
    except aiohttp.ClientError as error:
        private = isinstance(getattr(error, "os_error", None), PrivateAddress)
        raise BadLink("private_link" if private else "unreachable") from error
    except OSError as error:
        raise BadLink("disk_full" if error.errno in DISK_FULL else "unreachable") from error


async def head_of(content: aiohttp.StreamReader) -> bytes:
    """The first ``HEAD_BYTES`` of a stream, or all of a shorter one."""
    head = b""
    while len(head) < HEAD_BYTES and (chunk := await content.read(HEAD_BYTES - len(head))):
        head += chunk
    return head


async def save(head: bytes, content: aiohttp.StreamReader, path: Path, limits: Limits) -> str:
    """Writes ``head`` and the rest of a stream to a file; returns its SHA-256 in hex.

    Raises BadLink ``too_large`` as soon as more than the limit has arrived.
    """
    digest, n_bytes = hashlib.sha256(head), len(head)
    with path.open("wb", buffering=0) as file:
        file.write(head)
        async for chunk in content.iter_chunked(_CHUNK_BYTES):
            n_bytes += len(chunk)
            limits.check_size(n_bytes)
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _options(limits: Limits) -> dict[str, Any]:
    timeout = aiohttp.ClientTimeout(total=limits.seconds, sock_connect=_CONNECT_SECONDS)
    return {"timeout": timeout, "headers": _HEADERS, "auto_decompress": False, "trust_env": False}
