"""Keeps a terminal's signals from processes whose parent handles them."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def not_for_children() -> Iterator[None]:
    """Keeps what a terminal sends to all its processes from those that are started inside.

    They inherit what their parent's thread blocks.  Windows has no such thing.
    """
    if sys.platform == "win32":
        yield
        return
    kept = {signal.SIGINT, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, kept)
    resource_tracker.ensure_running()  # the first of all children, whose start lifts the block
    signal.pthread_sigmask(signal.SIG_BLOCK, kept)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
