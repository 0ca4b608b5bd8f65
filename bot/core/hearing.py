"""Hears sources: fetches each, then takes the result from the cache or from a worker."""

from __future__ import annotations

import asyncio
import weakref
from collections import OrderedDict
from dataclasses import replace

from bot.core.admission import Admission
from bot.core.intake import Intake
from bot.core.metrics import Metrics
from bot.store.store import Store
from bot.types import Heard, Listening, LocalFile, Progress, Refusal, Refused, Source, Watcher
from soundmap.links.fetch import Fetched

KILLS_TO_QUARANTINE = 2
_CACHED_SOUNDS = 256
_OF_THE_FILE = ("missing_file", "is_folder", "not_a_file", "unreadable_file")
_KILLERS = ("worker_died", "worker_deadline", "worker_memory")


class Hearing:
    """Caches the last sounds, so that hearing one again needs no worker."""

    def __init__(
        self,
        intake: Intake,
        admission: Admission,
        workers: Listening,
        store: Store,
        metrics: Metrics,
    ) -> None:
        self._intake, self._admission, self._workers = intake, admission, workers
        self._store, self._metrics = store, metrics
        self._cache: OrderedDict[str, Heard] = OrderedDict()
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def hear(self, person: str, source: Source, watch: Watcher) -> Heard:
        """Hears a source.  Raises Refused, what fetching raises, or StoreError."""
        watch(Progress("fetching"))
        async with self._intake.take(source) as taken:
            lock = self._locks.setdefault(taken.sha256, asyncio.Lock())
            async with lock:  # the same sound posted meanwhile is heard only once
                if heard := self._cached(taken.sha256):
                    return replace(heard, origin=taken.origin)
                async with self._admission.slot(person, watch):
                    watch(Progress("listening"))
                    result = await self._listen(taken)
            if isinstance(result, Refusal):
                raise Refused(result.code, **{**result.facts, "path": _name(result.code, source)})
            self._keep(taken.sha256, result)
            return replace(result, origin=taken.origin)

    async def _listen(self, taken: Fetched) -> Heard | Refusal:
        """Has a worker hear a file; a worker that merely died gets a second try."""
        kills = await self._store.kills(taken.sha256)
        result: Heard | Refusal = Refusal("quarantined")
        while kills < KILLS_TO_QUARANTINE:
            result = await self._workers.listen(taken.path, taken.sha256)
            if isinstance(result, Refusal) and result.code not in _KILLERS:
                break
            if isinstance(result, Heard):
                if kills:  # so the kills were not its fault
                    await self._store.pardon(taken.sha256)
                break
            self._metrics.killed(result.code)
            kills = await self._store.add_kill(taken.sha256)
            if result.code != "worker_died":
                break
        return result

    def _cached(self, sha256: str) -> Heard | None:
        if heard := self._cache.get(sha256):
            self._cache.move_to_end(sha256)
            self._metrics.cached()
        return heard

    def _keep(self, sha256: str, heard: Heard) -> None:
        if sha256:
            self._cache[sha256] = heard
            if len(self._cache) > _CACHED_SOUNDS:
                self._cache.popitem(last=False)


def _name(code: str, source: Source) -> object:
    """The ``path`` fact of a refusal: the real path only for a file named at this machine."""
    if code not in _OF_THE_FILE:
        return "the model bundle"
    return source.path if isinstance(source, LocalFile) else "that file"
