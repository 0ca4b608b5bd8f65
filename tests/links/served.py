"""Fetches links from a server made for the test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from soundmap.audio.windows import MIDDLE, Look
from soundmap.errors import SoundMapError
from soundmap.links.fetch import Fetched, Fetcher
from soundmap.links.limits import Limits
from tests.loopback.wild import (
    Answer,
    Wild,
    http,
    wild,
)


def limits_of(server: Wild, seconds: float, max_mb: float, private: tuple[str, ...] = ()) -> Limits:
    allowed = server.allowed
    return Limits(max_mb, seconds, redirects=4, private_hosts=private, allowed=allowed)


async def fetched(
    server: Wild,
    url: str,
    folder: Path,
    seconds: float = 12,
    max_mb: float = 25,
    private: tuple[str, ...] = (),
    look: Look = MIDDLE,
) -> Fetched | str:
    """What is behind a link, or the code of what is wrong."""
    folder.mkdir(exist_ok=True)
    url = url if "://" in url else f"{server.base}{url}"
    limits = limits_of(server, seconds, max_mb, private)
    async with Fetcher(limits, server.look_up) as fetcher:
        try:
            return await fetcher.link(url, folder, look)
        except SoundMapError as error:
            assert str(error)
            return error.code


def on_server(answers: dict[str, Answer], work: Callable[[Wild], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with wild(answers) as server:
            await work(server)

    asyncio.run(asyncio.wait_for(whole(), 60))


def bytes_of(answers: dict[str, Answer], folder: Path, path: str = "/a.mp3") -> bytes:
    """The bytes that are fetched from a server with these answers."""
    found: list[bytes] = []

    async def work(server: Wild) -> None:
        result = await fetched(server, path, folder)
        assert isinstance(result, Fetched), result
        found.append(result.path.read_bytes())

    on_server(answers, work)
    return found[0]


def code_of(answers: dict[str, Answer], folder: Path, path: str = "/a.mp3", **how: float) -> str:
    """The code with which a server with these answers is refused."""
    found: list[str] = []

    async def work(server: Wild) -> None:
        result = await fetched(server, path, folder, **how)  # type: ignore[arg-type]
        assert isinstance(result, str)
        found.append(result)

    on_server(answers, work)
    return found[0]


def page_of(source: str) -> bytes:
    body = f'<html><title>A page</title><audio src="{source}"></audio></html>'
    return http(body.encode(), "Content-Type: text/html")
