"""Times within a sound, as people write them."""

from __future__ import annotations

import re

MOST_SECONDS = 24 * 3600.0
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d{1,6})?)", re.ASCII)  # 1:02:03
_UNITS = re.compile(  # 90, 90s, 1m30s, 1h2m3s
    r"(?=\d)(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,6}(?:\.\d{1,6})?)s?)?", re.ASCII
)


def seconds_of(text: str) -> float | None:
    """The seconds of ``90``, ``1m30s`` or ``1:30``, 0 to ``MOST_SECONDS``; None for other text."""
    if not (found := _CLOCK.fullmatch(text) or _UNITS.fullmatch(text)):
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    total = 3600 * hours + 60 * minutes + seconds
    return total if total <= MOST_SECONDS else None


def clock_of(seconds: float) -> str:
    """Seconds >= 0 as ``1:30``, or ``1:02:03`` from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
