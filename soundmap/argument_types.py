"""What the text of an argument may be."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number from ``least`` to ``most``, or raises ArgumentTypeError."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ArgumentTypeError(f"a whole number from {least} to {most}, not {text!r}")
        return int(text)

    return read
