"""Text of strangers made harmless in Slack's mrkdwn, and our own sentences brought into it."""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.chat.plain import plain
from soundmap.types import SEARCH_URL

MAX_URL = 400
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})  # mrkdwn has no escapes
_LIVELY = re.compile(r"(@|#|:(?=//|[\w+-]+:)|www\.)", re.IGNORECASE)  # mentions, links, emoji
_OURS = re.compile(r"\*\*(?P<bold>.+?)\*\*|\*(?P<slanted>.+?)\*")
_WRAPPED = re.compile(r"<(https?://[^|>]+)(\|[^>]*)?>", re.IGNORECASE)
_ZERO_WIDTH_SPACE = "\u200b"
_SAFE_IN_URLS = ":/?#@!$&'+,;=%()"  # neither bar nor bracket, which would end the link


def neutral(text: str, most: int) -> str:
    """``text`` on one line, at most ``most`` letters of it, meaning nothing but itself."""
    shown = plain(text, most).translate(_LOOKALIKES)
    return _LIVELY.sub(rf"\1{_ZERO_WIDTH_SPACE}", shown).translate(_ESCAPES)


def link(text: str, url: str, most: int = MAX_URL) -> str:
    """A named link; only the text where the address is none of the web, and a link to the
    archive's search where it has more than ``most`` letters.
    """
    if not url.startswith(("http://", "https://")):
        return text
    url = quote(url, safe=_SAFE_IN_URLS).replace("&", "&amp;")
    return f"<{url if len(url) <= most else SEARCH_URL}|{text}>"


def ours(text: str) -> str:
    """A sentence of ours, written with ``**bold**`` and ``*slanted*``, as mrkdwn has it."""
    return _OURS.sub(lambda found: f"*{found[1]}*" if found["bold"] else f"_{found[2]}_", text)


def unwrapped(text: str) -> str:
    """What a person typed, from what Slack makes of it: links in brackets, signs escaped."""
    text = _WRAPPED.sub(r" \1 ", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
