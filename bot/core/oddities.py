"""Events whose shape nobody expects: each kind is logged once, on one line, and skipped."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

from bot.core.mouths import brief

OF_SHAPE = (LookupError, TypeError, AttributeError, ValueError)
"""What code raises for an event that lacks a part, or has one of another kind."""
_MOST = 1_000  # kinds remembered
_log = logging.getLogger(__name__)


class Oddities:
    """The odd events of one chat platform."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._known: set[tuple[str, str]] = set()

    def skipped(self, event: str, error: Exception) -> None:
        """Logs why an event was skipped, if that is new."""
        kind = (event, type(error).__name__ + _line_of(error))
        if kind not in self._known and len(self._known) < _MOST:
            self._known.add(kind)
            _log.error("%s sent an odd %s, skipped: %s", self._platform, event, place_of(error))


def place_of(error: BaseException) -> str:
    """The error, and the line that raised it."""
    return f"{type(error).__name__} {brief(error)}{_line_of(error)}"


def _line_of(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return "".join(f" at {Path(it.filename).name}:{it.lineno}" for it in last)
