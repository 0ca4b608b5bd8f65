"""Escapes untrusted text for Discord's markdown: titles, artists, file names."""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.chat.plain import plain

MAX_URL = 400
_SIGNS = re.compile(r"([\\*_~`|\[\]()<>])")
_LINE_STARTS = ("#", "-", "+")  # heading, list, small print
_LIVELY = re.compile(r"(@|:(?=//)|www\.|discord\.)", re.IGNORECASE)  # mentions, links, invitations
_ZERO_WIDTH_SPACE = "\u200b"
_SAFE_IN_URLS = ":/?#@!$&'+,;=%"  # no bracket, which would end the link, and no asterisk


def neutral(text: str, most: int) -> str:
    """``text`` on one line, cut at ``most`` letters, without any effect.

    It makes no markup, mention or link, and cannot reverse or hide the text after it.
    """
    escaped = _SIGNS.sub(r"\\\1", plain(text, most))
    if escaped[:1] in _LINE_STARTS:
        escaped = f"\\{escaped}"
    return _LIVELY.sub(rf"\1{_ZERO_WIDTH_SPACE}", escaped)


def link(text: str, url: str, most: int = MAX_URL) -> str:
    """A masked link.

    Only the text if ``url`` is not a web address, or has more than ``most`` letters.
    """
    if not url.startswith(("http://", "https://")):
        return text
    url = quote(url, safe=_SAFE_IN_URLS)
    return f"[{text}]({url})" if len(url) <= most else text
