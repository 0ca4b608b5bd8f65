"""Puts untrusted text on one line, before a chat escapes its own markup."""

from __future__ import annotations

import unicodedata

_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"


def plain(text: str, most: int) -> str:
    """``text`` on one line, cut at ``most`` letters, without control or invisible characters."""
    shown = "".join(" " if _is_blank(letter) else letter for letter in text)
    shown = "".join(letter for letter in shown if unicodedata.category(letter)[0] != "C")
    return shorten(" ".join(shown.split()), most)


def shorten(text: str, most: int) -> str:
    """``text`` cut at ``most`` letters, with an ellipsis at the end if it was longer."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _is_blank(letter: str) -> bool:
    return letter.isspace() or letter in _BLANK_LETTERS
