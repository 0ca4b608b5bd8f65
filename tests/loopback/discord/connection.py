"""One gateway connection: sends payloads in order, compressed if requested."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import deque
from contextlib import suppress

from aiohttp import web

from tests.loopback.discord.model import Json, Session


class Connection:
    """A socket and the session that speaks over it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket, self.request = socket, request
        self.session: Session | None = None
        self.ended: int | None = None  # the code with which the server closed it
        self.last_beat = time.monotonic()
        self._outbox = asyncio.Queue[str | None]()
        self._taken = deque[float]()
        self._why = ""
        wanted = request.query.get("compress")
        self._packer = zlib.compressobj() if wanted == "zlib-stream" else None

    def send(self, payload: Json) -> None:
        """Queues a payload."""
        self.say(json.dumps(payload, separators=(",", ":")))

    def say(self, text: str) -> None:
        """Queues a text, which need not be a payload."""
        if self.ended is None:
            self._outbox.put_nowait(text)

    def close(self, code: int, why: str) -> None:
        """Closes the connection after sending everything in the queue."""
        self.ended, self._why = code, why
        self._outbox.put_nowait(None)

    def cut(self) -> None:
        """Drops the connection without a close frame, as if a cable were cut."""
        if self.request.transport:
            self.request.transport.abort()

    def takes(self, most: int, seconds: float) -> bool:
        """Counts one more payload of the bot, if it may send that many."""
        self._taken.append(time.monotonic())
        while self._taken[0] < time.monotonic() - seconds:
            self._taken.popleft()
        return len(self._taken) <= most

    async def pump(self) -> None:
        """Sends queued payloads until the connection ends."""
        with suppress(ConnectionError, RuntimeError):
            while (text := await self._outbox.get()) is not None:
                await self._send(text)
            await self.socket.close(code=self.ended or 1000, message=self._why.encode())

    async def _send(self, text: str) -> None:
        if self._packer is None:
            await self.socket.send_str(text)
        else:
            packed = self._packer.compress(text.encode()) + self._packer.flush(zlib.Z_SYNC_FLUSH)
            await self.socket.send_bytes(packed)
