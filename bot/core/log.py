"""What is logged: in words, libraries in one line each, no account numbers, no storms."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.mouths import brief
from bot.core.oddities import place_of

OURS = ("bot", "cogs", "soundmap")
_WINDOW_S = 60.0
_OURS_AT_MOST, _THEIRS_AT_MOST = 60, 1  # lines of one kind within the window
_KINDS = 1_000


@dataclass(slots=True)
class _Kind:
    """The lines of one kind in the current window."""

    until: float = 0.0
    n: int = 0


class Calm(logging.Filter):
    """Drops the lines of a kind beyond a number a minute; the next one says how many.

    A kind is a place in the code that logs.  Errors and collections in our lines are put into
    words.  Lines of libraries are shortened to one, without their tracebacks unless ``whole``, and
    without account numbers.
    """

    def __init__(self, whole: bool = False) -> None:
        super().__init__()
        self._whole = whole
        self._kinds: dict[tuple[str, int], _Kind] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is logged; shortens it."""
        ours = record.name.partition(".")[0] in OURS
        dropped = self._counted(record, _OURS_AT_MOST if ours else _THEIRS_AT_MOST)
        if dropped < 0:
            return False
        if ours:
            record.args = _in_words(record.args)
        else:
            self._shorten(record)
        if dropped:
            record.msg, record.args = f"{record.getMessage()} ({dropped} more like this)", None
        return True

    def _counted(self, record: logging.LogRecord, most: int) -> int:
        """How many lines of this kind were dropped before this one; -1 if it is dropped too."""
        now = time.monotonic()
        if len(self._kinds) > _KINDS:
            self._kinds.clear()
        kind = self._kinds.setdefault((record.pathname, record.lineno), _Kind())
        before = 0
        if now > kind.until:
            before = max(0, kind.n - most)
            kind.until, kind.n = now + _WINDOW_S, 0
        kind.n += 1
        return before if kind.n <= most else -1

    def _shorten(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info and not self._whole:
            error = record.exc_info[1]
            text += f": {place_of(error)}" if error else ""
            record.exc_info = record.exc_text = record.stack_info = None
        record.msg, record.args = brief(text), None


def _in_words(args: object) -> Any:
    """The arguments of a line, or one of them, with errors and collections put into words."""
    if isinstance(args, Mapping):
        return {name: _in_word(it) for name, it in args.items()}
    return tuple(map(_in_word, args)) if isinstance(args, tuple) else args


def _in_word(value: object) -> object:
    if isinstance(value, BaseException):
        return brief(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_in_word(it)}" for name, it in value.items())
    if isinstance(value, tuple | list | set | frozenset):
        return ", ".join(str(_in_word(it)) for it in value)
    return value
