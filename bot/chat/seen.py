"""Remembers what was seen before, within a bound."""

from __future__ import annotations

from collections import OrderedDict

_MOST = 2_000


class Seen:
    """The last keys of events or messages that were dealt with."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def is_new(self, key: str) -> bool:
        """Whether a key is new; from then on it is not."""
        if key in self:
            return False
        self._keys[key] = None
        if len(self._keys) > _MOST:
            self._keys.popitem(last=False)
        return True
