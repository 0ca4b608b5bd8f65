"""The end of the process: asked for by a signal, and certain whatever hangs.

A thread of its own receives the signals, so that they also count while the event loop is stuck.
It ends the process itself if that has not ended in time.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bot.workers.signals import asking

FORCED = 1  # exit status of a process that had to be ended by its own thread
MARGIN_S = 5.0  # beyond what running jobs may take
_HURRY_S = 4.0
_BEGIN, _NEVER_MIND = b"\0", b"\xff"  # no signal has these numbers


class Ending:
    """The first signal asks for the end, the second for haste, the third ends the process.

    ``asked`` and ``hurried`` are set in the event loop.  From the first signal on, or ``begin``,
    the process has ``grace_s`` + ``MARGIN_S`` seconds left.
    """

    def __init__(self, grace_s: float) -> None:
        self.asked, self.hurried = asyncio.Event(), asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._left_s = grace_s + MARGIN_S
        self._reads, self._writes = socket.socketpair()
        self._begun = False

    def begin(self) -> None:
        """From now on the process has to end in time, though no signal may have asked for it."""
        self._begun = True
        self._writes.send(_BEGIN)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Receives signals while the block runs; to be entered in the main thread."""
        numbers = asking()
        self._writes.setblocking(False)
        before = signal.set_wakeup_fd(self._writes.fileno(), warn_on_full_buffer=False)
        usual = {number: signal.signal(number, lambda *_: None) for number in numbers}
        thread = threading.Thread(target=self._watch, name="ending", daemon=True)
        thread.start()
        try:
            yield
        finally:
            if not self._begun:  # else the thread sees the process to its end
                signal.set_wakeup_fd(before)
                for number, handler in usual.items():
                    signal.signal(number, handler)
                self._writes.send(_NEVER_MIND)
                thread.join()
                self._reads.close()
                self._writes.close()

    def _watch(self) -> None:
        deadline: float | None = None
        n_signals = 0
        while True:
            left_s = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([self._reads], [], [], left_s)[0]:
                _force("it did not end in time")
            if (said := self._reads.recv(1)) == _NEVER_MIND:
                return
            self._begun = True
            deadline = deadline or time.monotonic() + self._left_s
            n_signals += said != _BEGIN
            if n_signals > 2:
                _force("it was asked three times")
            if n_signals == 2:
                deadline = min(deadline, time.monotonic() + _HURRY_S)
                self._tell(self.hurried)
            if n_signals:
                self._tell(self.asked)

    def _tell(self, event: asyncio.Event) -> None:
        with suppress(RuntimeError):  # the loop is closed: the end has come
            self._loop.call_soon_threadsafe(event.set)


def _force(why: str) -> None:
    with suppress(OSError):
        os.write(sys.stderr.fileno(), f"soundmap-bot: ended by force: {why}.\n".encode())
    os._exit(FORCED)
