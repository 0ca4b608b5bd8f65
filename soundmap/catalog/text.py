"""Untrusted text made fit to be shown on one line."""

from __future__ import annotations

import unicodedata

MOST_LETTERS = 300
_MOST_MARKS = 4  # on one letter; more is no script but a prank
_JOINERS = "\u200c\u200d"
_JOINED = ("Lo", "So", "Sk", "Mn", "Mc")  # letters without case, emoji, and what modifies them
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters by class, but there is nothing to see
_SPACES = ("Cc", "Zs", "Zl", "Zp")


def tidy(text: object, most: int = MOST_LETTERS) -> str:
    """Text on one line, in composed letters, at most ``most`` of them.

    What cannot be seen is left out: control characters, marks of direction, letters of no width.
    Joiners stay where they shape emoji or letters, as in Persian.  Tidy text stays as it is.
    """
    letters = str(text or "")[: 8 * most]
    # What was left out may have kept letters apart that now compose.
    while (tidier := _tidier(letters, most)) != letters:
        letters = tidier
    return letters


def _tidier(text: str, most: int) -> str:
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:most].rstrip()
    letters = unicodedata.normalize("NFC", text)
    shown = "".join(_seen(letters, at) for at in range(len(letters)))
    return " ".join(_calm(shown).split())[:most].rstrip(f" {_JOINERS}")


def _seen(letters: str, at: int) -> str:
    """A letter as it is to be seen, given those around it."""
    letter = letters[at]
    if letter.isprintable():
        return " " if letter in _BLANKS else letter
    if letter in _JOINERS:
        around = letters[max(0, at - 1) : at], letters[at + 1 : at + 2]
        joins = all(it and unicodedata.category(it) in _JOINED for it in around)
        return letter if joins else ""
    return " " if unicodedata.category(letter) in _SPACES else ""


def _calm(text: str) -> str:
    """Text without piles of marks on a letter."""
    kept, n_marks = [], 0
    for letter in text:
        n_marks = n_marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if n_marks <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)
