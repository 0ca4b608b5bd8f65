"""Reads lines from the keyboard without blocking the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import AsyncIterator, Iterator


async def lines(prompt: str) -> AsyncIterator[str]:
    """Lines from the keyboard, with a prompt, or from a pipe, until the end.

    A thread reads them, each only after the one before was answered.
    """
    if sys.stdin is None:  # closed
        return
    loop, wanted = asyncio.get_running_loop(), threading.Semaphore(0)
    read: asyncio.Queue[str | None] = asyncio.Queue()
    prompt = prompt if sys.stdin.isatty() else ""

    def keep_reading() -> None:
        line: str | None = ""
        while line is not None:
            wanted.acquire()
            try:
                line = input(prompt).strip()
            except (EOFError, OSError, ValueError):
                line = None
            with contextlib.suppress(RuntimeError):  # the loop is gone
                loop.call_soon_threadsafe(read.put_nowait, line)

    with _terminal_kept(bool(prompt)):
        threading.Thread(target=keep_reading, daemon=True).start()
        while True:
            wanted.release()
            line = await read.get()
            if line is None:
                return
            yield line


@contextlib.contextmanager
def _terminal_kept(interactive: bool) -> Iterator[None]:
    """Enables arrow keys and history, and restores the terminal at the end."""
    if not interactive:
        yield
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (it makes input() an editor)
    try:
        import termios

        state = termios.tcgetattr(sys.stdin)
    except (ImportError, OSError):
        yield
        return
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, state)
