"""Everybody's posted sounds, one after the other: a small queue per person."""

from __future__ import annotations

import asyncio
import weakref
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.types import Link, Refusal, Upload

MOST = 5  # sounds of one person that are heard or wait
_PASSING = ("one_at_a_time", "one_is_heard", "cooldown")  # refusals that end by themselves
_LOOK_AGAIN_SECONDS = 1.0
_PATIENCE_SECONDS = 600.0

T = TypeVar("T")


class Turns:
    """Lets sounds wait that come while another one of the same person is heard."""

    def __init__(self) -> None:
        self._waiting: Counter[str] = Counter()
        self._orders: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._told: set[str] = set()

    def admit(
        self, person: str, sources: Sequence[Upload | Link]
    ) -> tuple[Sequence[Upload | Link], bool]:
        """Those of the sources that may wait, and whether to say now that the others may not.

        That is said once, until the person's queue is empty.  Each admitted one must be given to
        ``in_turn``.
        """
        admitted = sources[: MOST - self._waiting[person]]
        self._waiting[person] += len(admitted)
        to_say = len(admitted) < len(sources) and person not in self._told
        if to_say:
            self._told.add(person)
        return admitted, to_say

    async def in_turn(self, person: str, ask: Callable[[], Awaitable[T | Refusal]]) -> T | Refusal:
        """What ``ask`` returns for an admitted sound, when the person's earlier ones are done."""
        order = self._orders.setdefault(person, asyncio.Lock())
        try:
            async with order:
                return await _when_free(ask)
        finally:
            self._waiting[person] -= 1
            if not self._waiting[person]:
                del self._waiting[person]
                self._told.discard(person)


async def _when_free(ask: Callable[[], Awaitable[T | Refusal]]) -> T | Refusal:
    """Asks again while the person has another job or a pause."""
    until = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
    while True:
        result = await ask()
        passing = isinstance(result, Refusal) and result.code in _PASSING
        if not passing or asyncio.get_running_loop().time() > until:
            return result
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
