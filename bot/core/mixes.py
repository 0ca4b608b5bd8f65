"""Mixes: lists that go by several sounds, and the sounds that people gather for them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace

from bot.core.ends import given_names, heard_end, turn
from bot.core.mixing import MOST_SOUNDS, Sounds, agreeing, distinct_sounds, parted
from bot.core.parts import Parts
from bot.core.refusing import refusal_of, refusing
from bot.types import (
    Answer,
    Kept,
    LeftOut,
    MixSound,
    PathEnd,
    Progress,
    Refusal,
    Refused,
    Watcher,
)
from soundmap.errors import BadBundle, SoundMapError
from soundmap.recommendation.request import Request

_PLAIN = Request()
_MOST_TRIED = 2 * MOST_SOUNDS  # of what is to be added at once


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """The mix of a person in a channel, and what became of what was just given to it.

    ``added`` sounds are new, ``known`` were in it already, ``over`` did not fit; those ``left_out``
    could not be heard.
    """

    sounds: Sounds
    added: int = 0
    known: int = 0
    over: int = 0
    left_out: tuple[LeftOut, ...] = ()


class Mixes:
    """The part of the service about mixes.  Errors are returned as refusals.

    ``channel`` is the key of a channel: everybody gathers a mix of their own in each.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts, self.metrics = parts, parts.metrics

    @refusing
    async def of(
        self,
        person: str,
        channel: str,
        near: Sequence[PathEnd],
        away: Sequence[PathEnd],
        request: Request,
        watch: Watcher,
        place: str | None = None,
    ) -> Answer:
        """The list for the sounds ``near``, or those gathered if there are none; it stays away from
        those in ``away``.  The list is stored before it is returned.
        """
        parts, started = self._parts, time.monotonic()
        near, away = (tuple(dict.fromkeys(it)) for it in (near, away))
        _check_number(len(near))
        _check_number(len(away))
        kept = await parts.checked(person, place, request)
        gathered = () if near else await self._gathered(person, channel)
        if not (near or gathered):
            raise Refused("mix_empty")
        async with turn(parts, "mix", person, (*near, *away)):
            heard, left_out = await self._heard(kept, (*near, *away), len(near), watch)
            watch(Progress("comparing"))
            same = kept.catalog.space.same_sound_distance
            sounds, both = agreeing((*gathered, *heard), same)
            left_out = (*left_out, *((it.name, Refusal("mix_both")) for it in both))
            if not parted(sounds)[0]:
                raise Refused.all_of("none_of_these", left_out)
            listed = await parts.lists.mix(kept, sounds)
        return replace(listed.answer(started), left_out=left_out)

    @refusing
    async def add(
        self,
        person: str,
        channel: str,
        ends: Sequence[PathEnd],
        watch: Watcher,
        place: str | None = None,
        catalog: str = "",
    ) -> Gathered:
        """Adds sounds to a mix until it is full; names those that cannot be heard."""
        kept = await self._parts.checked(person, place, replace(_PLAIN, catalog=catalog))
        if not ends:
            raise Refused("mix_asks_sound")
        same = kept.catalog.space.same_sound_distance
        tried = ends[:_MOST_TRIED]

        async def is_full(heard: Sequence[MixSound]) -> bool:
            gathered = await self._gathered(person, channel)  # it may be cleared meanwhile
            return len(distinct_sounds((*gathered, *heard), same)) >= MOST_SOUNDS

        if await is_full(()):
            raise Refused("mix_full", most=MOST_SOUNDS)
        async with turn(self._parts, "mix", person, tried):
            heard, left_out = await self._heard(kept, tried, len(tried), watch, is_full)
            if not heard:
                raise Refused.all_of("none_of_these", left_out)
            found = await self._join(person, channel, heard)
        over = len(ends) - len(heard) - len(left_out)
        return replace(found, over=found.over + over, left_out=left_out)

    @refusing
    async def add_picks(
        self, person: str, channel: str, list_id: int, ranks: Collection[int]
    ) -> Gathered:
        """Adds picks of a list to a mix."""
        with self._parts.admission.alone(person):
            picks = await self._parts.lists.as_sounds(list_id, ranks)
            return await self._join(person, channel, picks)

    @refusing
    async def shown(self, person: str, channel: str) -> Gathered:
        """What a person gathered in a channel.  Refused ``mix_empty`` if that is nothing."""
        if not (sounds := await self._gathered(person, channel)):
            raise Refused("mix_empty")
        return Gathered(sounds)

    @refusing
    async def clear(self, person: str, channel: str) -> int:
        """Empties a mix; returns how many sounds it had."""
        bundle = self._parts.manifest.id
        before, _ = await self._parts.store.mixes.change(person, channel, bundle, lambda _: ())
        return len(before)

    async def _gathered(self, person: str, channel: str) -> Sounds:
        return await self._parts.store.mixes.of(person, channel, self._parts.manifest.id)

    async def _join(self, person: str, channel: str, sounds: Sequence[MixSound]) -> Gathered:
        same = self._parts.manifest.space.same_sound_distance
        every = 0

        def joined(before: Sounds) -> Sounds:
            nonlocal every
            found = distinct_sounds((*before, *sounds), same)
            every = len(found)
            return found[:MOST_SOUNDS]

        bundle = self._parts.manifest.id
        before, after = await self._parts.store.mixes.change(person, channel, bundle, joined)
        if len(before) == MOST_SOUNDS < every:
            raise Refused("mix_full", most=MOST_SOUNDS)
        known = len(before) + len(sounds) - every
        return Gathered(after, len(after) - len(before), known, every - len(after))

    async def _heard(
        self,
        kept: Kept,
        ends: Sequence[PathEnd],
        n_near: int,
        watch: Watcher,
        is_enough: Callable[[Sequence[MixSound]], Awaitable[bool]] | None = None,
    ) -> tuple[list[MixSound], tuple[LeftOut, ...]]:
        """Those of the sounds that can be heard, the first ``n_near`` to go by, and the others.

        No more are heard once those heard are enough.
        """
        heard: list[MixSound] = []
        left_out: list[LeftOut] = []
        for at, (end, name) in enumerate(zip(ends, given_names(ends), strict=True)):
            if is_enough is not None and await is_enough(heard):
                break

            def step(progress: Progress, number: int = at + 1) -> None:
                watch(replace(progress, number=number, of=len(ends)))

            try:
                found, known = await heard_end(self._parts, kept.person, end, kept.catalog, step)
            except BadBundle:  # holds for every sound alike
                raise
            except (Refused, SoundMapError) as error:
                left_out.append((name, refusal_of(error)))
                continue
            track_id = found.track.track_id if found.track else None
            catalog = kept.request.catalog if track_id in kept.catalog.track_ids else ""
            heard.append(MixSound(found.analysis, known, catalog, track_id, at >= n_near))
        return heard, tuple(left_out)


def _check_number(given: int) -> None:
    if given > MOST_SOUNDS:
        raise Refused("mix_too_many", most=MOST_SOUNDS, count=given)
