"""Hears sources: fetches each, then takes the result from the cache or from a worker."""

from __future__ import annotations

import asyncio
import weakref
from collections import OrderedDict

from bot.core.admission import Admission
from bot.core.intake import Intake
from bot.core.metrics import Metrics
from bot.store.store import Store
from bot.types import Heard, Link, Listening, LocalFile, Progress, Refusal, Refused, Source, Watcher
from soundmap.audio.windows import Look
from soundmap.links.fetch import Fetched
from soundmap.links.start import start_in

KILLS_TO_QUARANTINE = 2
_CACHED_SOUNDS = 256
_OF_THE_FILE = ("missing_file", "is_folder", "not_a_file", "unreadable_file")
_Key = tuple[str, Look]
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
        windows: int,
    ) -> None:
        self._windows = windows
        self._intake, self._admission, self._workers = intake, admission, workers
        self._store, self._metrics = store, metrics
        self._cache: OrderedDict[_Key, Heard] = OrderedDict()
        self._locks: weakref.WeakValueDictionary[_Key, asyncio.Lock] = weakref.WeakValueDictionary()

    async def hear(self, person: str, source: Source, watch: Watcher) -> Heard:
        """Hears a source.  Raises Refused, what fetching raises, or StoreError."""
        watch(Progress("fetching"))
        look = Look(min(self._windows, source.windows), _start_of(source))
        async with self._intake.take(source, look) as taken:
            key = taken.sha256, look
            lock = self._locks.setdefault(key, asyncio.Lock())
            async with lock:  # the same sound posted meanwhile is heard only once
                if heard := self._cached(key):
                    return heard.come_from(taken.origin)
                async with self._admission.slot(person, watch):
                    watch(Progress("listening"))
                    result = await self._listen(taken, look)
            if isinstance(result, Refusal):
                raise Refused(result.code, **{**result.facts, "path": _name(result.code, source)})
            self._keep(key, result)
            return result.come_from(taken.origin)

    async def _listen(self, taken: Fetched, look: Look) -> Heard | Refusal:
        """Has a worker hear a file; a worker that merely died gets a second try."""
        kills = await self._store.kills(taken.sha256)
        result: Heard | Refusal = Refusal("quarantined")
        while kills < KILLS_TO_QUARANTINE:
            result = await self._workers.listen(taken.path, taken.sha256, look)
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

    def _cached(self, key: _Key) -> Heard | None:
        if heard := self._cache.get(key):
            self._cache.move_to_end(key)
            self._metrics.cached()
        return heard

    def _keep(self, key: _Key, heard: Heard) -> None:
        if key[0]:
            self._cache[key] = heard
            if len(self._cache) > _CACHED_SOUNDS:
                self._cache.popitem(last=False)


def _start_of(source: Source) -> float | None:
    """Where the part begins that is asked for, by the source or by its link; None for all of it."""
    if source.start_s is None and isinstance(source, Link):
        return start_in(source.url)
    return source.start_s


def _name(code: str, source: Source) -> object:
    """The ``path`` fact of a refusal: the real path only for a file named at this machine."""
    if code not in _OF_THE_FILE:
        return "the model bundle"
    return source.path if isinstance(source, LocalFile) else "that file"
