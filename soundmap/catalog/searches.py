"""Builds searches that find a track: by the words of its artist and title, and nothing else."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote_plus

from soundmap.catalog.licenses import is_license, without_license
from soundmap.catalog.text import tidy

SEARCH_URL = "https://freemusicarchive.org/search?quicksearch="
MOST_LETTERS = 300  # of the encoded words
_GUESTS = r"(?:feat|ft|featuring|prod)\b"
_OPEN, _CLOSE = r"(\[{<【「『〈《", r")\]}>】」』〉》"
_NOISE = (
    re.compile(r"\.(?:mp3|wav|flac|ogg|m4a)$", re.IGNORECASE),
    re.compile(rf"[{_OPEN}]\s*{_GUESTS}[^{_CLOSE}]*[{_CLOSE}]?", re.IGNORECASE),
    re.compile(r"\{[^{}]*\}?"),
    re.compile(rf"(?<=\S)[\s,]+{_GUESTS}.*?(?=\s[-–—]\s|[{_CLOSE}]|$)", re.IGNORECASE),
)
_BRACKETS = re.compile(rf"[{_OPEN}]([^{_OPEN}{_CLOSE}]*)[{_CLOSE}]?")
_INSIDE = "'’&.-/+"  # signs that may stand inside a word: Rock'n'roll, R&B, U.S., AC/DC
_WORD = re.compile(rf"[^\s{_INSIDE}]+(?:[{_INSIDE}][^\s{_INSIDE}]+)*".replace("-/", r"\-/"))


def search_of(artist: str, title: str) -> str:
    """The address of a search of the archive for a track; empty if there is no word to search for.

    It leaves out guests, licenses, what stands in braces, signs that are no word, and the artist
    where the title says it again.
    """
    by, of = _words(artist), _words(title)
    words = of if _holds(of, by) else by + of
    while len(quoted := quote_plus(" ".join(words))) > MOST_LETTERS and len(words) > 1:
        words.pop()
    while len(quoted) > MOST_LETTERS:
        words = [words[0][:-1]]
        quoted = quote_plus(words[0])
    return f"{SEARCH_URL}{quoted}" if quoted else ""


def _words(text: str) -> list[str]:
    """The words of a text without noise; with it, if nothing else is left."""
    text = unicodedata.normalize("NFKC", tidy(text))
    bare = without_license(_BRACKETS.sub(lambda it: " " if is_license(it[1]) else it[0], text))
    for noise in _NOISE:
        bare = noise.sub(" ", bare)
    return _WORD.findall(_plain(bare)) or _WORD.findall(_plain(text))


def _plain(text: str) -> str:
    """Letters, marks and digits, and what may stand inside a word; blanks for all else."""
    return "".join(
        letter if letter in _INSIDE or unicodedata.category(letter)[0] in "LMN" else " "
        for letter in text
    )


def _holds(words: list[str], others: list[str]) -> bool:
    """Whether some words stand among others, side by side."""
    folded, wanted = ([word.casefold() for word in it] for it in (words, others))
    return any(
        folded[at : at + len(wanted)] == wanted for at in range(len(folded) - len(wanted) + 1)
    )
