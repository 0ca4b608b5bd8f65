"""Fetches the sound behind a link: directly if it is audio, through yt-dlp if it is a page.

Of a long mp3, only the middle is fetched where the server supports ranges: the rest is not heard.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiohttp

from soundmap.audio.skipping import container_of, frame_start
from soundmap.errors import BadLink, BadSound
from soundmap.files import sha256_of
from soundmap.links import direct
from soundmap.links.limits import Limits, Lookup, look_up
from soundmap.links.pages import SAVED_AS, fetch_page
from soundmap.types import Origin

_MIDDLE_BYTES = 40 * 320_000 // 8  # 40 s at the highest bit rate of mp3
_LONG_BYTES = 2 * _MIDDLE_BYTES
_PAGE = re.compile(rb"<(!doctype|html|head|body|script|\?xml)", re.IGNORECASE)
_MAYBE_A_PAGE = (401, 403, 405, 406, 429)  # what sites answer to visitors without a browser


@dataclass(frozen=True, slots=True)
class Fetched:
    """A downloaded file, the SHA-256 of its content in hex, and where it came from."""

    path: Path
    sha256: str
    origin: Origin | None = None


class Fetcher:
    """Fetches sounds within limits.  Use it in an ``async with`` block."""

    def __init__(self, limits: Limits, look_up: Lookup = look_up) -> None:
        self.limits, self._look_up = limits, look_up

    async def __aenter__(self) -> Fetcher:
        self._trusted = direct.trusted_session(self.limits)
        self._guarded = direct.guarded_session(self.limits, self._look_up)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._trusted.close()
        await self._guarded.close()

    async def upload(self, url: str, folder: Path, authorization: str = "") -> Fetched:
        """Fetches a file from a chat platform.

        With ``authorization``, the value of that header, no redirect is followed.  Raises BadLink.
        """
        headers = {"Authorization": authorization} if authorization else {}
        async with direct.opened(self._trusted, url, self.limits, headers) as response:
            self.limits.check_size(response.content_length or 0)
            path = folder / SAVED_AS
            return Fetched(path, await direct.save(b"", response.content, path, self.limits))

    async def link(self, url: str, folder: Path) -> Fetched:
        """Fetches the sound behind an address from a stranger.  Raises BadLink or BadSound."""
        url = _tidy(url)
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._straight(url, folder) or await self._from_page(url, folder)
        except TimeoutError as error:
            raise BadLink("slow", seconds=self.limits.seconds) from error

    async def _straight(self, url: str, folder: Path) -> Fetched | None:
        """The file itself; None if the address leads to a page."""
        try:
            async with direct.opened(self._guarded, url, self.limits) as response:
                head = await direct.head_of(response.content)
                if _is_page(head, response):
                    return None
                kind, size = container_of(head), response.content_length or 0
                path, origin = folder / SAVED_AS, _origin_of(response)
                ranges = response.headers.get("Accept-Ranges", "").strip().lower() == "bytes"
                if not (kind == "mp3" and ranges and size > _LONG_BYTES):
                    self.limits.check_size(size)
                    content = response.content
                    return Fetched(
                        path, await direct.save(head, content, path, self.limits), origin
                    )
            return Fetched(path, await self._middle(str(response.url), size, path), origin)
        except BadLink as error:
            if error.code == "refused" and error.facts["status"] in _MAYBE_A_PAGE:
                return None
            raise

    async def _middle(self, url: str, size: int, path: Path) -> str:
        """Saves the middle of a long mp3, from its first whole frame on; returns the SHA-256."""
        start = (size - _MIDDLE_BYTES) // 2
        part = {"Range": f"bytes={start}-{start + _MIDDLE_BYTES - 1}"}
        async with direct.opened(self._guarded, url, self.limits, part) as response:
            if response.status != 206:  # it offered ranges but sends the whole
                self.limits.check_size(response.content_length or 0)
                return await direct.save(b"", response.content, path, self.limits)
            head = await direct.head_of(response.content)
            return await direct.save(head[frame_start(head) :], response.content, path, self.limits)

    async def _from_page(self, url: str, folder: Path) -> Fetched:
        facts = await fetch_page(url, folder, self.limits, self._look_up)
        path = folder / SAVED_AS
        origin = Origin(facts["site"], facts["title"], facts["uploader"], facts["page"])
        return Fetched(path, await asyncio.to_thread(sha256_of, path), origin)


async def fetch_once(url: str, folder: Path, limits: Limits | None = None) -> Fetched:
    """Fetches one link with a fetcher of its own.  Raises BadLink or BadSound."""
    async with Fetcher(limits or Limits()) as fetcher:
        return await fetcher.link(url, folder)


def _tidy(url: str) -> str:
    """An address without the spaces and angle brackets that people paste along."""
    return url.strip().removeprefix("<").removesuffix(">").strip()


def _is_page(head: bytes, response: aiohttp.ClientResponse) -> bool:
    try:
        container_of(head)
    except BadSound as error:
        if error.code == "playlist":
            raise
        return response.content_type == "text/html" or bool(_PAGE.search(head[:1024]))
    return False


def _origin_of(response: aiohttp.ClientResponse) -> Origin:
    name = unquote(urlsplit(str(response.url)).path).rsplit("/", 1)[-1]
    return Origin(response.url.host or "", name, "", str(response.url))
