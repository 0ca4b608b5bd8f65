"""A web server on loopback that serves good sounds and all kinds of harmful content."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import ipaddress
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
TRAP_HOST = "127.0.0.2"  # also loopback, but never allowed
SECRET = b"what no stranger may hear"


@dataclass
class Evil:
    """The running server: ``base`` is its address, ``trapped`` the connections to the trap."""

    song: Path
    port: int = 0
    trapped: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, Range header
    lookups: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def allowed(self) -> tuple[str, ...]:
        return (f"127.0.0.1:{self.port}",)

    async def look_up(self, host: str, _: int) -> list[str]:
        """A name server: ``rebinds.test`` is harmless the first time, then it is the trap."""
        self.lookups.append(host)
        if host == "rebinds.test":
            return ["127.0.0.1" if self.lookups.count(host) == 1 else TRAP_HOST]
        if host == "good.test":
            return ["127.0.0.1"]
        if host == "both.test":
            return [TRAP_HOST, "127.0.0.1"]
        with contextlib.suppress(ValueError):
            return [str(ipaddress.ip_address(host))]
        raise OSError(f"no such host: {host}")


@asynccontextmanager
async def evil(song: Path) -> AsyncIterator[Evil]:
    """Serves while the block runs."""
    server = Evil(song)
    runner = web.AppRunner(_app(server), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = int(runner.addresses[0][1])

    async def trap(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.trapped.append(str(writer.get_extra_info("sockname")))
        writer.close()

    catcher = await asyncio.start_server(trap, TRAP_HOST, server.port)
    try:
        yield server
    finally:
        catcher.close()
        await runner.cleanup()


@cache
def _bomb(start: bytes, mib: int) -> bytes:
    return gzip.compress(start + bytes(mib << 20), 1)


def _app(server: Evil) -> web.Application:
    @web.middleware
    async def noted(request: web.Request, handler: Handler) -> web.StreamResponse:
        server.asked.append((request.path, request.headers.get("Range", "")))
        return await handler(request)

    app = web.Application(middlewares=[noted])
    for name, handler in _handlers(server).items():
        app.router.add_get(f"/{name}", handler)
    return app


def _handlers(server: Evil) -> dict[str, Handler]:
    trap = f"http://{TRAP_HOST}:{server.port}"

    async def song(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(server.song)

    async def wrong_type(_: web.Request) -> web.StreamResponse:
        return web.Response(body=server.song.read_bytes(), content_type="image/gif")

    async def stream(request: web.Request, chunk: bytes, pause_s: float) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/mpeg"})
        await response.prepare(request)
        while True:
            await response.write(chunk)
            await asyncio.sleep(pause_s)

    async def endless(request: web.Request) -> web.StreamResponse:
        return await stream(request, server.song.read_bytes()[:65_536], 0)

    async def drip(request: web.Request) -> web.StreamResponse:
        return await stream(request, b"\xff", 1)

    async def larger(request: web.Request) -> web.StreamResponse:
        """Claims to be small in a header of its own, and never ends."""
        response = web.StreamResponse(
            headers={"Content-Type": "audio/mpeg", "X-Content-Length": "1000"}
        )
        await response.prepare(request)
        while True:
            await response.write(server.song.read_bytes()[:65_536])

    async def claims_little(request: web.Request) -> web.StreamResponse:
        """Claims to be 1,000 bytes long, and sends more."""
        response = web.StreamResponse(
            headers={"Content-Type": "audio/mpeg", "Content-Length": "1000"}
        )
        await response.prepare(request)
        sound = server.song.read_bytes()
        await response.write(sound[:500])
        if request.transport:
            request.transport.write(sound[500:100_000] * 40)
            await asyncio.sleep(0.5)
            request.transport.close()
        return response

    async def page_bomb(_: web.Request) -> web.StreamResponse:
        return web.Response(
            body=_bomb(b"<html>", 400),
            headers={"Content-Encoding": "gzip"},
            content_type="text/html",
        )

    async def bomb(_: web.Request) -> web.StreamResponse:
        return web.Response(
            body=_bomb(b"", 200), headers={"Content-Encoding": "gzip"}, content_type="audio/mpeg"
        )

    def redirect(target: str) -> Handler:
        async def answer(_: web.Request) -> web.StreamResponse:
            raise web.HTTPFound(target)

        return answer

    def text(body: str, kind: str) -> Handler:
        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(text=body, content_type=kind)

        return answer

    def page(source: str) -> Handler:
        sound = f'<audio src="{source}"></audio>'
        head = "<head><title>A page</title></head>"
        return text(f"<html>{head}<body>{sound}</body></html>", "text/html")

    hls = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n"
    plain: dict[str, Handler] = {
        "song.mp3": song,
        "wrong-type": wrong_type,
        "endless.mp3": endless,
        "larger.mp3": larger,
        "drip.mp3": drip,
        "bomb.mp3": bomb,
        "bomb.html": page_bomb,
        "claims-little.mp3": claims_little,
        "to-loopback.mp3": redirect(f"{trap}/song.mp3"),
        "to-metadata.mp3": redirect("http://169.254.169.254/latest/meta-data/a.mp3"),
        "to-mapped.mp3": redirect(f"http://[::ffff:127.0.0.2]:{server.port}/song.mp3"),
        "to-file.mp3": redirect("file:///etc/passwd"),
        "to-good.mp3": redirect("/song.mp3"),
        "loop.mp3": redirect("/loop.mp3"),
        "local.m3u8": text(hls.format("file:///etc/passwd"), "application/vnd.apple.mpegurl"),
        "trap.m3u8": text(hls.format(f"{trap}/a.ts"), "application/vnd.apple.mpegurl"),
        "list.m3u": text("#EXTM3U\n/etc/passwd\n../../secret.mp3\n", "audio/x-mpegurl"),
        "empty.html": text("<html><body>Nothing here.</body></html>", "text/html"),
        "broken.html": text("<html" * 1000, "text/html"),
        "words.txt": text("only words", "text/plain"),
    }
    pages = {f"page/{name}": page(f"/{name}") for name in plain}
    special = {
        "page/trap": page(f"{trap}/song.mp3"),
        "page/file": page("file:///etc/passwd"),
        "page/two": text(
            '<html><audio src="/song.mp3"></audio><audio src="/to-good.mp3"></audio></html>',
            "text/html",
        ),
    }
    return {**plain, **pages, **special}


@contextlib.contextmanager
def evil_thread(song: Path) -> Iterator[Evil]:
    """Like ``evil``, in a thread: for tests that block while other processes run."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    server, stop = Evil(song), asyncio.Event()

    async def serve() -> None:
        async with evil(song) as running:
            server.port, server.trapped, server.asked = running.port, running.trapped, running.asked
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
