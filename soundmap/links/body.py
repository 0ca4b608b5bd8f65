"""The bytes of an answer: unpacked, and as many as came before it broke off.

Some servers send gzip to those who did not ask for it, or announce more than they send.  What came
is kept; the decoder says whether it is enough.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp

from soundmap.audio.reading import HEAD_BYTES
from soundmap.links.limits import Limits

_CHUNK_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"  # RFC 1952, section 2.3.1
_GZIP_BITS, _ZLIB_BITS = 31, 15


async def body_of(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Pieces of an answer of 64 KiB at most, unpacked if it is gzip or deflate.

    Raises aiohttp.ClientError if it broke off before its first byte.
    """
    raw, start = _came(response.content), b""
    while len(start) < len(_GZIP) and (more := await anext(raw, b"")):
        start += more
    unpack = _unpacker(start, response.headers.get("Content-Encoding", ""))
    if not unpack:
        yield start
        async for piece in raw:
            yield piece
        return
    try:
        for piece in unpack.pieces(start):
            yield piece
        async for packed in raw:
            for piece in unpack.pieces(packed):
                yield piece
        yield unpack.rest()
    except zlib.error:  # what was unpacked before is kept
        if not unpack.any:
            yield start


async def head_of(body: AsyncIterator[bytes]) -> bytes:
    """At least the first ``HEAD_BYTES`` of a body, or all of a shorter one."""
    head = b""
    while len(head) < HEAD_BYTES and (piece := await anext(body, None)) is not None:
        head += piece
    return head


async def save(head: bytes, body: AsyncIterator[bytes], path: Path, limits: Limits) -> str:
    """Writes ``head`` and the rest of a body to a file; returns its SHA-256 in hex.

    Raises BadLink ``too_large`` as soon as more than the limit has arrived.
    """
    digest, n_bytes = hashlib.sha256(head), len(head)
    limits.check_size(n_bytes)
    with path.open("wb", buffering=0) as file:
        file.write(head)
        async for piece in body:
            n_bytes += len(piece)
            limits.check_size(n_bytes)
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


async def _came(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """The bytes that came, though the connection may have broken off behind them."""
    broken, n_bytes = None, 0
    while True:
        try:
            piece = await content.read(_CHUNK_BYTES)
        except TimeoutError:
            raise
        except (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError) as error:
            broken = error
            content.set_exception(None)  # type: ignore[arg-type]  # what is buffered stays readable
            content.feed_eof()
            continue
        if not piece:
            break
        n_bytes += len(piece)
        yield piece
    if broken and not n_bytes:
        raise broken


class _Unpacker:
    """Unpacks a stream piece by piece, so that a bomb is never whole in memory."""

    def __init__(self, bits: int) -> None:
        self._bits, self._part, self.any = bits, zlib.decompressobj(bits), False

    def pieces(self, packed: bytes) -> Iterator[bytes]:
        while packed:
            if piece := self._part.decompress(packed, _CHUNK_BYTES):
                self.any = True
                yield piece
            packed = self._part.unconsumed_tail
            if self._part.eof:
                packed = self._part.unused_data
                if not packed.startswith(_GZIP):
                    return
                self._part = zlib.decompressobj(self._bits)  # gzip may have several members

    def rest(self) -> bytes:
        return self._part.flush()


def _unpacker(start: bytes, encoding: str) -> _Unpacker | None:
    """What unpacks a body that starts so; gzip is known by its first bytes, announced or not."""
    if start.startswith(_GZIP):
        return _Unpacker(_GZIP_BITS)
    is_zlib = start[:1] == b"x" and int.from_bytes(start[:2], "big") % 31 == 0  # RFC 1950, 2.2
    return _Unpacker(_ZLIB_BITS) if is_zlib and encoding.strip().casefold() == "deflate" else None
