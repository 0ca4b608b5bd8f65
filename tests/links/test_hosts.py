"""A host that cannot be is refused with a sentence, wherever it is named."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from soundmap.errors import SoundMapError
from soundmap.links.fetch import Fetcher, fetch_once
from soundmap.links.limits import Limits
from tests.links.served import on_server
from tests.loopback.wild import (
    Wild,
    redirect,
)

NO_HOSTS = [
    "http://a..b/a.mp3", "http://.org/a.mp3", f"http://{'a' * 300}.org/a.mp3", "http://../",
    "http://./",
    f"http://{'a' * 64}.org/", f"http://{'a.' * 150}org/", "http://a.org../", "http://-.invalid/",
    "http://a_b..invalid/", "http://[::1/", "http://[v1.x]/", "http://[]/", "http://x.org:99999/",
    "http://x.org:port/", "http://x.org:-1/", "http://\x00.invalid/", "http://a b.invalid/",
    "http://@/",
    "http://:80/", "http://xn--\u200d.invalid/", "http://xn--a.invalid/", "http://%00.invalid/",
    "http://\u2024/",
    "http://*.invalid/", "http://\ud800.invalid/", "https:///x", "http:x.org",
    "http://a\u3002\u3002b/",
    "http://0x7f.1/", "http://127.1/", "http://1.2.3.4.5/", "http://999.1.1.1/",
    "http://\u0661.1.1.1/",
]  # fmt: skip


@pytest.mark.parametrize("url", NO_HOSTS)
def test_a_host_that_cannot_be_has_a_sentence(url: str, tmp_path: Path) -> None:
    with pytest.raises(SoundMapError) as caught:
        asyncio.run(fetch_once(url, tmp_path))
    assert caught.value.code in ("no_link", "unreachable", "private_link")
    assert str(caught.value)


@pytest.mark.parametrize("url", [u for u in NO_HOSTS if "\x00" not in u and "\ud800" not in u])
def test_a_redirect_to_such_a_host_has_one_too(url: str, tmp_path: Path) -> None:
    async def work(server: Wild) -> None:
        async with Fetcher(Limits(allowed=server.allowed)) as fetcher:  # the system's resolver
            with pytest.raises(SoundMapError) as caught:
                await fetcher.link(f"{server.base}/a.mp3", tmp_path)
            assert caught.value.code in ("no_link", "unreachable", "private_link", "gone")

    on_server({"/a.mp3": redirect(url)}, work)
