"""Text of strangers made harmless in Discord's markdown: titles, artists, file names."""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.chat.plain import plain
from soundmap.types import SEARCH_URL

MAX_URL = 400
_SIGNS = re.compile(r"([\\*_~`|\[\]()<>])")
_LINE_STARTS = ("#", "-", "+")  # they make a heading, a list or small print
_LIVELY = re.compile(r"(@|:(?=//)|www\.|discord\.)", re.IGNORECASE)  # mentions, links, invitations
_ZERO_WIDTH_SPACE = "\u200b"
_SAFE_IN_URLS = ":/?#@!$&'+,;=%"  # no bracket, which would end the link, and no asterisk


def neutral(text: str, most: int) -> str:
    """``text`` on one line, at most ``most`` letters of it, meaning nothing but itself.

    No markdown, no mention, no link, nothing that reverses or hides what follows.
    """
    escaped = _SIGNS.sub(r"\\\1", plain(text, most))
    if escaped[:1] in _LINE_STARTS:
        escaped = f"\\{escaped}"
    return _LIVELY.sub(rf"\1{_ZERO_WIDTH_SPACE}", escaped)


def link(text: str, url: str, most: int = MAX_URL) -> str:
    """A masked link; only the text where the address is none that Discord would open, and a
    link to the archive's search where it has more than ``most`` letters.
    """
    if not url.startswith(("http://", "https://")):
        return text
    url = quote(url, safe=_SAFE_IN_URLS)
    return f"[{text}]({url if len(url) <= most else SEARCH_URL})"
