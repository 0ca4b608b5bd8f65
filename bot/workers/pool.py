"""The pool of child processes that listen to files for the service.

Each seat holds one child at a time (see :mod:`bot.workers.child`), so a death affects one file
only.  Failures are values: the refusal of a sound, or one of ``worker_deadline`` (``seconds``),
``worker_died``, ``worker_memory``, ``worker_failed``, ``no_workers`` and ``closing``.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.types import Heard, Refusal
from bot.workers.child import Child, NeverBegan
from bot.workers.job import OUT_OF_MEMORY, Fault
from soundmap.audio.windows import ALL_OVER, Look

JOBS_PER_CHILD = 500  # then it is replaced, which bounds leaks
_TRIES = 3  # for a file whose child died before it began, and for starts
_OF_A_FILE = ("worker_died", "worker_deadline", "worker_memory", "worker_failed")
_LONGEST_PAUSE_S = 30.0  # between failing starts
_log = logging.getLogger(__name__)


class Workers:
    """A pool of ``n`` children that hold the bundle in a folder.  Use it in ``async with``.

    A child may listen to a file for ``deadline_s`` seconds and hold ``memory_mb`` MiB of data; it
    needs about 120 MiB when idle and 160 at its peak.  ``replaced`` counts deaths of any kind.
    """

    def __init__(self, bundle: Path, n: int, deadline_s: float, memory_mb: int) -> None:
        self.replaced = 0
        self._bundle, self._n = bundle, n
        self._deadline_s, self._memory_mb = deadline_s, memory_mb
        self._children: set[Child] = set()
        self._idle: list[Child] = []
        self._turn, self._changed = asyncio.Lock(), asyncio.Condition()
        self._trouble: Refusal | None = None
        self._closing = False
        self._seats: list[asyncio.Task[None]] = []
        self._running: set[asyncio.Task[Heard | Refusal | None]] = set()

    async def __aenter__(self) -> Workers:
        self._seats = [asyncio.create_task(self._keep_seat()) for _ in range(self._n)]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Kills all children; waiting requests are refused with ``closing``."""
        self._closing = True
        await self._tell()
        for seat in self._seats:
            seat.cancel()
        await asyncio.gather(*self._seats, *self._running, return_exceptions=True)

    @property
    def pids(self) -> list[int]:
        """Process ids of the children that are warm, idle or busy."""
        return [child.pid for child in self._children if child.usable]

    @property
    def alive(self) -> int:
        """Number of children that are warm, idle or busy."""
        return len(self.pids)

    async def ready(self) -> Refusal | None:
        """Waits for a warm child; None once there is one, or the reason that none can start."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._closing or self._trouble or self.alive)
        return None if self.alive and not self._closing else self._excuse()

    async def listen(self, path: Path, sha256: str = "", look: Look = ALL_OVER) -> Heard | Refusal:
        """Has a child listen to a file.  Callers wait for a free child in order of arrival.

        If the caller is canceled, a child that has begun still finishes the file.
        """
        for _ in range(_TRIES):
            child = await self._free_child()
            if child is None:
                return self._excuse()
            use = asyncio.create_task(self._use(child, path, sha256, look))
            self._running.add(use)
            use.add_done_callback(self._running.discard)
            if (outcome := await asyncio.shield(use)) is not None:
                return outcome
        return Refusal("no_workers")

    async def _free_child(self) -> Child | None:
        """Takes an idle child; None if none can start at the moment."""
        async with self._turn, self._changed:
            await self._changed.wait_for(lambda: self._idle or self._hopeless)
            return None if self._hopeless else self._idle.pop()

    @property
    def _hopeless(self) -> bool:
        return self._closing or (self._trouble is not None and not self.alive)

    def _excuse(self) -> Refusal:
        return Refusal("closing") if self._closing else self._trouble or Refusal("no_workers")

    async def _use(
        self, child: Child, path: Path, sha256: str, look: Look
    ) -> Heard | Refusal | None:
        """The outcome of a file; None if the child died before it began."""
        try:
            outcome = await child.listen(path, self._deadline_s, sha256, look)
        except NeverBegan:
            child.kill()
            return None
        if self._closing and not isinstance(outcome, Heard):
            return Refusal("closing")
        if isinstance(outcome, Fault):
            outcome = _logged(outcome)
        if outcome == OUT_OF_MEMORY or child.jobs >= JOBS_PER_CHILD:
            child.kill()
        if child.usable:
            self._idle.append(child)
            await self._tell()
        return outcome

    async def _keep_seat(self) -> None:
        """Keeps one seat filled; waits longer after each start that fails."""
        failures = 0
        while True:
            child = Child(self._bundle, self._memory_mb)
            try:
                trouble = await self._start(child)
                failures = failures + 1 if trouble else 0
                await (self._report(trouble, failures) if trouble else self._employ(child))
            finally:
                await child.dismiss()
            if trouble:
                await asyncio.sleep(min(_LONGEST_PAUSE_S, 0.5 * 2 ** min(failures, 10)))

    async def _start(self, child: Child) -> Refusal | None:
        try:
            outcome = await child.open()
        except NeverBegan as error:
            return Refusal("no_workers", {"cause": error.__cause__ or "it died as it started"})
        if isinstance(outcome, Fault):
            outcome = _logged(outcome)
        if outcome is not None and outcome.code in _OF_A_FILE:  # but there was no file
            return Refusal("no_workers", {"cause": outcome.code})
        return outcome

    async def _employ(self, child: Child) -> None:
        """Offers a child for jobs until it is dead."""
        self._trouble = None
        self._children.add(child)
        self._idle.append(child)
        await self._tell()
        try:
            await child.death()
        finally:
            self._children.discard(child)
            if child in self._idle:
                self._idle.remove(child)
        if child.jobs < JOBS_PER_CHILD:
            self.replaced += 1
            _log.warning("worker %d died after %d files; starting another", child.pid, child.jobs)

    async def _report(self, trouble: Refusal, failures: int) -> None:
        """Reports that children cannot start: one death may be chance, three in a row are not."""
        if trouble.code == "no_workers" and failures < _TRIES:
            return
        if self._trouble is None or trouble.code != self._trouble.code:
            _log.error("no worker can start: %s %s", trouble.code, trouble.facts)
        self._trouble = trouble
        await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _logged(fault: Fault) -> Refusal:
    _log.error("a worker failed: %s", fault.text)
    return Refusal("worker_failed")
