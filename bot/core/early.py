"""Messages that people reacted to before they showed a list, as answers in the making do not yet.

The reactions are read once they do.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

_MOST = 256

Again = Callable[[int], Coroutine[Any, Any, None]]


class Early:
    """The last such messages, each with what reads its reactions for a list."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Again] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def __contains__(self, message: str) -> bool:
        return message in self._known

    def note(self, message: str, again: Again) -> None:
        """Has ``again`` called with the list that a message comes to show."""
        self._known[message] = again
        if len(self._known) > _MOST:
            self._known.popitem(last=False)

    def shown(self, message: str, list_id: int) -> None:
        """A message shows a list from now on."""
        if again := self._known.pop(message, None):
            task = asyncio.create_task(again(list_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
