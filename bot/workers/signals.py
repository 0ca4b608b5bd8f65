"""The signals that ask for the end."""

from __future__ import annotations

import atexit
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")  # each means the same, where there is one
_AWAY = "SIGHUP"


def asking() -> list[signal.Signals]:
    """Their numbers; without that of a terminal that goes away, where ``nohup`` has us stay."""
    named = [it for it in signal.Signals if it.name in _NAMES]
    return [it for it in named if it.name != _AWAY or signal.getsignal(it) != signal.SIG_IGN]


def end_at_once(status: int) -> None:
    """Has each end the process with a status while nobody listens to them yet.

    Else there would be a traceback, or the first process of a container would ignore them.  At the
    very end, when nobody listens any more, they change nothing.
    """

    def leave(*_: object) -> NoReturn:
        raise SystemExit(status)

    atexit.register(_ignore)
    for number in asking():
        signal.signal(number, leave)


@contextmanager
def not_for_children() -> Iterator[None]:
    """Keeps what a terminal sends to all its processes from those that are started inside."""
    if sys.platform == "win32":
        yield
        return
    from multiprocessing import resource_tracker

    kept = {signal.SIGINT, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, kept)
    resource_tracker.ensure_running()  # the first of all children, whose start lifts the block
    signal.pthread_sigmask(signal.SIG_BLOCK, kept)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ignore() -> None:
    for number in asking():
        signal.signal(number, signal.SIG_IGN)
