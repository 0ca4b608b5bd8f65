"""Shows people what is believed and stored about them, and lets them change and delete it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bot.core.parts import Parts
from bot.core.refusing import refusing
from bot.types import Believed
from soundmap.taste.beliefs import Belief, beliefs

_DRAWN = 8  # beliefs in the picture


class Person:
    """The part of the service about the person asking.  Errors are returned as refusals."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self.metrics = parts, parts.metrics
        self._taking_back: list[Callable[[str], None]] = []

    @contextmanager
    def taking_back(self) -> Iterator[Collection[str]]:
        """Those who take back their votes while the block runs."""
        gone = set[str]()
        note = gone.add
        self._taking_back.append(note)
        try:
            yield gone
        finally:
            self._taking_back.remove(note)

    @contextmanager
    def _changing(self, person: str) -> Iterator[None]:
        for note in self._taking_back:
            note(person)
        with self._parts.tastes.changing():
            yield

    @refusing
    async def beliefs(self, person: str, place: str | None = None) -> Believed:
        """What is believed about a person's taste, without the beliefs they removed.

        Covers the tracks of the catalog chosen for the server ``place``.
        """
        told = await self._parts.store.taste.told(person)
        catalog = await self._parts.catalogs.of(await self._parts.catalog_of(place))
        taste = await self._parts.tastes.of(told, catalog)
        known = beliefs(taste, catalog)
        picture = await asyncio.to_thread(_drawn, known.beliefs[:_DRAWN])
        return Believed(known, taste.n_votes, told.is_on, picture, told.denied)

    @refusing
    async def deny(self, person: str, kind: str, name: str) -> None:
        """Removes a belief and everything it is based on."""
        with self._parts.tastes.changing():
            await self._parts.store.taste.deny(person, kind, name)

    @refusing
    async def allow_all(self, person: str) -> int:
        """Restores all removed beliefs; returns how many."""
        return await self._parts.store.taste.allow_all(person)

    @refusing
    async def switch(self, person: str, on: bool) -> None:
        """Switches on or off whether lists follow a person's taste."""
        with self._parts.tastes.changing():
            await self._parts.store.taste.switch(person, on)

    @refusing
    async def reset(self, person: str) -> int:
        """Deletes a person's votes, and with them all beliefs; returns how many."""
        with self._parts.admission.alone(person), self._changing(person):
            return await self._parts.store.taste.reset(person)

    @refusing
    async def hidden(self, person: str) -> tuple[str, ...]:
        """The artists that a person hides, by name."""
        return await self._parts.store.hidden(person)

    @refusing
    async def hide(self, person: str, artist: str, hidden: bool = True) -> None:
        """Hides an artist from a person, or shows it again."""
        await self._parts.store.hide(person, [artist], [artist] if hidden else [])

    @refusing
    async def summary(self, person: str) -> dict[str, int]:
        """How much is stored about a person, by kind."""
        return await self._parts.store.summary(person)

    @refusing
    async def export(self, person: str) -> dict[str, Any]:
        """Everything stored about a person."""
        return await self._parts.store.export(person)

    @refusing
    async def forget(self, person: str) -> dict[str, int]:
        """Deletes everything stored about a person, while none of their jobs can add to it."""
        with self._parts.admission.tap(person), self._changing(person):
            return await self._parts.store.forget(person)


def _drawn(found: Sequence[Belief]) -> bytes:
    """A PNG of some beliefs, empty if there are none; Pillow is imported on first use."""
    from soundmap.draw.taste import draw_taste

    return draw_taste(found) if found else b""
