"""Requests for files, with redirects, to the public internet or to a chat platform.

Whether an address is allowed is checked where the socket is made, for the first request and for
each redirect.  The checked address is the one connected to, so DNS rebinding has no effect.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from soundmap.errors import BadLink
from soundmap.files import DISK_FULL
from soundmap.links.addresses import address_of, redirected
from soundmap.links.limits import USER_AGENT, Limits, Lookup

_CONNECT_SECONDS = 10.0
_HEAD_BYTES = 64 * 1024
_MOST_HEADERS = 1_024
_AHEAD_BYTES = 64 * 1024  # of an answer that waits, while parts are asked for
_FOUND, _MISSING, _REDIRECT = (200, 203, 206), (404, 410), (301, 302, 303, 307, 308)
_BUSY, _TOO_MANY = (503, 504), 429
BUSY_OF_CHATS = (408, 425, 429, 500, 502, *_BUSY)  # a file that was just sent is there
_DIGITS = 9  # of seconds to wait that are read: years
_PAUSES_S = (0.5, 1.0, 2.0)  # before a busy host is asked again, unless it says how long
# Without compression: what is sent packed nevertheless is unpacked within the limits (``body_of``).
_HEADERS = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
_STAYING = {"Authorization", "Range"}  # what is asked so is not asked elsewhere
_RADIO = ("icy-", "ice-")  # headers of Icecast and SHOUTcast
_RADIO_SERVERS = ("icecast", "shoutcast")


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


class Web:
    """Requests one after another.  Use it in an ``async with`` block.

    With ``look_up`` they come from one link that a stranger wrote: they connect only where the
    limits allow, and share cookies, which end with the block.  Without it their addresses come
    from a chat platform itself, and no cookies are kept.
    """

    def __init__(self, limits: Limits, look_up: Lookup | None = None) -> None:
        self._limits, self._look_up, self._host = limits, look_up, ""

    async def __aenter__(self) -> Web:
        self._session = aiohttp.ClientSession(
            connector=self._guarded() if self._look_up else None,
            cookie_jar=self._jar(),
            timeout=aiohttp.ClientTimeout(
                total=self._limits.seconds, sock_connect=_CONNECT_SECONDS
            ),
            headers=_HEADERS,
            auto_decompress=False,
            read_bufsize=_AHEAD_BYTES,
            trust_env=False,
            max_line_size=_HEAD_BYTES,
            max_field_size=_HEAD_BYTES,
            max_headers=_MOST_HEADERS,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @asynccontextmanager
    async def opened(
        self, url: str, headers: Mapping[str, str] = {}
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Opens a response that brings a file: status 200, 203 or 206.

        Raises BadLink ``no_link``, ``private_link``, ``gone``, ``refused``, ``live``, ``slow``,
        ``too_many_redirects``, ``unreachable`` or ``disk_full``, also for errors inside the block.
        With an ``Authorization`` header no redirect is followed, so credentials reach ``url`` only;
        nor with a ``Range``, so that several parts of a file may be open at once: they all lead to
        the one host for which sockets are checked.
        """
        try:
            async with await self._patiently(address_of(url), headers) as response:
                if response.status not in _FOUND:
                    missing = response.status in _MISSING
                    raise BadLink("gone" if missing else "refused", status=response.status)
                if _is_live(response):
                    raise BadLink("live")
                yield response
        except TimeoutError as error:
            raise BadLink("slow", seconds=self._limits.seconds) from error
        except (aiohttp.ClientError, OSError) as error:
            raise _refusal(error) from error

    async def _patiently(self, address: URL, headers: Mapping[str, str]) -> aiohttp.ClientResponse:
        """What ``_follow`` gives; a host that is busy is asked again while there is time, and that
        of a chat platform also where it could not be reached.
        """
        end = time.monotonic() + self._limits.seconds
        async with asyncio.timeout(self._limits.seconds):
            for pause_s in _PAUSES_S:
                try:
                    response = await self._follow(address, headers)
                except aiohttp.ClientConnectionError:
                    if self._look_up or time.monotonic() + pause_s > end:
                        raise
                    await asyncio.sleep(pause_s)
                    continue
                told = response.headers.get("Retry-After", "")
                busy = response.status in (_BUSY if self._look_up else BUSY_OF_CHATS)
                busy |= response.status == _TOO_MANY and bool(told)
                pause_s = max(pause_s, int(told[:_DIGITS])) if told.isdecimal() else pause_s
                if not busy or time.monotonic() + pause_s > end:
                    return response
                response.close()
                await asyncio.sleep(pause_s)
            return await self._follow(address, headers)

    async def _follow(self, address: URL, headers: Mapping[str, str]) -> aiohttp.ClientResponse:
        for _ in range(self._limits.redirects + 1):
            self._host = address.raw_host or ""
            response = await self._session.get(address, headers=headers, allow_redirects=False)
            location = _location(response)
            if location is None or not _STAYING.isdisjoint(headers):
                return response
            response.close()
            address = redirected(address, location)
        raise BadLink("too_many_redirects", most=self._limits.redirects)

    def _guarded(self) -> aiohttp.TCPConnector:
        assert self._look_up
        return aiohttp.TCPConnector(
            resolver=_Resolver(self._look_up),
            socket_factory=self._socket,
            force_close=True,
            use_dns_cache=False,
        )

    def _jar(self) -> aiohttp.abc.AbstractCookieJar:
        if self._look_up:
            return aiohttp.CookieJar(unsafe=True, quote_cookie=False)  # hosts may be addresses
        return aiohttp.DummyCookieJar()

    def _socket(self, info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if not self._limits.may_connect(str(address[0]), int(address[1]), self._host):
            raise PrivateAddress(errno.EACCES, "not an address of the public internet")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made


def _location(response: aiohttp.ClientResponse) -> bytes | None:
    """Where a redirect leads, as its bytes; None for another answer."""
    if response.status not in _REDIRECT:
        return None
    values = (value for name, value in response.raw_headers if name.lower() == b"location")
    return next(values, None)


def accepts_ranges(response: aiohttp.ClientResponse) -> bool:
    """Whether a server says that it sends parts of a file."""
    return response.headers.get("Accept-Ranges", "").strip().lower() == "bytes"


def _is_live(response: aiohttp.ClientResponse) -> bool:
    """Whether a radio server sends a stream; its files have a length, and come in parts too."""
    server = response.headers.get("Server", "").casefold()
    radio = server.startswith(_RADIO_SERVERS) or any(
        name.casefold().startswith(_RADIO) for name in response.headers
    )
    is_file = response.content_length is not None and accepts_ranges(response)
    return radio and not is_file and not response.content_type.startswith("text/")


def _refusal(error: Exception) -> BadLink:
    if isinstance(error, aiohttp.ClientResponseError) and "ICY " in error.message:
        return BadLink("live")  # the first line of SHOUTcast's answer, "ICY 200 OK", is not HTTP
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return BadLink("no_link")
    if isinstance(getattr(error, "os_error", error), PrivateAddress):
        return BadLink("private_link")
    full = isinstance(error, OSError) and error.errno in DISK_FULL
    return BadLink("disk_full" if full else "unreachable")
