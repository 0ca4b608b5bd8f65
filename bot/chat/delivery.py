"""What a failed call to a chat platform means, and the ways of an answer to the person."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from enum import Enum
from typing import TypeVar

_log = logging.getLogger(__name__)

T = TypeVar("T")


class Trouble(Enum):
    """Why a platform did not do what it was asked.  Each chat sorts its own errors into these."""

    GONE = "what it is about is no longer there"
    NOT_ALLOWED = "not allowed there"
    BUSY = "try again later"
    BROKEN = "a mistake, ours or theirs"

    @property
    def is_closed(self) -> bool:
        """Whether this way leads nowhere, while another may."""
        return self in (Trouble.GONE, Trouble.NOT_ALLOWED)


Sorter = Callable[[BaseException], Trouble]


async def by_an_open_way(
    ways: Iterable[Callable[[], Awaitable[T]]], trouble_of: Sorter
) -> T | None:
    """The result of the first way that is open; None if all are closed, which is no error.

    Raises the error of a way that fails for another reason.
    """
    for way in ways:
        try:
            return await way()
        except Exception as error:
            if not trouble_of(error).is_closed:
                raise
            _log.info("this way is closed: %s", error)
    return None


async def offer(
    names: Iterable[str], add: Callable[[str], Awaitable[object]], trouble_of: Sorter
) -> None:
    """Adds reactions for voting; one that fails does not end the offering of the others.

    Stops where the message is gone or may not be reacted to.
    """
    for name in names:
        try:
            await add(name)
        except Exception as error:
            trouble = trouble_of(error)
            _log.info("could not offer votes: %s, %s", name, error)
            if trouble.is_closed:
                return
