"""Listens to files in processes of this machine, any of which may die without harm to the rest.

Each process has a thread that hands it one file at a time.  So if it dies, that file is to blame,
and a new process takes the next one.  When the parent is killed, its processes end too, since
their pipe closes.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

from soundmap.audio.windows import DEFAULT_WINDOWS
from soundmap.engines.threads import use_one_thread
from soundmap.library.signals import not_for_children

if TYPE_CHECKING:
    from soundmap.library.jobs import Failure, HeardFile

    Outcome: TypeAlias = HeardFile | Failure

DEADLINE_SECONDS = 300.0
_FAREWELL_SECONDS = 5.0


class Processes:
    """``slots`` processes that listen with the bundle in a folder.

    Use it in a ``with`` block; an error inside ends the processes at once.  A file may take
    ``deadline_s`` seconds.
    """

    def __init__(self, bundle: Path, slots: int, deadline_s: float = DEADLINE_SECONDS) -> None:
        self.slots = slots
        self._bundle, self._deadline_s = bundle, deadline_s
        self._jobs: SimpleQueue[tuple[Path, int, Future[Outcome]] | None] = SimpleQueue()
        self._children: list[_Child] = []
        self._given_up = False
        self._threads = [threading.Thread(target=self._mind, daemon=True) for _ in range(slots)]

    def __enter__(self) -> Processes:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        for _thread in self._threads:
            self._jobs.put(None)
        if failed:
            self._given_up = True
            for child in [*self._children]:
                child.kill()
        for thread in self._threads:
            thread.join(_FAREWELL_SECONDS if failed else None)

    @property
    def pids(self) -> list[int]:
        """Ids of the processes that are alive."""
        return [child.pid for child in self._children if child.pid]

    def submit(self, path: Path, windows: int = DEFAULT_WINDOWS) -> Future[Outcome]:
        """Queues a file for the next free process, to be heard in up to ``windows`` windows."""
        future: Future[Outcome] = Future()
        self._jobs.put((path, windows, future))
        return future

    def _mind(self) -> None:
        """Keeps one process busy until the jobs end; runs in a thread."""
        child = _Child(self._bundle)
        self._children.append(child)
        while (job := self._jobs.get()) and not self._given_up:
            path, windows, future = job
            future.set_result(child.hear(path, windows, self._deadline_s))
        child.dismiss()


class _Child:
    """A process that is started on demand, and again after it died."""

    def __init__(self, bundle: Path) -> None:
        self._bundle = bundle
        self._process: SpawnProcess | None = None

    @property
    def pid(self) -> int:
        """Id of the process, 0 while there is none."""
        return (self._process and self._process.pid) or 0

    def hear(self, path: Path, windows: int, seconds: float) -> Outcome:
        """The outcome of a file; a Failure if the process died or took longer than ``seconds``."""
        from soundmap.library.jobs import Failure

        try:
            if self._process is None:
                self._start()
            self._talk.send((path, windows))
            if self._talk.poll(seconds):
                outcome: Outcome = self._talk.recv()
                return outcome
            failure = Failure("worker_deadline", {"seconds": seconds})
        except (EOFError, OSError):
            failure = Failure("worker_died")
        except Exception as error:  # half an answer: it died while sending
            failure = Failure("worker_failed", {"reason": f"{type(error).__name__}: {error}"})
        self.kill()
        self._process = None
        return failure

    def kill(self) -> None:
        """Kills the process."""
        if process := self._process:
            process.kill()
            process.join(_FAREWELL_SECONDS)

    def dismiss(self) -> None:
        """Lets the process end."""
        if process := self._process:
            self._talk.close()
            process.join(_FAREWELL_SECONDS)
            self._process = None

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._talk, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._bundle), daemon=True)
        with not_for_children():
            process.start()
        theirs.close()
        self._process = process


def _serve(talk: Connection, bundle: Path) -> None:
    """The process's main loop: receives what to hear, sends outcomes, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Windows, which blocks nothing
    use_one_thread()  # before numpy is loaded: threads of many processes only wait
    from soundmap.library.jobs import hear_file

    with suppress(EOFError, OSError):
        while True:
            talk.send(hear_file(bundle, *talk.recv()))
