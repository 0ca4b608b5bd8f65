"""The parts of the service, and what they share: checking a request, starting a job."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.core.admission import Admission
from bot.core.catalogs import Catalogs, plain_name
from bot.core.drain import Drain
from bot.core.hearing import Hearing
from bot.core.lists import Lists
from bot.core.maps import Maps
from bot.core.metrics import Metrics
from bot.core.mouths import Mouths
from bot.core.tastes import Tastes
from bot.store.store import Store
from bot.types import Kept, Listening
from soundmap.bundle.manifest import Manifest
from soundmap.recommendation.request import Request


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Opened once and shared by ``Service``, ``Charts`` and ``Person``."""

    manifest: Manifest
    catalogs: Catalogs
    store: Store
    workers: Listening
    hearing: Hearing
    tastes: Tastes
    lists: Lists
    admission: Admission
    maps: Maps
    metrics: Metrics
    drain: Drain
    mouths: Mouths

    async def checked(self, person: str, place: str | None, request: Request) -> Kept:
        """Checks a person's request and opens its catalog, or the server's if it names none.

        Raises BadRequest, or BadBundle if the catalog cannot be opened.
        """
        meant = request.catalog or await self.catalog_of(place)
        request = replace(request.checked(self.manifest.labels), catalog=plain_name(meant))
        request = await self.lists.as_set(place, request)
        return Kept(person, place, request, await self.catalogs.of(request.catalog))

    async def catalog_of(self, place: str | None) -> str:
        """Name of the catalog chosen for a server, '' if none was."""
        return await self.store.places.catalog_of(place) if place else ""

    @asynccontextmanager
    async def job(self, kind: str, person: str) -> AsyncIterator[None]:
        """Runs its block as a person's job.  Raises Refused, also if the service closes first."""
        async with self.drain.job():
            with self.admission.job(person), self.metrics.job(kind):
                yield
