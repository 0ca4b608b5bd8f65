"""The text of a playlist, whatever player of whatever country wrote it."""

from __future__ import annotations

import codecs
import re

from soundmap.library.written.codepages import mended

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARK = "\ufeff"  # also where files were put one behind the other
_BREAK = re.compile("\r\n|\n|\r")  # str.splitlines knows more, which names of files may hold
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")


def lines_of(data: bytes) -> list[str]:
    """The lines of a playlist, without spaces at their ends.

    UTF-8 or UTF-16, with or without a byte order mark; otherwise in the code page in which it is
    most likely.  Raises ValueError for what is no text.
    """
    lines = _BREAK.split(decoded(data))
    if any(map(_NOT_TEXT.search, lines)):
        raise ValueError("it is no text")
    return [line.lstrip(_MARK).strip() for line in lines]


def decoded(data: bytes) -> str:
    """The text of a playlist.  Raises ValueError for UTF-16 that is cut off."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec)
    if data[1:2] == b"\0" != data[:1]:
        return data.decode("utf-16-le")
    if data[:1] == b"\0" != data[1:2]:
        return data.decode("utf-16-be")
    try:
        return data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
        return text if _NOT_TEXT.search(text) else _by_code_page(text)


def _by_code_page(text: str) -> str:
    lines = text.split("\n")
    odd = list(dict.fromkeys(line for line in lines if not line.isascii()))
    meant = dict(zip(odd, mended(odd), strict=True))
    return "\n".join(meant.get(line) or line for line in lines)
