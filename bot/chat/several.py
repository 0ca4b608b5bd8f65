"""Several sounds named in one line: ``AWOL - Food, https://… "A, B - C" without #123``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_WITHOUT = ("without", "--without")
_PART = re.compile(r'"(?P<quoted>[^"]+)"|[“”](?P<curled>[^“”]+)[“”]|(?P<word>[^\s"“”]+)')
_SEPARATORS = ",;"

Part = tuple[str, bool]
"""A part of a line, and whether it is the whole of a sound."""


def parts_in(text: str, alone: Callable[[str], bool]) -> list[Part]:
    """The parts of a line: what is quoted is whole, and so are words that stand ``alone``."""
    found = _PART.finditer(text)
    return [
        (it["word"], alone(it["word"].rstrip(_SEPARATORS)))
        if it["word"]
        else (it["quoted"] or it["curled"], True)
        for it in found
    ]


def sounds_in(parts: Iterable[Part]) -> tuple[list[str], list[str]]:
    """The sounds that a line names, and those behind the word ``without``.

    Words that are not whole make one name together, up to a comma, but numbers are each a track's.
    """
    near: list[str] = []
    away: list[str] = []
    into, words = near, list[str]()

    def close(*more: str) -> None:
        numbers = all(it.isdecimal() for it in words)
        into.extend(filter(None, (*(words if numbers else [" ".join(words)]), *more)))
        words.clear()

    for part, is_whole in parts:
        bare = part.rstrip(_SEPARATORS).strip()
        if not is_whole and bare in _WITHOUT:
            close()
            into = away
        elif is_whole:
            close(bare)
        else:
            words.append(bare)
            if part != bare:
                close()
    close()
    return near, away
