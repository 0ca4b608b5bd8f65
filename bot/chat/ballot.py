"""Votes by reaction: what each reaction means, and saving votes in order."""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.core.service import Service
from bot.types import Refusal, Shown

Vote = tuple[int, int]  # rank, value
ListOf = Callable[[], Awaitable[int | Refusal | None]]
RECENT_SECONDS, MOST_RECENT = 2 * 86_400.0, 100  # lists whose reactions are read again
_TRIES, _PAUSE_SECONDS = 4, 1.0
_log = logging.getLogger(__name__)
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


Read = Callable[[], Coroutine[Any, Any, Reactions]]


class Ballot:
    """Saves votes; those on one message in the order in which they arrive.

    ``failures`` are the errors of reading reactions.
    """

    def __init__(self, service: Service, failures: tuple[type[Exception], ...]) -> None:
        self._service, self._failures = service, failures
        self._orders: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def cast(
        self, message: str, person: str, vote: Vote, added: bool, list_of: ListOf, read: Read
    ) -> None:
        """Saves a vote on a message, or removes it if not ``added``.

        ``list_of`` finds the list that the message shows.  Without one, the reactions are read
        once it shows one: by ``read``, which also says whether somebody who took a reaction away
        has another one that means the same.
        """

        async def found() -> int | Refusal | None:
            list_id = await list_of()
            if list_id is None and added:
                self._service.early.note(message, partial(self._read_early, message, read))
                return await list_of()  # it may have come meanwhile
            return list_id

        async def keep(list_id: int) -> object:
            if added:
                return await self._service.vote(person, list_id, *vote)
            if await self._has_another(person, vote, read):
                return None
            return await self._service.unvote(person, list_id, *vote)

        await self._do(message, found, keep)

    async def clear(self, message: str, vote: Vote | None, list_of: ListOf) -> None:
        """Removes everybody's votes on a message, or everybody's ``vote``."""
        await self._do(message, list_of, lambda list_id: self._service.clear(list_id, vote))

    async def catch_up(
        self, platform: str, read: Callable[[Shown], Coroutine[Any, Any, Reactions]]
    ) -> None:
        """Makes the votes on the latest lists those of the reactions to their messages: some were
        made while the bot was away.
        """
        with self._service.person.taking_back() as gone:
            shown = await self._service.showing(platform, RECENT_SECONDS, MOST_RECENT)
            for it in () if isinstance(shown, Refusal) else shown:
                if self._service.closing:
                    return
                await self._recount(it.message_id, it.list_id, partial(read, it), gone)

    async def _read_early(self, message: str, read: Read, list_id: int) -> None:
        with self._service.person.taking_back() as gone:
            await self._recount(message, list_id, read, gone)

    async def _has_another(self, person: str, vote: Vote, read: Read) -> bool:
        """Whether there is another thumb, of another color: only thumbs have several."""
        if vote[0]:
            return False
        try:
            return vote in (await read()).votes.get(person, ())
        except self._failures:
            return False

    async def _recount(self, message: str, list_id: int, read: Read, gone: Collection[str]) -> None:
        """Makes the votes on a list those of the reactions to its message, without new ones of the
        people who are ``gone``.

        They are read in the message's turn, so that none which comes meanwhile is undone.
        """

        async def known() -> int:
            return list_id

        try:
            await self._do(message, known, lambda _: self._agree(list_id, read, gone))
        except self._failures as error:
            _log.info("could not read reactions: %s", error)

    async def _agree(self, list_id: int, read: Read, gone: Collection[str]) -> Refusal | None:
        found, votes = await read(), await self._service.votes_on(list_id)
        if isinstance(votes, Refusal):
            return votes
        done: list[object] = []
        for person, there in found.votes.items():
            for rank, value in dict(there).items():
                if (rank, votes.get((person, rank), 0)) not in there and person not in gone:
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
