"""What Tab completes: commands, their words and options, and paths as they are being typed."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.chat.messages import ARROW

PATHS, CATALOGS = "<paths>", "<catalogs>"
"""What a command may take besides words."""
_SPECIAL = re.compile(r"([\s\\'\"()\[\]{}&;$!*?<>|`#])")
OPTION = re.compile(r"(?:^|(?<=\s))--[a-z-]*(?: \S*)?$", re.IGNORECASE)
"""An option being typed, and its value."""
_LAST = re.compile(rf"{ARROW}\s+|(?:(?<=\s)|^)(?=['\"/~])|(?<=[^\\]\s)")
"""Where what is being typed may begin, in a line with several paths."""


class Completer:
    """Completes lines, given what each command ``takes`` and how to ask for the catalogs."""

    def __init__(
        self, takes: Mapping[str, Sequence[str]], catalogs: Callable[[], Sequence[str]]
    ) -> None:
        self._takes, self._catalogs = takes, catalogs

    def lines(self, line: str) -> list[str]:
        """The lines that a line may become, sorted."""
        command, gap, rest = line.partition(" ")
        if gap and (takes := self._takes.get(command.casefold())) is not None:
            return [f"{command} {it}" for it in self._behind(rest.lstrip(), takes)]
        named = [] if gap else [f"{it} " for it in self._takes if it.startswith(line.casefold())]
        return sorted([*(named if line[:1] == "/" else ()), *paths(line)])

    def _behind(self, typed: str, takes: Sequence[str]) -> list[str]:
        if (option := OPTION.search(typed)) and (fits := _fitting(option[0], takes)):
            return [f"{typed[: option.start()]}{it} " for it in fits]
        words = [it for it in takes if it not in (PATHS, CATALOGS) and it[:2] != "--"]
        if CATALOGS in takes:
            with contextlib.suppress(Exception):  # the chat is about to end, or busy
                words += self._catalogs()
        begun = [f"{it} " for it in words if it.startswith(typed.casefold())]
        return sorted([*begun, *(paths(typed) if PATHS in takes else ())])


def _fitting(option: str, takes: Sequence[str]) -> list[str]:
    return sorted(it for it in takes if it.startswith(option.casefold()))


def paths(typed: str) -> list[str]:
    """A text with the path at its end completed, in every way that fits.

    The path is all of the text if that begins one, or else what is behind a space or an arrow.
    """
    begins = [0, *(match.end() for match in _LAST.finditer(typed) if match.end())]
    for begin in begins:
        found = [typed[:begin] + path for path in _paths(typed[begin:])]
        if found:
            return found
    return []


def _paths(typed: str) -> Iterator[str]:
    """The paths that a text begins, quoted as it is."""
    quote = typed[:1] if typed[:1] in ("'", '"') else ""
    escaped = not quote and "\\" in typed
    plain = re.sub(r"\\(.)", r"\1", typed) if escaped else typed[len(quote) :]
    folder, slash, begun = ("", "", plain) if "/" not in plain else plain.rpartition("/")
    begun = _one_way(begun)
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        for entry in Path(f"{folder}{slash}" or ".").expanduser().iterdir():
            name = entry.name
            hidden = name.startswith(".") and not begun
            if _one_way(name).startswith(begun) and name.isprintable() and not hidden:
                path = f"{folder}{slash}{name}"
                path = _SPECIAL.sub(r"\\\1", path) if escaped else path
                yield f"{quote}{path}{'/' if entry.is_dir() else quote}"


def _one_way(name: str) -> str:
    """A name in composed letters: macOS writes Korean and accents apart."""
    return unicodedata.normalize("NFC", name)
