"""What the environment says of the person at this terminal: their language and their width."""

from __future__ import annotations

import os
import re
from typing import TextIO

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set counts (POSIX, section 8.2)."""
_LEAST_COLUMNS, _USUAL_COLUMNS = 20, 80


def language() -> str:
    """The language of this terminal's locale, ``en`` or ``ko``; it need not be installed."""
    name = next(filter(None, map(os.environ.get, _LOCALE)), "")
    return "ko" if re.split(r"[_.@-]", name)[0].casefold() == "ko" else "en"


def columns(stream: TextIO) -> int | None:
    """How many columns a terminal shows, 20 or more, by ``COLUMNS`` if that says so; None for a
    stream that is no terminal.
    """
    if not stream.isatty():
        return None
    said = os.environ.get("COLUMNS", "")
    try:
        shown = int(said) if said.isdecimal() else os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        shown = 0
    return max(_LEAST_COLUMNS, shown or _USUAL_COLUMNS)
