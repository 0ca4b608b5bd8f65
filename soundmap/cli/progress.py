"""Progress bars on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from soundmap.cli.usage import word
from soundmap.types import Advance


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Shows a text on standard error while the block runs, where that is a terminal."""
    console = Console(stderr=True)
    shown = console.status(escape(text)) if console.is_interactive else nullcontext()
    with _cursor_back(console), shown:
        yield


@contextmanager
def progress(what: str, total: int) -> Iterator[Advance]:
    """A Progress that shows a bar on standard error, where that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    hidden = not console.is_terminal
    bars = Progress(*columns, TimeRemainingColumn(), console=console, disable=hidden)
    with _cursor_back(console), bars as bar:
        task = bar.add_task(word(what), total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def _cursor_back(console: Console) -> Iterator[None]:
    """Shows the cursor when the block ends: rich does not where Ctrl-C comes as it hides it."""
    try:
        yield
    finally:
        console.show_cursor(True)
