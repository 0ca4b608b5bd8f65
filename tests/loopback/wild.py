"""A web server on loopback that answers in bytes, as real servers do and no library would.

Each path has an answer: bytes, or a stream that writes them in its own time.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

OTHER_HOST = "127.0.0.2"  # also loopback, but never allowed


@dataclass(frozen=True)
class Asked:
    """A request as it came: its target, byte for byte, and its headers, named in lower case.

    ``at`` is the address that it came to.
    """

    target: bytes
    headers: dict[str, str]
    at: str

    @property
    def path(self) -> str:
        return self.target.decode("latin-1").partition("?")[0]

    @property
    def range(self) -> slice | None:
        given = self.headers.get("range", "").removeprefix("bytes=")
        first, _, last = given.partition("-")
        return slice(int(first), int(last) + 1) if given else None


@dataclass(frozen=True)
class Stream:
    """An answer that is written in its own time."""

    write: Callable[[asyncio.StreamWriter], Awaitable[None]]


Answer = bytes | Stream | Callable[[Asked], bytes | Stream]


@dataclass
class Wild:
    """The running server; ``asked`` has its requests, on ``OTHER_HOST`` too."""

    answers: Mapping[str, Answer]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def allowed(self) -> tuple[str, ...]:
        return (f"127.0.0.1:{self.port}",)

    async def look_up(self, host: str, _: int) -> list[str]:
        """A name server: ``*.home.test`` is the other host, other names in ``.test`` are this."""
        if host.endswith(".home.test"):
            return [OTHER_HOST]
        if host.endswith(".test"):
            return ["127.0.0.1"]
        with contextlib.suppress(ValueError):
            return [str(ipaddress.ip_address(host))]
        raise OSError(f"no such host: {host}")

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves a connection in a task that ends with the server."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Breaks off what is still being answered."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        line, *rows = head[:-4].split(b"\r\n")
        pairs = (row.decode("latin-1").partition(":") for row in rows)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        asked = Asked(line.split(b" ")[1], headers, writer.get_extra_info("sockname")[0])
        self.asked.append(asked)
        answer = self.answers.get(asked.path, NOT_FOUND)
        given = answer(asked) if callable(answer) else answer
        if isinstance(given, Stream):
            await given.write(writer)
        else:
            writer.write(given)
        await writer.drain()


@asynccontextmanager
async def wild(answers: Mapping[str, Answer]) -> AsyncIterator[Wild]:
    """Serves while the block runs."""
    server = Wild(answers)
    here = await asyncio.start_server(server.accept, "127.0.0.1", 0, limit=1 << 20)
    server.port = here.sockets[0].getsockname()[1]
    there = await asyncio.start_server(server.accept, OTHER_HOST, server.port, limit=1 << 20)
    try:
        yield server
    finally:
        here.close()
        there.close()
        await server.stop()


def http(
    body: bytes = b"", *headers: str, status: str = "200 OK", length: int | None = -1
) -> bytes:
    """An answer; ``length`` is what it claims, by default the truth, None for no claim."""
    claimed = len(body) if length == -1 else length
    rows = [f"HTTP/1.1 {status}", *headers, "Connection: close"]
    rows += [f"Content-Length: {claimed}"] if claimed is not None else []
    return "\r\n".join([*rows, "", ""]).encode("latin-1") + body


def redirect(location: bytes | str, *headers: str) -> bytes:
    """A redirect, whose location may be any bytes."""
    where = location.encode() if isinstance(location, str) else location
    answer = http(b"", "Location: @", *headers, status="302 Found")
    return answer.replace(b"Location: @", b"Location: " + where)


def in_parts(sound: bytes, *headers: str) -> Callable[[Asked], bytes]:
    """A server that sends parts, as it says."""

    def answer(asked: Asked) -> bytes:
        rows = ("Accept-Ranges: bytes", "Content-Type: audio/mpeg", *headers)
        if not (part := asked.range):
            return http(sound, *rows)
        where = f"Content-Range: bytes {part.start}-{part.stop - 1}/{len(sound)}"
        return http(sound[part], where, *rows, status="206 Partial Content")

    return answer


def chunked(body: bytes, end: bool = True) -> bytes:
    """A body in chunks of 10,000 bytes; without ``end`` it breaks off."""
    pieces = [body[at : at + 10_000] for at in range(0, len(body), 10_000)]
    packed = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    head = http(b"", "Transfer-Encoding: chunked", "Content-Type: audio/mpeg", length=None)
    return head + packed + (b"0\r\n\r\n" if end else b"")


def endless(head: bytes, piece: bytes) -> Stream:
    """A stream that never ends."""

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)

    return Stream(write)


def reset_after(answer: bytes) -> Stream:
    """Resets the connection behind an answer, as a server that crashes (SO_LINGER 0)."""

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        await asyncio.sleep(0.3)
        made = writer.get_extra_info("socket")
        made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return Stream(write)


async def _never(writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        await asyncio.sleep(0.1)


STALLED = Stream(_never)


NOT_FOUND = http(b"nothing here", status="404 Not Found")


@contextlib.contextmanager
def wild_thread(answers: Mapping[str, Answer]) -> Iterator[Wild]:
    """Like ``wild``, in a thread: for tests that block."""
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    found: list[Wild] = []

    async def serve() -> None:
        async with wild(answers) as server:
            found.append(server)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
