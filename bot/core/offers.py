"""Reactions for votes, added after an answer is shown: list by list in each channel, not forever.

Chats allow few reactions a second in a channel.  Who waits holds nothing but this; whoever has
waited longest is dropped beyond a bound, and votes by the buttons alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

MOST_WAITING = 8  # lists of one channel: a quarter of a minute in Discord
_log = logging.getLogger(__name__)

Offer = Callable[[], Awaitable[None]]


class Offers:
    """One queue per channel; ``is_closing`` ends them all."""

    def __init__(self, is_closing: Callable[[], bool]) -> None:
        self._is_closing = is_closing
        self._waiting: dict[str, deque[Offer]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """Number of channels in which reactions are added."""
        return len(self._waiting)

    def add(self, channel: str, offer: Offer) -> None:
        """Has a list's reactions added when it is its turn in the channel."""
        if channel in self._waiting:
            self._waiting[channel].append(offer)
            return
        self._waiting[channel] = deque([offer], maxlen=MOST_WAITING)
        task = asyncio.create_task(self._work(channel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, channel: str) -> None:
        waiting = self._waiting[channel]
        try:
            while waiting and not self._is_closing():
                await self._one(waiting.popleft())
        finally:
            del self._waiting[channel]

    async def _one(self, offer: Offer) -> None:
        try:
            await offer()
        except Exception:
            _log.exception("votes could not be offered")
