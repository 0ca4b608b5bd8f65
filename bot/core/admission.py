"""Decides who may have a sound heard, and when: one job per person, a pause, a bounded queue.

All checks take microseconds and happen before anything is fetched.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from bot.types import Progress, Refused, Watcher

_GUESS_SECONDS = 1.0  # assumed length of a job before any was measured
_LEARNING_RATE = 0.2
_TAP_SHARE = 1 / 3  # of the pause between sounds


@dataclass(eq=False, slots=True)
class _Ticket:
    """A place in the queue; the future ``turn`` is set when its turn comes."""

    turn: asyncio.Future[None]
    watch: Watcher


class Admission:
    """Lets people in.

    ``slots`` sounds are heard at once; ``queue`` more people may fetch theirs and wait in line.
    ``cooldown_s`` is the pause between two sounds of one person.
    """

    def __init__(
        self,
        slots: int,
        queue: int,
        cooldown_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slots, self._queue, self._cooldown_s = slots, queue, cooldown_s
        self._clock = clock
        self._inside: dict[str, _Ticket | None] = {}
        self._free_at: dict[str, float] = {}
        self._line: list[_Ticket] = []
        self._job_s = _GUESS_SECONDS
        self._jobs = 0
        self.running = 0
        self.closing = False

    @property
    def waiting(self) -> int:
        """Number of people in line."""
        return len(self._line)

    @contextmanager
    def job(self, person: str) -> Iterator[None]:
        """Lets a person in with a sound.

        Raises Refused ``closing``, ``one_at_a_time``, ``one_is_heard``, ``cooldown`` or
        ``queue_full``.  All but the first carry the wait in seconds, and a place in line if any.
        """
        with self.alone(person):
            self._check_pause(person)
            if self._jobs >= self._slots + self._queue:
                place = self._jobs - self._slots + 1
                raise Refused("queue_full", place=place, wait_s=self._wait_s(place))
            self._jobs += 1
            try:
                yield
            finally:
                self._jobs -= 1
                self._free_at[person] = self._clock() + self._cooldown_s

    @asynccontextmanager
    async def slot(self, person: str, watch: Watcher) -> AsyncIterator[None]:
        """Waits in line for a slot and holds it while the block runs."""
        await self._wait(person, watch)
        started = self._clock()
        try:
            yield
        finally:
            self._job_s += _LEARNING_RATE * (self._clock() - started - self._job_s)
            self._leave()

    @contextmanager
    def alone(self, person: str) -> Iterator[None]:
        """Holds the person's one job without a slot, for cheap work.  Raises Refused."""
        if self.closing:
            raise Refused("closing")
        if person in self._inside:
            ticket = self._inside[person]
            place = self._line.index(ticket) + 1 if ticket in self._line else 0
            code = "one_at_a_time" if place else "one_is_heard"
            raise Refused(code, place=place, wait_s=self._wait_s(place))
        self._inside[person] = None
        try:
            yield
        finally:
            del self._inside[person]

    @contextmanager
    def tap(self, person: str) -> Iterator[None]:
        """Like ``alone``, with a short pause in between: one tap is cheap, a thousand are not."""
        with self.alone(person):
            self._check_pause(f"tap {person}")
            try:
                yield
            finally:
                self._free_at[f"tap {person}"] = self._clock() + self._cooldown_s * _TAP_SHARE

    def _check_pause(self, person: str) -> None:
        now = self._clock()
        if len(self._free_at) > 10_000:
            self._free_at = {who: at for who, at in self._free_at.items() if at > now}
        if (wait_s := self._free_at.get(person, now) - now) > 0:
            raise Refused("cooldown", wait_s=max(1, round(wait_s)))

    async def _wait(self, person: str, watch: Watcher) -> None:
        if self.running < self._slots:
            self.running += 1
            return
        ticket = _Ticket(asyncio.get_running_loop().create_future(), watch)
        self._inside[person] = ticket
        self._line.append(ticket)
        watch(Progress("queued", place=len(self._line)))
        try:
            await ticket.turn
        except asyncio.CancelledError:
            if ticket in self._line:
                self._line.remove(ticket)
            elif not ticket.turn.cancelled():  # its turn came at the same time
                self._leave()
            raise

    def _leave(self) -> None:
        """Gives a free slot to the first in line; the others move up."""
        self._line = [ticket for ticket in self._line if not ticket.turn.done()]
        if not self._line:
            self.running -= 1
            return
        self._line.pop(0).turn.set_result(None)
        for place, ticket in enumerate(self._line, start=1):
            ticket.watch(Progress("queued", place=place))

    def _wait_s(self, place: int) -> int:
        """Estimated seconds until the job at ``place`` in line is finished."""
        return max(1, round((place / self._slots + 1) * self._job_s))
