"""Reads lines from the keyboard without blocking the event loop.

The editor is readline, of the standard library: arrow keys, history, Tab, pasting.  It loads in no
time, and where it is missing, or a pipe or a dumb terminal is in its place, lines are still read.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import locale
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

from bot.console.completing import OPTION, Completer
from soundmap.cli.screen import Screen


async def lines(prompt: str, completer: Completer) -> AsyncIterator[str]:
    """Lines from the keyboard, with a prompt, or from a pipe, until the end.

    A thread reads them, each only after the one before was answered.  Of lines that were pasted
    together, each is one.
    """
    if sys.stdin is None:  # closed
        return
    loop, wanted = asyncio.get_running_loop(), threading.Semaphore(0)
    read: asyncio.Queue[str | None] = asyncio.Queue()
    prompt = prompt if sys.stdin.isatty() else ""
    next_line = _reader(prompt)

    def keep_reading() -> None:
        line: str | None = ""
        while line is not None:
            wanted.acquire()
            try:
                line = next_line().strip()
            except (EOFError, OSError, ValueError):
                line = None
            with contextlib.suppress(RuntimeError):  # the loop is gone
                loop.call_soon_threadsafe(read.put_nowait, line)

    with _terminal_kept(prompt, completer):
        threading.Thread(target=keep_reading, daemon=True).start()
        while True:
            wanted.release()
            line = await read.get()
            if line is None:
                return
            for one in line.splitlines() or [""]:
                yield one.strip()


def _reader(prompt: str) -> Callable[[], str]:
    """What reads a line or raises EOFError.

    A pipe is read by a file of its own: Python does not end well while a thread waits for a line
    of ``sys.stdin``.
    """
    if (prompt and sys.stdout.isatty()) or not isinstance(sys.stdin, io.TextIOWrapper):
        return lambda: input(prompt)
    encoding, errors = sys.stdin.encoding, sys.stdin.errors
    file = open(sys.stdin.fileno(), encoding=encoding, errors=errors, closefd=False)  # noqa: SIM115

    def read() -> str:
        print(prompt, end="", flush=True)
        if line := file.readline():
            return line
        raise EOFError

    return read


@contextlib.contextmanager
def _terminal_kept(prompt: str, completer: Completer) -> Iterator[None]:
    """Makes input() an editor at a terminal, and restores the terminal at the end."""
    if not prompt:
        yield
        return
    with contextlib.suppress(ImportError):
        _edit(prompt, completer)
    try:
        import termios
    except ImportError:
        yield
        return
    state, gone = None, contextlib.suppress(OSError, termios.error)  # its window was closed
    with gone:
        state = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        with gone:
            if state:
                termios.tcsetattr(sys.stdin, termios.TCSADRAIN, state)


def _edit(prompt: str, completer: Completer) -> None:
    """Sets up readline, or libedit, which stands in for it on macOS."""
    _speak_utf8()
    import readline

    found: list[str] = []

    def complete(text: str, number: int) -> str | None:
        if not number:
            found[:] = completer.lines(text)
        return found[number] if number < len(found) else None

    def show(_: str, matches: Sequence[str], __: int) -> None:
        Screen().print()
        Screen().tell("  ".join(map(_shown, matches)))
        print(f"{prompt}{readline.get_line_buffer()}", end="", flush=True)

    for setting in ("input-meta on", "output-meta on", "convert-meta off"):
        readline.parse_and_bind(f"set {setting}")  # letters of any script, in any locale
    readline.set_completer_delims("")  # the completer gets the whole line
    readline.set_completer(complete)
    if "libedit" in (readline.__doc__ or ""):
        readline.parse_and_bind("bind ^I rl_complete")
    else:
        readline.parse_and_bind("tab: complete")
        readline.set_completion_display_matches_hook(show)


def _speak_utf8() -> None:
    """Has the C library read UTF-8, too, where the locale that is asked for is not installed."""
    try:
        locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        with contextlib.suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, "C.UTF-8")


def _shown(match: str) -> str:
    """What is new in a line that Tab offers: a command, an option, or the last part of a path."""
    name = match.rstrip()
    if option := OPTION.search(name):
        return option[0]
    at = name.rstrip("/").rfind("/")
    return name[at + 1 :] if at > 0 else name
