"""Text whose bytes were taken for Latin-1, read in the code page that it was written in.

Taggers write the bytes of their system's code page and call them Latin-1.  The texts of one file
share a code page: the one in which they are most likely.  Western text wins unless another page is
more likely by far, so that it is never damaged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from soundmap.library.written.likelihood import PAGES, cost, n_misplaced, western_cost

_MARGIN = 7.0
"""By how many nats another page must be more likely than text that could be Western."""
_DOUBT = 2.0
"""Between texts no further apart than this there is no telling."""
_ACCENTED_WORD = re.compile(r"[^\W\x00-\x7f]{4}")
"""Four letters in a row, all of them with accents, are in no Western word."""
_RUBBISH = 2
"""Signs where none stand in Western text, from so many on."""
_MOST_BYTES = 400
_CUT = (30, _MOST_BYTES)
"""Lengths of texts that may end within a letter: 30 bytes are a field of ID3 of version 1."""


def mended(texts: Sequence[str], hint: str = "") -> list[str]:
    """Texts of one file as they were meant; empty where only rubbish is left.

    ``hint`` is the name of the file, which may hold the same words.
    """
    suspects = {text: raw for text in texts if (raw := _raw(text))}
    if not suspects:
        return ["" if _is_rubbish(text) else text for text in texts]
    meant = _meant(suspects, hint)
    return ["" if _is_rubbish(new) else new for new in (meant.get(text, text) for text in texts)]


def _is_rubbish(text: str) -> bool:
    return "\ufffd" in text


def _raw(text: str) -> bytes:
    """The bytes of a text that has none but those of Latin-1, some beyond ASCII; else nothing."""
    if text.isascii():
        return b""
    try:
        return b"".join(map(_byte, text[:_MOST_BYTES]))
    except UnicodeEncodeError:
        return b""


def _byte(letter: str) -> bytes:
    return letter.encode("latin-1" if letter < "\u0100" else "cp1252")


def _meant(suspects: dict[str, bytes], hint: str) -> dict[str, str]:
    """What each of the texts means, by one code page for all."""
    western = {text: raw.decode("cp1252", "replace") for text, raw in suspects.items()}
    utf8 = _decoded(suspects, "utf-8")
    if utf8 and any(map(_is_no_accident, western.values(), utf8.values())):
        return dict(zip(utf8, mended([*utf8.values()], hint), strict=True))  # it may be so twice
    n_odd = n_misplaced(" ".join(western.values()))
    is_foreign = n_odd >= _RUBBISH or any(map(_ACCENTED_WORD.search, western.values()))
    known = _words(hint)
    read = {page: found for page in PAGES if (found := _decoded(suspects, page))}
    as_named = [page for page, found in read.items() if known & _words(" ".join(found.values()))]
    if not (n_odd or is_foreign or as_named) or known & _words(" ".join(western.values())):
        return western
    costs = {page: cost(page, [*read[page].values()]) for page in as_named or read}
    first, second = [*sorted(costs, key=costs.__getitem__), "", ""][:2]
    as_western = sum(map(western_cost, western.values()))
    margin = -_MARGIN if as_named else _DOUBT if is_foreign else _MARGIN
    if not first or costs[first] + margin > as_western:
        return western if n_odd < _RUBBISH else dict.fromkeys(suspects, "\ufffd")
    if second and costs[second] - costs[first] < _DOUBT:
        return dict.fromkeys(suspects, "\ufffd")
    return read[first]


def _is_no_accident(western: str, utf8: str) -> bool:
    """Whether bytes that can be UTF-8 are: those of ``CAFÉ®`` can be, too."""
    letters = "".join(letter for letter in utf8 if letter > "\x7f")
    is_western = letters.encode("cp1252", "ignore").decode("cp1252") == letters
    return len(letters) > 1 or is_western or n_misplaced(western) > 0


def _words(text: str) -> set[str]:
    """The words with letters beyond ASCII; of a single letter only where that can be a word."""
    letters = (letter if letter.isalnum() else " " for letter in unicodedata.normalize("NFC", text))
    words = "".join(letters).casefold().split()
    return {word for word in words if not word.isascii() and (len(word) > 1 or word > "\u2e80")}


def _decoded(suspects: dict[str, bytes], page: str) -> dict[str, str]:
    """The texts in a code page; nothing if one of them cannot be."""
    try:
        return {text: _read(raw, page) for text, raw in suspects.items()}
    except UnicodeDecodeError:
        return {}


def _read(raw: bytes, page: str) -> str:
    """Bytes in a code page; the field of an old tag may end in the middle of a letter."""
    try:
        return raw.decode(page)
    except UnicodeDecodeError as error:
        if len(raw) in _CUT and error.start >= len(raw) - 3 and error.end == len(raw):
            return raw[: error.start].decode(page)
        raise
