"""Sounds are fetched from a real server on loopback."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.core.intake import Intake, remove_leftovers
from bot.types import Link, LocalFile, Source, Upload
from soundmap.errors import SoundMapError
from soundmap.links.fetch import Fetched, Fetcher
from soundmap.links.limits import Limits

MIB = 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(autouse=True)
def own_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{name}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def take(
    handler: Handler, source: Callable[[str], Source], seconds: float = 5
) -> tuple[Fetched | str, bytes]:
    """What taking a source gives: a file and its bytes, or the code of what is wrong."""

    async def work() -> tuple[Fetched | str, bytes]:
        async with served(handler) as base, Fetcher(Limits(1, seconds)) as fetcher:
            try:
                async with Intake(fetcher, 2).take(source(base)) as taken:
                    return taken, taken.path.read_bytes()
            except SoundMapError as error:
                return error.code, b""

    return asyncio.run(asyncio.wait_for(work(), 20))


async def small(_: web.Request) -> web.Response:
    return web.Response(body=b"sound" * 1000)


def upload(base: str, size: int = 0) -> Upload:
    return Upload(f"{base}/a.mp3", "a.mp3", size)


def test_an_upload_is_saved_hashed_and_gone_afterwards(own_tmp: Path) -> None:
    taken, content = take(small, upload)
    assert isinstance(taken, Fetched)
    assert content == b"sound" * 1000
    assert taken.sha256 == hashlib.sha256(content).hexdigest()
    assert list(own_tmp.iterdir()) == []


def test_what_really_arrives_is_counted_not_what_was_promised(own_tmp: Path) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)

    assert take(endless, upload)[0] == "too_large"
    assert list(own_tmp.iterdir()) == []


def test_a_file_that_says_it_is_too_large_is_not_fetched() -> None:
    asked = []

    async def count(request: web.Request) -> web.Response:
        asked.append(request.path)
        return await small(request)

    assert take(count, lambda base: upload(base, 2 * MIB))[0] == "too_large"
    assert asked == []


def test_a_drip_is_given_up_in_time(own_tmp: Path) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.2)

    assert take(drip, upload, seconds=1)[0] == "slow"
    assert list(own_tmp.iterdir()) == []


def test_a_missing_file_is_told_by_its_status() -> None:
    async def missing(_: web.Request) -> web.Response:
        return web.Response(status=404)

    assert take(missing, upload)[0] == "gone"


def test_a_link_into_a_private_network_is_not_followed() -> None:
    asked = []

    async def count(request: web.Request) -> web.Response:
        asked.append(request.path)
        return await small(request)

    assert take(count, lambda base: Link(f"{base}/a"))[0] == "private_link"
    named = take(count, lambda base: Link(base.replace("127.0.0.1", "localhost") + "/a"))
    assert named[0] == "private_link"
    assert asked == []


@pytest.mark.parametrize("url", ["ftp://a/b", "javascript:alert(1)", "a.mp3", "http://", ""])
def test_what_is_no_link_is_said_to_be_none(url: str) -> None:
    assert take(small, lambda _: Link(url))[0] == "no_link"


def test_packed_bytes_stay_packed() -> None:
    """A bomb does not go off: what is counted and saved is what was sent."""

    async def bomb(_: web.Request) -> web.Response:
        return web.Response(body=b"packed" * 100, headers={"Content-Encoding": "gzip"})

    assert take(bomb, upload)[1] == b"packed" * 100


def test_a_local_file_is_taken_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"here")
    taken, content = take(small, lambda _: LocalFile(path))
    assert isinstance(taken, Fetched) and taken.path == path and content == b"here"
    assert path.exists()


def test_what_a_killed_process_left_is_removed(own_tmp: Path) -> None:
    dead = own_tmp / "soundmap-bot-999999999-x"
    dead.mkdir()
    (dead / "sound").write_bytes(b"x")
    living = own_tmp / "soundmap-bot-1-x"
    living.mkdir()
    assert remove_leftovers() == 1
    assert not dead.exists() and living.exists()


def test_a_full_disk_is_said_to_be_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    assert take(small, upload)[0] == "disk_full"
