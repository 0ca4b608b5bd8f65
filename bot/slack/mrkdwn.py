"""Escapes untrusted text for Slack's mrkdwn, and converts our own sentences to it."""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.chat.plain import plain

MAX_URL = 400
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})  # mrkdwn has no escapes
_LIVELY = re.compile(r"(@|#|:(?=//|[\w+-]+:)|www\.)", re.IGNORECASE)  # mentions, links, emoji
_OURS = re.compile(r"\*\*(?P<bold>.+?)\*\*|\*(?P<slanted>.+?)\*")
_WRAPPED = re.compile(r"<(https?://[^|>]+)(\|[^>]*)?>", re.IGNORECASE)
_ZERO_WIDTH_SPACE = "\u200b"
_SAFE_IN_URLS = ":/?#@!$&'+,;=%()"  # neither bar nor bracket, which would end the link


def neutral(text: str, most: int) -> str:
    """``text`` on one line, cut at ``most`` letters, without any effect."""
    shown = plain(text, most).translate(_LOOKALIKES)
    return _LIVELY.sub(rf"\1{_ZERO_WIDTH_SPACE}", shown).translate(_ESCAPES)


def escaped(text: str) -> str:
    """Text as it stands in a block of code, where nothing else has an effect."""
    return text.translate(_ESCAPES)


def link(text: str, url: str, most: int = MAX_URL) -> str:
    """A named link.

    Only the text if ``url`` is not a web address, or has more than ``most`` letters.
    """
    if not url.startswith(("http://", "https://")):
        return text
    url = quote(url, safe=_SAFE_IN_URLS).replace("&", "&amp;")
    return f"<{url}|{text}>" if len(url) <= most else text


def ours(text: str) -> str:
    """One of our sentences, with ``**bold**`` and ``*italic*`` converted to mrkdwn."""
    return _OURS.sub(lambda found: f"*{found[1]}*" if found["bold"] else f"_{found[2]}_", text)


def unwrapped(text: str) -> str:
    """The text as typed, without the brackets around links and the escapes that Slack adds."""
    text = _WRAPPED.sub(r" \1 ", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
