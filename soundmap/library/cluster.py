"""Listens to files on a Dask cluster, in processes of other machines."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from soundmap import cluster
from soundmap.audio.windows import DEFAULT_WINDOWS
from soundmap.errors import BadSound, SoundMapError
from soundmap.library.jobs import Failure, HeardFile, hear_file
from soundmap.library.processes import Processes

if TYPE_CHECKING:
    from distributed import Future as Remote

Outcome = HeardFile | Failure
_lock = threading.Lock()
_processes: dict[Path, Processes] = {}


class Cluster:
    """The workers of the scheduler at ``address``, listening with the bundle in a folder.

    Use it in a ``with`` block.  Workers may join and leave.  When one dies, its files go to
    another.  If no worker is left, or no scheduler, for ``cluster.GONE_SECONDS``, every future
    raises ``cluster_gone``.
    """

    def __init__(self, address: str, bundle: Path) -> None:
        self._address, self._bundle = address, bundle
        self._waiting: dict[str, tuple[Future[Outcome], Remote]] = {}
        self._slots = 0
        self._is_gone = False
        self._closing = threading.Event()
        self._watch = threading.Thread(target=self._look_now_and_then, daemon=True)

    def __enter__(self) -> Cluster:
        """Raises NotInstalled ``needs_dask``, SoundMapError ``no_cluster``, or BadBundle."""
        parts = cluster.parts_of(self._bundle)
        asyncio.run(cluster.look_for(self._address))
        self._client = cluster.connect(self._address)
        self._parts = self._client.submit(
            cluster.parts_there, parts, key=cluster.new_key("bundle"), pure=False
        )
        self._slots = self._threads()
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._watch.join()
        with _lock:
            left = [remote for _, remote in self._waiting.values()]
            self._waiting.clear()
        if not self._is_gone:
            self._client.cancel(left, force=True)
        with suppress(OSError):  # of a scheduler that does not answer
            self._client.close(timeout=cluster.LOOK_SECONDS)

    @property
    def slots(self) -> int:
        """How many files are heard at once at the moment, at least 1."""
        return max(1, self._slots)

    def submit(self, path: Path, windows: int = DEFAULT_WINDOWS) -> Future[Outcome]:
        """Queues a file for the next free worker, to be heard in up to ``windows`` windows."""
        future: Future[Outcome] = Future()
        try:
            data = cluster.bytes_of(path) if path.is_file() else None
        except BadSound as error:
            future.set_result(Failure(error.code, error.facts))
            return future
        except OSError:
            data = None
        if data is None:  # hear_file names the reason it cannot be opened
            future.set_result(hear_file(self._bundle, path, windows))
            return future
        self._send(future, data, cluster.ending_of(path), windows)
        return future

    def _send(self, future: Future[Outcome], data: bytes, ending: str, windows: int) -> None:
        key = cluster.new_key("file")
        try:
            remote = self._client.submit(
                _hear, self._parts, data, ending, windows, key=key, pure=False
            )
        except (OSError, RuntimeError):  # the client lost the scheduler first
            future.set_exception(self._gone())
            return
        with _lock:
            self._waiting[key] = future, remote
        remote.add_done_callback(self._settle)
        if self._is_gone:
            self._give_up()

    def _settle(self, remote: Remote) -> None:
        """Hands over the outcome of a file; called in a thread of the client."""
        with _lock:
            future, _ = self._waiting.pop(remote.key, (None, None))
        if future is None:
            return
        if remote.status in ("cancelled", "lost"):  # the state after the scheduler was lost
            future.set_exception(self._gone())
        else:
            future.set_result(_outcome(remote))

    def _look_now_and_then(self) -> None:
        missed = 0.0
        while not self._closing.wait(cluster.LOOK_SECONDS):
            self._slots = self._threads()
            missed = 0.0 if self._slots else missed + cluster.LOOK_SECONDS
            if missed >= cluster.GONE_SECONDS:
                self._is_gone = True
                self._give_up()

    def _threads(self) -> int:
        """Threads of all workers now; 0 if the scheduler does not answer."""
        try:
            found = self._client.nthreads(callback_timeout=cluster.LOOK_SECONDS)
        except Exception:
            return 0
        return sum(found.values())

    def _give_up(self) -> None:
        with _lock:
            left = [future for future, _ in self._waiting.values()]
            self._waiting.clear()
        for future in left:
            future.set_exception(self._gone())

    def _gone(self) -> SoundMapError:
        return SoundMapError("cluster_gone", address=self._address)


def _outcome(remote: Remote) -> Outcome:
    from distributed import KilledWorker

    try:
        outcome: Outcome = remote.result()
        return outcome
    except KilledWorker:
        return Failure("worker_died")
    except Exception as error:  # such as another version of SoundMap over there
        return Failure("worker_failed", {"reason": f"{type(error).__name__}: {error}"})


def _hear(parts: cluster.Parts, data: bytes, ending: str, windows: int) -> Outcome:
    """Runs in a thread of a worker on another machine: one of its processes hears the sound."""
    with cluster.laid_down(data, ending) as path:
        return _open(parts).submit(path, windows).result()


def _open(parts: cluster.Parts) -> Processes:
    """The processes of this worker, one per thread, kept until it ends."""
    from distributed import get_worker

    with _lock:
        folder = cluster.unpacked(parts)
        if folder not in _processes:
            cluster.allow_children()
            slots = get_worker().state.nthreads
            _processes[folder] = Processes(folder, slots).__enter__()
        return _processes[folder]
