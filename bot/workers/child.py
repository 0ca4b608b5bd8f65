"""One child process, seen from its parent: a pebble pool of one, used until the child dies.

Why not one pool of many children?  Pebble's workers share two pipes and two locks.  By its source
and in trials (5.2), a worker that is killed can take a lock with it or leave half a message in a
pipe, and one that is killed while idle breaks the pool and all its tasks.  A task that times out is
stopped only if the locks are free, and three seconds late if the process is suspended.  Here
nothing is shared: a pool is thrown away with its child, and the event loop itself notices deadlines
and deaths.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from bot.types import Heard, Refusal
from bot.workers.confine import clean_start, confine
from bot.workers.job import Fault, begin, listen_within
from soundmap.audio.windows import ALL_OVER, Look
from soundmap.library.signals import not_for_children

START_SECONDS = 60.0
_VERDICT_SECONDS = 1.0  # pebble checks its children every 0.1 s
_DEATH_SECONDS = 1.0
_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class NeverBegan(Exception):
    """The child died before it began, so the caller may ask another one."""


class _OneProcess:
    """A ``spawn`` context for one process: a pool that tries to start a second one ends."""

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.Pipe, self.RLock, self._make = spawn.Pipe, spawn.RLock, spawn.Process
        self.get_start_method = spawn.get_start_method
        self.process: SpawnProcess | None = None

    def Process(self, **how: Any) -> SpawnProcess:  # noqa: N802
        if self.process is not None:
            raise OSError("a pool's only process is dead")
        self.process = self._make(**how)
        return self.process


class Child:
    """A process that holds a bundle, from its start to its death.

    The future ``gone`` is done when the process is dead, however it died.  ``jobs`` counts its
    files.  The kernel kills it when the thread that started it ends, which is the event loop's.
    """

    def __init__(self, folder: Path, memory_mb: int) -> None:
        self.gone = asyncio.get_running_loop().create_future()
        self.jobs = 0
        self._folder = folder
        self._doomed = False
        self._context = _OneProcess()
        self._pool = ProcessPool(1, 0, confine, (memory_mb,), self._context)

    @property
    def pid(self) -> int:
        """Id of the process, 0 before it starts."""
        return (self._context.process and self._context.process.pid) or 0

    @property
    def _process(self) -> SpawnProcess:
        assert self._context.process is not None
        return self._context.process

    @property
    def usable(self) -> bool:
        """Whether the child can take a job."""
        return not self._doomed and not self.gone.done()

    async def open(self) -> Refusal | Fault | None:
        """Starts the process, which opens its bundle; None if that succeeds."""
        return await self._ask(START_SECONDS, begin, self._folder)

    async def listen(
        self, path: Path, seconds: float, sha256: str = "", look: Look = ALL_OVER
    ) -> Heard | Refusal | Fault:
        """Listens to a file within ``seconds``.  Raises NeverBegan."""
        self.jobs += 1
        return await self._ask(seconds, listen_within, seconds, self._folder, path, sha256, look)

    def kill(self) -> None:
        """Kills the process, even if it is suspended or hanging."""
        self._doomed = True
        if self.pid and not self.gone.done():
            self._process.kill()

    async def dismiss(self) -> None:
        """Kills the process if it is alive, and frees its pool."""
        self.kill()
        if self.pid:
            await asyncio.wait({self.gone}, timeout=_DEATH_SECONDS)
            asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._pool.stop()  # type: ignore[no-untyped-call]
        try:
            await asyncio.to_thread(self._pool.join)
        except RuntimeError:
            _log.exception("process %d cannot be ended", self.pid)

    async def death(self) -> None:
        """Waits until the process is dead."""
        await asyncio.wait({self.gone})  # wait() does not cancel it if the caller is canceled

    async def _ask(
        self, seconds: float, function: Callable[..., _Answer], *args: Any
    ) -> _Answer | Refusal | Fault:
        asked = self._schedule(function, *args)
        answer = asyncio.wrap_future(asked)
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        first = asyncio.FIRST_COMPLETED
        await asyncio.wait({answer, self.gone}, timeout=seconds, return_when=first)
        if not answer.done() and not self.gone.done():
            self.kill()
            return Refusal("worker_deadline", {"seconds": seconds})
        if not answer.done() and not self._doomed:
            await asyncio.wait({answer}, timeout=_VERDICT_SECONDS)
        return _verdict(asked)

    def _schedule(self, function: Callable[..., _Answer], *args: Any) -> ProcessFuture[_Answer]:
        """Schedules a task; the first one starts the process."""
        if self.pid:
            return self._submit(function, *args)
        with clean_start(), not_for_children():
            asked = self._submit(function, *args)
        asyncio.get_running_loop().add_reader(self._process.sentinel, self._on_death)
        return asked

    def _submit(self, function: Callable[..., _Answer], *args: Any) -> ProcessFuture[_Answer]:
        try:
            return self._pool.schedule(function, args=args)
        except (RuntimeError, OSError) as error:  # a pool that is broken, or cannot start
            raise NeverBegan from error

    def _on_death(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        if not self.gone.done():
            self.gone.set_result(None)


def _verdict(asked: ProcessFuture[_Answer]) -> _Answer | Refusal | Fault:
    """The answer, or the reason there is none."""
    if not asked.done():
        if asked.running():
            return Refusal("worker_died")
        raise NeverBegan
    error = asked.exception()
    if isinstance(error, BrokenProcessPool):
        raise NeverBegan from error
    if isinstance(error, ProcessExpired):
        return Refusal("worker_died")
    return Fault(f"{type(error).__name__}: {error}") if error else asked.result()
