"""A filtering proxy on loopback, through which one child process reaches the network.

It resolves each name once, connects to one of those addresses if that is allowed, and counts every
byte that comes back.  Of HTTP/1.1 proxying it implements what a client needs: CONNECT (RFC 9110
section 9.3.6) and requests in absolute form (RFC 9112 section 3.2.2), one per connection.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import secrets
from urllib.parse import urlsplit

from soundmap.links.limits import Limits, Lookup

_HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = 64 * 1024
_PATIENCE_SECONDS = 15.0
_DROPPED = (b"proxy-", b"connection:", b"keep-alive:")


class Proxy:
    """A proxy for one download.  Use it in an ``async with`` block.

    ``received`` counts bytes; ``over`` is set once they exceed the limit.  ``refused`` is true
    once an address was refused.
    """

    def __init__(self, limits: Limits, look_up: Lookup) -> None:
        self._limits, self._look_up = limits, look_up
        self._password = secrets.token_urlsafe(16)
        self._connections: set[asyncio.Task[None]] = set()
        self.received = 0
        self.over = asyncio.Event()
        self.refused = False

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_HEAD_BYTES)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    @property
    def url(self) -> str:
        """Its address, with the password that keeps other users of the machine out."""
        port = self._server.sockets[0].getsockname()[1]
        return f"http://soundmap:{self._password}@127.0.0.1:{port}"

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            lines = head.split(b"\r\n")
            method, target, _ = lines[0].decode("latin-1").split(" ", 2)
            if not self._knows(lines):
                await _answer(writer, b"407 Proxy Authentication Required")
            elif method == "CONNECT":
                await self._tunnel(target, reader, writer)
            else:
                await self._forward(method, target, lines[1:], reader, writer)
        except (OSError, ValueError, TimeoutError, EOFError, asyncio.LimitOverrunError):
            await _answer(writer, b"502 Bad Gateway")
        finally:
            writer.close()

    def _knows(self, lines: list[bytes]) -> bool:
        expected = base64.b64encode(f"soundmap:{self._password}".encode())
        for line in lines:
            name, _, value = line.partition(b":")
            scheme, _, given = value.strip().partition(b" ")
            if (name.lower(), scheme.lower()) == (b"proxy-authorization", b"basic"):
                return hmac.compare_digest(given.strip(), expected)
        return False

    async def _tunnel(
        self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host, _, port = target.rpartition(":")
        if (there := await self._connect(host.strip("[]"), int(port), writer)) is None:
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await self._join(reader, writer, *there)

    async def _forward(
        self,
        method: str,
        target: str,
        headers: list[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Sends a request on in origin form, without the headers meant for the proxy."""
        parts = urlsplit(target)
        if parts.scheme != "http" or not parts.hostname:
            await _answer(writer, b"403 Forbidden")
            return
        if (there := await self._connect(parts.hostname, parts.port or 80, writer)) is None:
            return
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kept = [line for line in headers if line and not line.lower().startswith(_DROPPED)]
        head = [f"{method} {path} HTTP/1.1".encode("latin-1"), *kept, b"Connection: close"]
        there[1].write(b"\r\n".join(head) + b"\r\n\r\n")
        await self._join(reader, writer, *there)

    async def _connect(
        self, host: str, port: int, writer: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection to the first allowed address that answers; None after a refusal."""
        addresses = await self._look_up(host, port)
        allowed = [one for one in addresses if self._limits.may_connect(one, port, host)]
        for address in allowed:
            with contextlib.suppress(OSError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    return await asyncio.open_connection(address, port)
        self.refused = self.refused or not allowed
        await _answer(writer, b"502 Bad Gateway" if allowed else b"403 Forbidden")
        return None

    async def _join(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        """Copies in both directions until the far side closes or the limit is exceeded."""
        up = asyncio.create_task(_copy(reader, far_writer))
        try:
            while chunk := await _read(far_reader, writer):
                self.received += len(chunk)
                if self.received > self._limits.max_bytes:
                    self.over.set()
                    return
                writer.write(chunk)
                await writer.drain()
        finally:
            up.cancel()
            far_writer.close()


async def _read(reader: asyncio.StreamReader, to: asyncio.StreamWriter) -> bytes:
    """The next bytes of the far side.  If that breaks off, the near side is aborted too."""
    try:
        return await reader.read(_CHUNK_BYTES)
    except OSError:
        to.transport.abort()
        return b""


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(_CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()


async def _answer(writer: asyncio.StreamWriter, status: bytes) -> None:
    with contextlib.suppress(OSError):
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
