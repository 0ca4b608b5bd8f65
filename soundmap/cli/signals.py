"""What happens when a command is told to end."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = [signal.SIGTERM]
if sys.platform != "win32":
    _SIGNALS.append(signal.SIGHUP)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Has a signal to end raise SystemExit while the block runs, as Ctrl-C raises an error of its
    own: the terminal's cursor comes back, and what is temporary is deleted.

    A signal that is ignored, as by nohup, goes on being so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [number for number in _SIGNALS if signal.getsignal(number) == signal.SIG_DFL]
    for number in ours:
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
