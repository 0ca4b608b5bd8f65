"""Of an mp3 behind a link only the windows that are heard, if its server sends parts of files.

While they are asked for, the first answer stays open: whenever something is not as it should be,
it goes on as the whole file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import aiohttp

from soundmap.audio.excerpt import most_bytes, ranges_of, write_excerpt
from soundmap.audio.mp3_map import Mp3Map, map_of
from soundmap.audio.skipping import behind_tag
from soundmap.audio.slices import Slice
from soundmap.audio.tags import end_of_sound
from soundmap.audio.windows import Look
from soundmap.errors import BadLink
from soundmap.files import sha256_of
from soundmap.links.body import body_of
from soundmap.links.direct import Web, accepts_ranges
from soundmap.links.limits import Limits

_AT_ONCE = 4
_PART_SECONDS = 5.0  # until more comes; some servers answer one request at a time
_FIRST_BYTES, _LAST_BYTES = 16 * 1024, 4 * 1024
_MOST_SHARE, _LEAST_SAVED = 0.6, 512 * 1024  # else the whole costs about as much
_SILENCE = 3  # times the limit are written to the disk at most; it takes 16 MB an hour at 44.1 kHz


class Parts:
    """The file whose first answer is open, and the parts that its server sends of it."""

    def __init__(self, web: Web, response: aiohttp.ClientResponse, limits: Limits) -> None:
        self._web, self._url, self._limits = web, str(response.url), limits
        packed = bool(response.headers.get("Content-Encoding"))
        offered = response.status == 200 and accepts_ranges(response) and not packed
        self._size = (response.content_length or 0) if offered else 0

    async def save(self, head: bytes, look: Look, path: Path) -> str | None:
        """Saves an mp3 that begins with ``head`` as far as ``look`` needs it, the rest as silence
        (``write_excerpt``); returns the SHA-256 in hex of what was written.

        None if the whole is to be fetched: where that costs about as much, where parts are not
        sent, or where their frames are not what the first ones and the length of the file say.
        """
        song = await self._song(head, look)
        if song is None or not (wanted := self._wanted(song, look)):
            return None
        if not song.sure and (self._size <= self._limits.max_bytes or look.start_s is not None):
            return None
        if (data := await self._sent(wanted)) is None:
            return None
        parts = zip((part.start for part in wanted), data, strict=True)
        written = await asyncio.to_thread(write_excerpt, path, song, parts)
        return await asyncio.to_thread(sha256_of, path) if written else None

    async def _song(self, head: bytes, look: Look) -> Mp3Map | None:
        """The map of the file; None at once if the head tells that no part of it is worth it."""
        at = behind_tag(head)
        if at >= self._size or (not at and not self._wanted(map_of(head, 0, self._size), look)):
            return None
        places = [range(max(0, self._size - _LAST_BYTES), self._size)]
        if at:
            places.append(range(at, min(at + _FIRST_BYTES, self._size)))
        if (sent := await self._sent(places)) is None:
            return None
        known = Slice(BytesIO(), [(0, places[0].start), sent[0]])
        end = end_of_sound(cast(BinaryIO, known), self._size)
        return map_of(sent[1] if at else head, at, end)

    def _wanted(self, song: Mp3Map | None, look: Look) -> list[range]:
        """The parts that ``look`` needs; none if the whole costs about as much, or too large."""
        wanted = ranges_of(song, look) if song else []
        n_bytes, most = sum(map(len, wanted)), self._limits.max_bytes
        if not song or n_bytes > most or most_bytes(song, wanted) > _SILENCE * most:
            return []
        saves = n_bytes <= min(_MOST_SHARE * self._size, self._size - _LEAST_SAVED)
        return wanted if saves or self._size > most else []

    async def _sent(self, parts: Sequence[range]) -> list[bytes] | None:
        """The parts, up to four at once; None as soon as one of them does not come."""
        turn = asyncio.Semaphore(_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._part(part, turn)) for part in parts]
        except* (BadLink, TimeoutError):
            tasks = []
        return [task.result() for task in tasks] or None

    async def _part(self, part: range, turn: asyncio.Semaphore) -> bytes:
        """Raises BadLink, or TimeoutError where nothing comes for some seconds."""
        place, data = f"{part.start}-{part.stop - 1}", bytearray()
        now = asyncio.get_running_loop().time
        async with (
            turn,
            asyncio.timeout(_PART_SECONDS) as patience,
            self._web.opened(self._url, {"Range": f"bytes={place}"}) as response,
        ):
            where = response.headers.get("Content-Range", "")
            if response.status != 206 or where != f"bytes {place}/{self._size}":
                raise BadLink("refused", status=response.status)
            async for piece in body_of(response):
                data += piece
                patience.reschedule(now() + _PART_SECONDS)
                if len(data) >= len(part):
                    return bytes(data[: len(part)])
        raise BadLink("unreachable")
