"""The signals that ask for the end."""

from __future__ import annotations

import atexit
import signal
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


def _ignore() -> None:
    for number in asking():
        signal.signal(number, signal.SIG_IGN)
