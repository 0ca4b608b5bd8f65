"""Answers that are maps: a sound with its list, what a person may like, and paths."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from bot.core.parts import Parts
from bot.core.refusing import refusing
from bot.types import (
    Answer,
    Link,
    LocalFile,
    Named,
    PathAnswer,
    PathEnd,
    Progress,
    Refused,
    Source,
    Watcher,
)
from soundmap.catalog.names import name_of, row_named, rows_like
from soundmap.catalog.strong import is_strong
from soundmap.catalog.table import Catalog
from soundmap.paths.find import End, find_path
from soundmap.recommendation.request import Request
from soundmap.types import Track
from soundmap.wording import origin_phrase

PLAIN = Request()


class Charts:
    """The part of the service that draws.  Errors are returned as refusals."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self.metrics = parts, parts.metrics

    @refusing
    async def of_sound(
        self,
        person: str,
        source: Source | None,
        watch: Watcher,
        place: str | None = None,
        request: Request = PLAIN,
    ) -> Answer:
        """A sound and its list on the whole map; the person's last list if ``source`` is None."""
        parts, started = self._parts, time.monotonic()
        if source is None:
            return await self._again(person, await parts.lists.as_set(place, request))
        kept = await parts.checked(person, place, request)
        async with parts.job("recommend", person):
            heard = await parts.hearing.hear(person, source, watch)
            watch(Progress("comparing"))
            listed = await parts.lists.near(kept, heard.analysis)
        whole = await parts.maps.whole(listed.recommendation, kept.catalog)
        return listed.answer(started, map=whole, heard=heard)

    @refusing
    async def of_taste(self, person: str) -> bytes:
        """A PNG of the map, colored by how much the person is expected to like each track."""
        parts = self._parts
        with parts.admission.tap(person):
            told = await parts.store.taste.told(person)
            taste = await parts.tastes.of(told, parts.catalogs.own)
            if not taste.own.any():
                raise Refused("nothing_liked" if told.is_on else "taste_is_off")
            return await parts.maps.taste(taste)

    @refusing
    async def path(
        self,
        person: str,
        ends: tuple[PathEnd, PathEnd],
        request: Request,
        watch: Watcher,
        place: str | None = None,
    ) -> PathAnswer:
        """A path between two sounds or tracks, without artists that the person hides."""
        parts, started = self._parts, time.monotonic()
        kept = await parts.checked(person, place, request)
        asked = replace(kept.request, excluded_artists=await parts.store.hidden(person))
        async with self._turn(person, ends):
            (start, first), (end, last) = [
                await self._heard(person, it, kept.catalog, watch) for it in ends
            ]
            watch(Progress("comparing"))
            path = await asyncio.to_thread(find_path, start, end, kept.catalog, asked)
            picture = await parts.maps.path(path, kept.catalog)
        seconds = time.monotonic() - started
        return PathAnswer(path, (first, last), picture, seconds, asked.catalog)

    @refusing
    async def tracks_like(
        self, typed: str, most: int, catalog: str = "", place: str | None = None
    ) -> list[Track]:
        """Up to ``most`` tracks that match what was typed so far, for completion."""
        kept = await self._parts.checked("", place, Request(catalog=catalog))
        rows = await asyncio.to_thread(rows_like, typed, kept.catalog, most)
        tracks = [kept.catalog.track(row) for row in rows]
        if not kept.request.clean:
            return tracks
        return [it for it in tracks if not (is_strong(it.title) or is_strong(it.artist))]

    async def _again(self, person: str, request: Request) -> Answer:
        parts, started = self._parts, time.monotonic()
        with parts.admission.tap(person):
            list_id = await parts.store.last_list(person)
            if list_id is None:
                raise Refused("no_last_sound")
            listed = await parts.lists.fit_for(await parts.lists.again(list_id), request)
        whole = await parts.maps.whole(listed.recommendation, listed.kept.catalog)
        return listed.answer(started, map=whole)

    @asynccontextmanager
    async def _turn(self, person: str, ends: tuple[PathEnd, PathEnd]) -> AsyncIterator[None]:
        """A job if there is a sound to hear, otherwise a tap."""
        if all(isinstance(end, Named) for end in ends):
            with self._parts.admission.tap(person):
                yield
        else:
            async with self._parts.job("path", person):
                yield

    async def _heard(
        self, person: str, end: PathEnd, catalog: Catalog, watch: Watcher
    ) -> tuple[End, str]:
        """One end of a path, and its name."""
        if isinstance(end, Named):
            row = row_named(end.text, catalog)
            track = catalog.track(row)
            return End(self._parts.manifest.analysis_of(catalog, row), track), name_of(track)
        heard = await self._parts.hearing.hear(person, end, watch)
        if heard.origin:
            return End(heard.analysis), origin_phrase(heard.origin)
        return End(heard.analysis), heard.name or _name(end)


def _name(source: Source) -> str:
    """The name of a source without an origin: its host or file name."""
    if isinstance(source, Link):
        return urlsplit(source.url).hostname or source.url
    return source.path.name if isinstance(source, LocalFile) else source.name
