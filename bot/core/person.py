"""What is believed and kept of a person, and how they change and delete it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.core.parts import Parts
from bot.core.refusing import refusing
from bot.types import Believed
from soundmap.taste.beliefs import Belief, beliefs

_DRAWN = 8  # beliefs in a picture


class Person:
    """The part of the service that is about oneself; like all of it, what goes wrong is a value."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self.metrics = parts, parts.metrics

    @refusing
    async def beliefs(self, person: str, place: str | None = None) -> Believed:
        """What is believed of a person's taste, in the catalog that ``place`` has chosen; what was
        taken away is not in it.
        """
        told = await self._parts.store.taste.told(person)
        catalog = await self._parts.catalogs.of(await self._parts.catalog_of(place))
        taste = await self._parts.tastes.of(told, catalog)
        known = beliefs(taste, catalog)
        picture = await asyncio.to_thread(_drawn, known.beliefs[:_DRAWN])
        return Believed(known, taste.n_signals, told.is_on, picture, told.denied)

    @refusing
    async def deny(self, person: str, kind: str, name: str) -> None:
        """Takes a belief away, with what it rests on."""
        self._parts.tastes.forget_places()
        await self._parts.store.taste.deny(person, kind, name)

    @refusing
    async def allow_all(self, person: str) -> int:
        """Lets what was taken away be believed again; how much that is."""
        return await self._parts.store.taste.allow_all(person)

    @refusing
    async def switch(self, person: str, on: bool) -> None:
        """Lets lists follow a person's taste, or not."""
        self._parts.tastes.forget_places()
        await self._parts.store.taste.switch(person, on)

    @refusing
    async def reset(self, person: str) -> int:
        """Deletes a person's votes, so that nothing is believed; how many."""
        with self._parts.admission.alone(person):
            self._parts.tastes.forget_places()
            return await self._parts.store.taste.reset(person)

    @refusing
    async def summary(self, person: str) -> dict[str, int]:
        """How much is kept about a person."""
        return await self._parts.store.summary(person)

    @refusing
    async def export(self, person: str) -> dict[str, Any]:
        """All that is kept about a person."""
        return await self._parts.store.export(person)

    @refusing
    async def forget(self, person: str) -> dict[str, int]:
        """Deletes all that is kept about a person, while no job of theirs can write more."""
        with self._parts.admission.tap(person):
            self._parts.tastes.forget_places()
            return await self._parts.store.forget(person)


def _drawn(found: Sequence[Belief]) -> bytes:
    """The picture of some beliefs; Pillow is loaded only for those who look."""
    from soundmap.draw.taste import draw_taste

    return draw_taste(found) if found else b""
