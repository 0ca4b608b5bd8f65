"""Text of strangers made harmless in Discord's markdown: titles, artists, file names."""

from __future__ import annotations

import unicodedata

import discord

from soundmap.types import SEARCH_URL

_MAX_URL = 400
_LINE_STARTS = ("#", "-", "+")  # they make a heading, a list or small print
_ZERO_WIDTH_SPACE = "\u200b"


def neutral(text: str, most: int) -> str:
    """``text`` on one line, at most ``most`` letters of it, meaning nothing but itself.

    No markdown, no mention, no link, nothing that reverses or hides what follows.
    """
    plain = "".join(" " if letter.isspace() else letter for letter in text)
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")
    plain = shorten(" ".join(plain.split()), most)
    escaped = discord.utils.escape_markdown(plain, ignore_links=False)
    for sign in "[]()<":
        escaped = escaped.replace(sign, f"\\{sign}")
    if escaped[:1] in _LINE_STARTS:
        escaped = f"\\{escaped}"
    for sign in ("@", "://"):
        escaped = escaped.replace(sign, f"{sign[0]}{_ZERO_WIDTH_SPACE}{sign[1:]}")
    return escaped.replace("www.", f"www.{_ZERO_WIDTH_SPACE}")


def shorten(text: str, most: int) -> str:
    """At most ``most`` letters, the last an ellipsis where something is missing."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def link(text: str, url: str) -> str:
    """A masked link; only the text where the address is none that Discord would open."""
    if len(url) > _MAX_URL:
        url = SEARCH_URL
    if not url.startswith(("http://", "https://")):
        return text
    for sign in '()<> "':
        url = url.replace(sign, f"%{ord(sign):02X}")
    return f"[{text}]({url})"
