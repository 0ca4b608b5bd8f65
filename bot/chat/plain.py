"""Puts untrusted text on one line, before a chat escapes its own markup."""

from __future__ import annotations

import itertools
import unicodedata

# Letters that show nothing, though their category says otherwise.
_BLANK_LETTERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159"
_MARKS = ("Mn", "Me")  # they stand above or below the letter before them
_MOST_MARKS = 3  # on one letter; Thai, Hebrew and Vietnamese need as many


def plain(text: str, most: int) -> str:
    """``text`` on one line, cut at ``most`` letters, without control or invisible characters.

    Marks without a letter, and more than a few on one, are left out: they would reach the lines
    above and below.
    """
    shown = "".join(" " if _is_blank(letter) else letter for letter in text)
    shown = "".join(letter for letter in shown if unicodedata.category(letter)[0] != "C")
    return shorten(_with_few_marks(" ".join(shown.split())), most)


def named(text: str, most: int) -> str:
    """A name for a menu, a label or alternative text: plain, with a stand-in for a blank one."""
    return plain(text, most) or "?"


def shorten(text: str, most: int) -> str:
    """``text`` cut at ``most`` letters, with an ellipsis at the end if it was longer."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _with_few_marks(text: str) -> str:
    parts, after = [], " "
    for is_mark, letters in itertools.groupby(text, _is_mark):
        part = "".join(letters)
        if is_mark:
            part = "" if after.isspace() else part[:_MOST_MARKS]
        parts.append(part)
        after = (part or after)[-1]
    return " ".join("".join(parts).split())


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in _MARKS


def _is_blank(letter: str) -> bool:
    return letter.isspace() or letter in _BLANK_LETTERS
