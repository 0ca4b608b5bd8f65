"""What readers of tags return: texts by key, and how bytes of an unknown encoding become text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

Said = tuple[str, tuple[str, ...]]
"""A key of ``KEYS`` with the values that one field gives it, as they were written."""
KEYS = (
    *("title", "artist", "albumartist", "album", "genre"),
    *("license", "rights", "comment", "page"),
)
"""``license`` names one, or is the address of one; ``rights`` and ``comment`` may mention one."""
MOST_BYTES = 1 << 16
"""Of one field; what is longer is cut."""
MOST_FIELDS = 10_000
_NAMES = {
    "album artist": "albumartist",
    "album_artist": "albumartist",
    "copyright": "rights",
    "terms_of_use": "license",
    "description": "comment",
    "comments": "comment",
    "url": "page",
    "purl": "page",
    "website": "page",
    "www": "page",
    "related": "page",
}


def key_of(name: str) -> str:
    """The key of a field that its format names in words, empty for one of no use here."""
    key = name.strip().casefold()
    key = _NAMES.get(key, key)
    return key if key in KEYS else ""


def named(fields: Iterable[tuple[str, Iterable[str]]]) -> Iterator[Said]:
    """Fields whose names are words, without those of no use here."""
    for name, values in fields:
        if key := key_of(name):
            yield key, tuple(value[:MOST_BYTES] for value in values)


def text_of(data: bytes) -> str:
    """Bytes as UTF-8 if they are, or else a character for each byte, as in Latin-1."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def text_of_pairs(data: bytes, order: str = "") -> str:
    """UTF-16 by its byte order mark, or else in an ``order``: ``le``, ``be``, or as reads best."""
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(codec, "ignore")
    if not order and data.isascii() and 0 not in data:
        return data.decode("ascii")  # no UTF-16 at all
    orders = (order,) if order else ("le", "be")
    return min((data.decode(f"utf-16-{each}", "ignore") for each in orders), key=_n_scripts)


def _n_scripts(text: str) -> int:
    """Scripts that are mixed in a text: few if its bytes are in order."""
    return len({unicodedata.name(letter, "?").split()[0] for letter in text if letter > "\x7f"})
