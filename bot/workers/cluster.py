"""The workers of a Dask cluster, with the same interface as the children of this machine."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.types import Heard, Refusal
from bot.workers.remote import listen
from soundmap import cluster
from soundmap.audio.windows import ALL_OVER, Look
from soundmap.errors import BadSound

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Remote

GONE = Refusal("no_cluster")
PATIENCE_SECONDS = 300.0
"""A sound that waits longer than this is given up."""
_log = logging.getLogger(__name__)


class ClusterWorkers:
    """Like ``pool.Workers``, but at the address of a scheduler.  Use it in ``async with``.

    The scheduler need not be up yet.  It is looked for until found, also after it was lost;
    meanwhile each request is refused with ``no_cluster``.  When a worker dies, another takes its
    sound.  ``deadline_s`` and ``memory_mb`` apply on the workers as they do here.
    """

    def __init__(self, address: str, bundle: Path, deadline_s: float, memory_mb: int) -> None:
        self.replaced = self.alive = 0
        self._address, self._bundle = address, bundle
        self._limits = deadline_s, memory_mb
        self._changed = asyncio.Condition()
        self._tried = self._closing = False
        self._client: Client | None = None
        self._parts: Remote | None = None
        self._away = asyncio.Event()  # set when the current client is lost

    async def __aenter__(self) -> ClusterWorkers:
        self._keeping = asyncio.create_task(self._keep_connected())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Refuses waiting requests with ``closing``."""
        self._closing = True
        self._away.set()
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        await self._tell()

    async def ready(self) -> Refusal | None:
        """Waits for a worker; None once there is one, or the refusal if there is none."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._closing or self.alive or self._tried)
        return None if self.alive and not self._closing else self._excuse()

    async def listen(self, path: Path, sha256: str = "", look: Look = ALL_OVER) -> Heard | Refusal:
        """Sends a file to a worker; returns what it hears."""
        if trouble := await self.ready():
            return trouble
        try:
            data = await asyncio.to_thread(cluster.bytes_of, path)
        except BadSound as error:
            return Refusal(error.code, error.facts)
        except OSError:
            return Refusal("missing_file")
        try:
            return await self._listen(data, cluster.ending_of(path), sha256, look)
        except (OSError, RuntimeError):  # the client lost the cluster first
            return self._excuse()

    async def _listen(self, data: bytes, ending: str, sha256: str, look: Look) -> Heard | Refusal:
        if self._client is None:  # it was lost meanwhile
            return GONE
        key, away = cluster.new_key("sound"), self._away
        how: dict[str, Any] = {"key": key, "pure": False}
        remote = self._client.submit(
            listen, self._parts, data, ending, sha256, look, *self._limits, **how
        )
        answer = asyncio.ensure_future(_result(remote))
        gone = asyncio.ensure_future(away.wait())
        first = asyncio.FIRST_COMPLETED
        try:
            await asyncio.wait({answer, gone}, timeout=PATIENCE_SECONDS, return_when=first)
            return answer.result() if answer.done() else self._excuse()
        finally:
            for task in (answer, gone):
                task.cancel()
            remote.release()

    def _excuse(self) -> Refusal:
        return Refusal("closing") if self._closing else GONE

    async def _keep_connected(self) -> None:
        """Connects to the cluster, and reconnects whenever it is lost."""
        told = ""
        while True:
            try:
                await cluster.look_for(self._address)
                async with cluster.connect(self._address, asynchronous=True) as client:
                    told = ""
                    await self._serve(client)
                reason = f"{self._address} has no workers, or its scheduler does not answer"
            except Exception as error:  # any error ends up as a refusal
                reason = str(error)
            if reason != told:
                _log.error("no cluster listens: %s", reason)
            told, self._tried = reason, True
            await self._tell()
            await asyncio.sleep(cluster.LOOK_SECONDS)

    async def _serve(self, client: Client) -> None:
        """Uses a client until its cluster is gone."""
        parts = cluster.parts_of(self._bundle)
        key = cluster.new_key("bundle")
        self._parts = client.submit(cluster.parts_there, parts, key=key, pure=False)
        self._client, self._away, self._tried = client, asyncio.Event(), False
        missed = 0.0
        try:
            while missed < cluster.GONE_SECONDS:
                self.alive = await _threads(client)
                missed = 0.0 if self.alive else missed + cluster.LOOK_SECONDS
                await self._tell()
                await asyncio.sleep(cluster.LOOK_SECONDS)
        finally:
            self.alive, self._client = 0, None
            self._away.set()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


async def _threads(client: Client) -> int:
    """Threads of all workers; 0 if the scheduler does not answer."""
    try:
        found = await asyncio.wait_for(client.nthreads(), cluster.LOOK_SECONDS)
    except Exception:
        return 0
    return sum(found.values())


async def _result(remote: Remote) -> Heard | Refusal:
    from distributed import KilledWorker

    try:
        outcome: Heard | Refusal = await remote.result()
        return outcome
    except KilledWorker:
        return Refusal("worker_died")
    except Exception:
        if remote.status in ("cancelled", "lost"):  # the state after the scheduler was lost
            return GONE
        # such as another version of SoundMap over there
        _log.exception("a cluster's worker failed")
        return Refusal("worker_failed")
