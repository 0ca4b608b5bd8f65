"""Text of strangers made harmless in Discord's markdown: titles, artists, file names."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from soundmap.types import SEARCH_URL

MAX_URL = 400
_SIGNS = re.compile(r"([\\*_~`|\[\]()<>])")
_LINE_STARTS = ("#", "-", "+")  # they make a heading, a list or small print
_LIVELY = re.compile(r"(@|:(?=//)|www\.|discord\.)", re.IGNORECASE)  # mentions, links, invitations
_ZERO_WIDTH_SPACE = "\u200b"
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
_SAFE_IN_URLS = ":/?#@!$&'+,;=%"  # no bracket, which would end the link, and no asterisk


def neutral(text: str, most: int) -> str:
    """``text`` on one line, at most ``most`` letters of it, meaning nothing but itself.

    No markdown, no mention, no link, nothing that reverses or hides what follows.
    """
    plain = "".join(" " if _is_blank(letter) else letter for letter in text)
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")
    escaped = _SIGNS.sub(r"\\\1", shorten(" ".join(plain.split()), most))
    if escaped[:1] in _LINE_STARTS:
        escaped = f"\\{escaped}"
    return _LIVELY.sub(rf"\1{_ZERO_WIDTH_SPACE}", escaped)


def shorten(text: str, most: int) -> str:
    """At most ``most`` letters, the last an ellipsis where something is missing."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def link(text: str, url: str, most: int = MAX_URL) -> str:
    """A masked link; only the text where the address is none that Discord would open, and a
    link to the archive's search where it has more than ``most`` letters.
    """
    if not url.startswith(("http://", "https://")):
        return text
    url = quote(url, safe=_SAFE_IN_URLS)
    return f"[{text}]({url if len(url) <= most else SEARCH_URL})"


def _is_blank(letter: str) -> bool:
    return letter.isspace() or letter in _BLANK_LETTERS
