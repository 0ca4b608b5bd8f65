"""Votes by reaction: what each reaction means, and saving votes in order."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.service import Service
from bot.types import Refusal

Vote = tuple[int, int]  # rank, value
ListOf = Callable[[], Awaitable[int | Refusal | None]]
RECENT_SECONDS, MOST_RECENT = 2 * 86_400.0, 100  # lists whose reactions are read again
_TRIES, _PAUSE_SECONDS = 4, 1.0
_VARIANTS = {0xFE0F: None, **dict.fromkeys(range(0x1F3FB, 0x1F400))}


def meanings(likes: Sequence[str], like_list: str, reject_list: str) -> dict[str, Vote]:
    """(rank, value) of each reaction without variants; rank 0 stands for the whole list."""
    picks = {name: (rank, 1) for rank, name in enumerate(likes, start=1)}
    known = {like_list: (0, 1), reject_list: (0, -1), **picks}
    return {without_variant(name): vote for name, vote in known.items()}


def without_variant(emoji: str) -> str:
    """An emoji or its name without skin tone and without the mark that asks for color."""
    return emoji.partition("::")[0].translate(_VARIANTS)


@dataclass(frozen=True, slots=True)
class Reactions:
    """What people's reactions to a message are: their votes, in the order of the reactions.

    ``partly`` are votes of which not everybody could be read.
    """

    votes: Mapping[str, Sequence[Vote]]
    partly: frozenset[Vote] = frozenset()


class Ballot:
    """Saves votes; those on one message in the order in which they arrive."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._orders: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def cast(
        self,
        message: str,
        person: str,
        vote: Vote,
        added: bool,
        list_of: ListOf,
        still: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Saves a vote on a message, or removes it if not ``added``.

        ``list_of`` finds the list that the message shows; without one, nothing happens.  ``still``
        says of a removed reaction whether the person has another one that means the same.
        """

        async def keep(list_id: int) -> object:
            if added:
                return await self._service.vote(person, list_id, *vote)
            if still is not None and await still():
                return None
            return await self._service.unvote(person, list_id, *vote)

        await self._do(message, list_of, keep)

    async def clear(self, message: str, vote: Vote | None, list_of: ListOf) -> None:
        """Removes everybody's votes on a message, or everybody's ``vote``."""
        await self._do(message, list_of, lambda list_id: self._service.clear(list_id, vote))

    async def recount(
        self, message: str, list_id: int, read: Callable[[], Awaitable[Reactions]]
    ) -> None:
        """Makes the votes on a list those of the reactions to its message, which ``read`` returns.

        They are read in the message's turn, so that none which comes meanwhile is undone.  Raises
        what ``read`` raises.
        """

        async def known() -> int:
            return list_id

        await self._do(message, known, lambda _: self._recount(list_id, read))

    async def _recount(
        self, list_id: int, read: Callable[[], Awaitable[Reactions]]
    ) -> Refusal | None:
        found, votes = await read(), await self._service.votes_on(list_id)
        if isinstance(votes, Refusal):
            return votes
        done: list[object] = []
        for person, there in found.votes.items():
            for rank, value in dict(there).items():
                if (rank, votes.get((person, rank), 0)) not in there:
                    done.append(await self._service.vote(person, list_id, rank, value))
        for (person, rank), value in votes.items():
            there = found.votes.get(person, ())
            if not any(it[0] == rank for it in there) and (rank, value) not in found.partly:
                done.append(await self._service.unvote(person, list_id, rank, value))
        return next((it for it in done if isinstance(it, Refusal)), None)

    async def _do(
        self, message: str, list_of: ListOf, work: Callable[[int], Awaitable[object]]
    ) -> None:
        """Does something about a message's list, after what was begun before."""
        order = self._orders.setdefault(message, asyncio.Lock())
        with self._service.handling():
            async with order:
                for _ in range(_TRIES):
                    found: object = await list_of()
                    if isinstance(found, int):
                        found = await work(found)
                    if not isinstance(found, Refusal):
                        break
                    await asyncio.sleep(_PAUSE_SECONDS)  # locked or full: that may pass
