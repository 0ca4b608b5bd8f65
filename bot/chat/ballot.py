"""Votes by reaction: what each reaction means, and saving votes in order."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable, Sequence

from bot.core.service import Service
from bot.types import Refusal

_TRIES, _PAUSE_SECONDS = 4, 1.0


def meanings(likes: Sequence[str], like_list: str, reject_list: str) -> dict[str, tuple[int, int]]:
    """(rank, value) of each reaction; rank 0 stands for the whole list."""
    picks = {name: (rank, 1) for rank, name in enumerate(likes, start=1)}
    return {like_list: (0, 1), reject_list: (0, -1), **picks}


class Ballot:
    """Saves votes; those on one message in the order in which they arrive."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._orders: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def cast(
        self,
        message: str,
        person: str,
        vote: tuple[int, int],
        added: bool,
        list_of: Callable[[], Awaitable[int | Refusal | None]],
    ) -> None:
        """Saves a vote on a message, or removes it if not ``added``.

        ``list_of`` finds the list that the message shows; without one, nothing happens.
        """
        order = self._orders.setdefault(message, asyncio.Lock())
        with self._service.handling():
            async with order:
                for _ in range(_TRIES):
                    if not isinstance(await self._keep(person, vote, added, list_of), Refusal):
                        break
                    await asyncio.sleep(_PAUSE_SECONDS)  # locked or full: that may pass

    async def _keep(
        self,
        person: str,
        vote: tuple[int, int],
        added: bool,
        list_of: Callable[[], Awaitable[int | Refusal | None]],
    ) -> bool | Refusal:
        """Saves or removes the vote; false if there is nothing to vote on."""
        list_id = await list_of()
        if isinstance(list_id, Refusal):
            return list_id
        if list_id is None:
            return False
        keep = self._service.vote if added else self._service.unvote
        return await keep(person, list_id, *vote)
