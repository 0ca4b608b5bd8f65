"""Whether the clock can be believed.  A wrong one must not make everything look old."""

from __future__ import annotations

import logging
from collections.abc import Callable

DAY_SECONDS = 86_400
_log = logging.getLogger(__name__)


class Clock:
    """Compares the time of day with the time that really passed.

    If they differ by more than a day, the clock was set: before or after its time was fetched from
    the network, or by mistake.  Nothing is deleted for its age then, until the clock has gone
    steadily for a day.  ``last`` is when the clock was believed before this start, None if never.
    """

    def __init__(
        self, now: Callable[[], float], elapsed: Callable[[], float], last: int | None
    ) -> None:
        self._now, self._elapsed = now, elapsed
        self._at, self._since = now(), elapsed()
        self._doubted_until = -float("inf")
        if last is not None:
            self._doubt_if_moved(self._at - last)

    def is_steady(self) -> bool:
        """Whether the clock can be believed now."""
        at, since = self._now(), self._elapsed()
        moved = (at - self._at) - (since - self._since)
        self._at, self._since = at, since
        self._doubt_if_moved(moved)
        return since >= self._doubted_until

    def _doubt_if_moved(self, seconds: float) -> None:
        if abs(seconds) > DAY_SECONDS:
            self._doubted_until = self._since + DAY_SECONDS
            days = seconds / DAY_SECONDS
            _log.warning("the clock moved by %.0f days: nothing is deleted for a day", days)
