"""Graceful shutdown: lets conversations finish, and ends the jobs that take too long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from bot.types import Refused

_LAST_WORDS_SECONDS = 2.0


class Drain:
    """Tracks every running job, and counts open ``conversations``."""

    def __init__(self) -> None:
        self._jobs: set[asyncio.Timeout] = set()
        self.conversations = 0
        self._all_said = asyncio.Event()
        self._all_said.set()

    @contextmanager
    def conversation(self) -> Iterator[None]:
        """Held from the first acknowledgment until the last message is sent."""
        self.conversations += 1
        self._all_said.clear()
        try:
            yield
        finally:
            self.conversations -= 1
            if not self.conversations:
                self._all_said.set()

    @asynccontextmanager
    async def job(self) -> AsyncIterator[None]:
        """Runs its block as a job that ``finish`` can end, with Refused ``closing``."""
        scope = asyncio.timeout(None)
        self._jobs.add(scope)
        try:
            async with scope:
                yield
        except TimeoutError as error:
            if not scope.expired():
                raise
            raise Refused("closing") from error
        finally:
            self._jobs.discard(scope)

    async def finish(self, seconds: float) -> None:
        """Gives conversations ``seconds`` to end, then ends the jobs that hold them up."""
        if not await self._silence(seconds):
            for job in self._jobs:
                job.reschedule(asyncio.get_running_loop().time())
            await self._silence(_LAST_WORDS_SECONDS)

    async def _silence(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._all_said.wait()
        except TimeoutError:
            return False
        return True
