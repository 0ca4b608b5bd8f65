"""What is asked of the map: where a sound and its list lie, what one may like, and paths."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.core.refusing import refusing
from bot.types import (
    Answer,
    Link,
    LocalFile,
    Named,
    PathAnswer,
    PathEnd,
    Progress,
    Refusal,
    Refused,
    Source,
    Watcher,
)
from soundmap.catalog.names import name_of, row_named, rows_like
from soundmap.catalog.table import Catalog
from soundmap.paths.find import End, find_path
from soundmap.recommendation.request import Request
from soundmap.types import Track
from soundmap.wording import origin_phrase

if TYPE_CHECKING:
    from bot.core.service import Service


class Charts:
    """The part of the service that draws; like all of it, what goes wrong is a value."""

    def __init__(self, service: Service) -> None:
        self._service, self.metrics = service, service.metrics

    async def of_sound(
        self, person: str, source: Source | None, watch: Watcher, place: str | None = None
    ) -> Answer | Refusal:
        """A sound and its list with all of the map; of the last sound where none is given."""
        if source is None:
            return await self._again(person)
        answer = await self._service.recommend(person, source, Request(), watch, place)
        return answer if isinstance(answer, Refusal) else await self._whole(answer)

    @refusing
    async def of_taste(self, person: str) -> bytes:
        """A PNG of what is believed that a person likes, all over the map."""
        service = self._service
        with service.admission.tap(person):
            told = await service.store.taste.told(person)
            taste = await service.tastes.of(told, service.catalog)
            if not taste.own.any():
                raise Refused("nothing_liked" if told.is_on else "taste_is_off")
            return await service.maps.taste(taste)

    @refusing
    async def path(
        self,
        person: str,
        ends: tuple[PathEnd, PathEnd],
        request: Request,
        watch: Watcher,
        place: str | None = None,
    ) -> PathAnswer:
        """A path between two sounds or tracks, by artists that the person does not hide."""
        service, started = self._service, time.monotonic()
        request = await service.checked(request, place)
        catalog = await service.catalogs.of(request.catalog)
        hidden = await service.store.hidden(person)
        async with self._turn(person, ends):
            (start, first), (end, last) = [
                await self._heard(person, it, catalog, watch) for it in ends
            ]
            watch(Progress("comparing"))
            asked = replace(request, excluded_artists=hidden)
            distance = service.manifest.same_sound_distance
            path = await asyncio.to_thread(find_path, start, end, catalog, asked, distance)
            picture = await service.maps.path(path, catalog)
        seconds = time.monotonic() - started
        return PathAnswer(path, (first, last), picture, seconds, request.catalog)

    @refusing
    async def tracks_like(
        self, typed: str, most: int, catalog: str = "", place: str | None = None
    ) -> list[Track]:
        """Tracks that somebody may mean who has typed so much."""
        request = await self._service.checked(Request(catalog=catalog), place)
        found = await self._service.catalogs.of(request.catalog)
        rows = await asyncio.to_thread(rows_like, typed, found, most)
        return [found.track(row) for row in rows]

    @refusing
    async def _again(self, person: str) -> Answer:
        service = self._service
        with service.admission.tap(person):
            list_id = await service.store.last_list(person)
            if list_id is None:
                raise Refused("no_last_sound")
            answer = await service.lists.again(list_id)
        return replace(answer, map=await self._drawn(answer))

    @refusing
    async def _whole(self, answer: Answer) -> Answer:
        """The answer with all of the map in place of its other pictures."""
        return replace(answer, picture=b"", map=await self._drawn(answer))

    async def _drawn(self, answer: Answer) -> bytes:
        catalog = await self._service.catalogs.of(answer.catalog)
        return await self._service.maps.whole(answer.recommendation, catalog)

    @asynccontextmanager
    async def _turn(self, person: str, ends: tuple[PathEnd, PathEnd]) -> AsyncIterator[None]:
        """A job where there is something to hear, else a tap."""
        if all(isinstance(end, Named) for end in ends):
            with self._service.admission.tap(person):
                yield
        else:
            async with self._service.job("path", person):
                yield

    async def _heard(
        self, person: str, end: PathEnd, catalog: Catalog, watch: Watcher
    ) -> tuple[End, str]:
        """An end and what it is called."""
        if isinstance(end, Named):
            row = row_named(end.text, catalog)
            track = catalog.track(row)
            return End(catalog.analysis(row, self._service.manifest), track), name_of(track)
        heard = await self._service.hearing.hear(person, end, watch)
        if heard.origin:
            return End(heard.analysis), origin_phrase(heard.origin)
        return End(heard.analysis), _name(end)


def _name(source: Source) -> str:
    """What a source is called that says nothing of itself."""
    if isinstance(source, Link):
        return urlsplit(source.url).hostname or source.url
    return source.path.name if isinstance(source, LocalFile) else source.name
