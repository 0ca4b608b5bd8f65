"""The second from which a link asks to be played."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

_NAMES = ("t", "start", "time_continue")
_MOST_SECONDS = 24 * 3600.0  # a larger number is a date or part of a signature
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d{1,6})?)", re.ASCII)  # 1:02:03
_UNITS = re.compile(  # 90, 90s, 1m30s, 1h2m3s
    r"(?=\d)(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,6}(?:\.\d{1,6})?)s?)?", re.ASCII
)


def start_in(link: str) -> float | None:
    """Seconds from the start of the sound at which a link asks to begin, 0 to 86,400.

    None if it does not ask.  YouTube, SoundCloud and Vimeo write ``t``, ``start`` or
    ``time_continue`` in the query or in the fragment, which goes first.  The end of a media
    fragment does not count (W3C, Media Fragments URI 1.0, section 4.2.1).
    """
    try:
        parts = urlsplit(link)
        given = [*_pairs(parts.fragment), *_pairs(parts.query)]
    except ValueError:
        return None
    starts = (_seconds(value) for name, value in given if name in _NAMES)
    return next((start for start in starts if start is not None), None)


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(name.casefold(), value) for name, value in parse_qsl(text)]


def _seconds(text: str) -> float | None:
    """The seconds of ``90``, ``1m30s`` or ``1:30``; None for what is no time of a song."""
    begin = text.strip().casefold().removeprefix("npt:").partition(",")[0]
    if not (found := _CLOCK.fullmatch(begin) or _UNITS.fullmatch(begin)):
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    total = 3600 * hours + 60 * minutes + seconds
    return total if total <= _MOST_SECONDS else None
