"""Answers that are maps: a sound with its list, what a person may like, and paths."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from bot.core.ends import heard_end, turn
from bot.core.parts import Parts
from bot.core.refusing import refusing
from bot.types import Answer, PathAnswer, PathEnd, Progress, Refused, Source, Watcher
from soundmap.catalog.names import rows_like
from soundmap.catalog.strong import is_strong
from soundmap.paths.find import find_path
from soundmap.recommendation.request import Request
from soundmap.types import Track

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
        async with turn(parts, "path", person, ends):
            (start, first), (end, last) = [
                await heard_end(parts, person, it, kept.catalog, watch) for it in ends
            ]
            watch(Progress("comparing"))
            asked = await parts.lists.as_set(place, kept.request)
            asked = replace(asked, excluded_artists=await parts.store.hidden(person))
            path = await asyncio.to_thread(find_path, start, end, kept.catalog, asked)
            picture = await parts.maps.path(path, kept.catalog)
        seconds = time.monotonic() - started
        return PathAnswer(path, (first, last), picture, seconds, asked.catalog)

    @refusing
    async def tracks_like(
        self, typed: str, most: int, catalog: str = "", place: str | None = None
    ) -> list[Track]:
        """Up to ``most`` tracks that match what was typed so far, for completion: of the catalog,
        then of the bundle's own.
        """
        kept = await self._parts.checked("", place, Request(catalog=catalog))
        tracks: list[Track] = []
        for it in dict.fromkeys((kept.catalog, self._parts.catalogs.own)):
            rows = await asyncio.to_thread(rows_like, typed, it, most - len(tracks))
            tracks += [it.track(row) for row in rows]
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
