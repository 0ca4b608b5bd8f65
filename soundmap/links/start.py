"""The second from which a link asks to be played."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from soundmap.clock import seconds_of

_NAMES = ("t", "start", "time_continue")


def start_in(link: str) -> float | None:
    """Seconds from the start of the sound at which a link asks to begin, above 0 to 86,400.

    None if it does not ask, or asks for 0, which is all of it.  YouTube, SoundCloud and Vimeo write
    ``t``, ``start`` or ``time_continue`` in the query or in the fragment, which goes first.  The
    end of a media fragment does not count (W3C, Media Fragments URI 1.0, section 4.2.1).
    """
    try:
        parts = urlsplit(link)
        given = [*_pairs(parts.fragment), *_pairs(parts.query)]
    except ValueError:
        return None
    starts = (_seconds(value) for name, value in given if name in _NAMES)
    return next((start for start in starts if start is not None), None) or None


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(name.casefold(), value) for name, value in parse_qsl(text)]


def _seconds(text: str) -> float | None:
    """The seconds of a value; None for what is no time of a song, as a date or a signature."""
    return seconds_of(text.strip().casefold().removeprefix("npt:").partition(",")[0])
