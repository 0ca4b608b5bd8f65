"""Fetches the sound behind a link: directly if it is audio, through yt-dlp if it is a page.

Of a long mp3 only the windows that are heard are fetched, if the server sends parts of files.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import aiohttp

from soundmap.audio.skipping import container_of
from soundmap.audio.windows import MIDDLE, Look
from soundmap.errors import BadLink, BadSound
from soundmap.files import sha256_of
from soundmap.links.body import body_of, head_of, save
from soundmap.links.direct import Web
from soundmap.links.limits import Limits, Lookup, look_up
from soundmap.links.pages import SAVED_AS, fetch_page
from soundmap.links.parts import Parts
from soundmap.links.text import link_of
from soundmap.types import Origin

_PAGE = re.compile(rb"<(!doctype|html|head|body|script|\?xml)", re.IGNORECASE)
_HLS = b"#EXT-X-"  # a tag that every playlist of HLS has, and no list of songs (RFC 8216)
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
        self._trusted = await Web(self.limits).__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._trusted.__aexit__()

    async def upload(self, url: str, folder: Path, authorization: str = "") -> Fetched:
        """Fetches a file from a chat platform.

        With ``authorization``, the value of that header, no redirect is followed.  Raises BadLink.
        """
        headers = {"Authorization": authorization} if authorization else {}
        async with self._trusted.opened(url, headers) as response:
            self.limits.check_size(response.content_length or 0)
            path = folder / SAVED_AS
            return Fetched(path, await save(b"", body_of(response), path, self.limits))

    async def link(self, url: str, folder: Path, look: Look = MIDDLE) -> Fetched:
        """Fetches the sound behind an address from a stranger, as much of it as ``look`` needs.

        Raises BadLink or BadSound.
        """
        url = link_of(url) or url.strip()
        try:
            async with asyncio.timeout(self.limits.seconds):
                found = await self._straight(url, folder, look)
                return found or await self._from_page(url, folder)
        except TimeoutError as error:
            raise BadLink("slow", seconds=self.limits.seconds) from error

    async def _straight(self, url: str, folder: Path, look: Look) -> Fetched | None:
        """The file itself; None if the address leads to a page or a playlist of a page's kind."""
        path = folder / SAVED_AS
        try:
            async with Web(self.limits, self._look_up) as web, web.opened(url) as response:
                body = body_of(response)
                head = await head_of(body)
                if _is_page(head, response):
                    return None
                kind, origin = container_of(head), _origin_of(response)
                parts = Parts(web, response, self.limits)
                if kind in ("mp3", None) and (sha256 := await parts.save(head, look, path)):
                    return Fetched(path, sha256, origin)
                self.limits.check_size(response.content_length or 0)
                return Fetched(path, await save(head, body, path, self.limits), origin)
        except BadLink as error:
            if error.code == "refused" and error.facts["status"] in _MAYBE_A_PAGE:
                return None
            raise

    async def _from_page(self, url: str, folder: Path) -> Fetched:
        facts = await fetch_page(url, folder, self.limits, self._look_up)
        path = folder / SAVED_AS
        origin = Origin(facts["site"], facts["title"], facts["uploader"], facts["page"])
        return Fetched(path, await asyncio.to_thread(sha256_of, path), origin)


async def fetch_once(
    url: str, folder: Path, limits: Limits | None = None, look: Look = MIDDLE
) -> Fetched:
    """Fetches one link with a fetcher of its own.  Raises BadLink or BadSound."""
    async with Fetcher(limits or Limits()) as fetcher:
        return await fetcher.link(url, folder, look)


def _is_page(head: bytes, response: aiohttp.ClientResponse) -> bool:
    try:
        container_of(head)
    except BadSound as error:
        if error.code == "playlist":
            if _HLS in head:
                return True
            raise
        return response.content_type == "text/html" or bool(_PAGE.search(head[:1024]))
    return False


def _origin_of(response: aiohttp.ClientResponse) -> Origin:
    name = response.url.raw_path.rpartition("/")[2]
    with contextlib.suppress(UnicodeDecodeError):  # codes of another encoding stay codes
        name = unquote(name, errors="strict")
    return Origin(response.url.host or "", name, "", str(response.url))
