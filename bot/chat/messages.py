"""Files and links in messages that may be sounds; the decoder has the last word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from bot.types import Link, Named, PathEnd, Refusal, Source, Upload
from bot.wording import say
from soundmap.clock import seconds_of
from soundmap.links.text import links_in as text_links

ARROW = r"(?:[-–—=]+>|[→⟶➔➜➝➡⇒]\ufe0f?)"
"""A pattern for what people write between the two ends of a path."""
_ENDINGS = (
    *(".mp3", ".wav", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aif", ".aiff"),
    *(".mka", ".caf", ".au", ".w64", ".wma", ".ac3", ".dts", ".wv", ".tta", ".ape", ".amr"),
)
# Sites where a link most likely leads to music; others are followed only on request.
_SITES = (
    "archive.org",
    "audiomack.com",
    "bandcamp.com",
    "freemusicarchive.org",
    "freesound.org",
    "hearthis.at",
    "mixcloud.com",
    "soundcloud.com",
    "vimeo.com",
    "youtu.be",
    "youtube.com",
)
_VIDEO_ENDINGS = (".webm", ".mp4", ".mov", ".mkv")
_SHOWN_LETTERS = 60


def links_in(text: str) -> list[Link]:
    """The links in a text, without what surrounds them."""
    return [Link(found) for found in text_links(text)]


def part_of(source: Source | Refusal | None, start: str | None) -> Source | Refusal | None:
    """The part of a source from a time on, given as ``1:30`` or ``90``; all of it without one."""
    if not start or isinstance(source, Refusal):
        return source
    if source is None:
        return Refusal("no_source")
    if (start_s := seconds_of(start.strip().casefold())) is None:
        return Refusal("bad_start", {"start": start[:_SHOWN_LETTERS]})
    return replace(source, start_s=start_s)


def end_in(text: str) -> PathEnd:
    """The end of a path that a text names: its first link, or else a track."""
    return next(iter(links_in(text)), Named(text.strip()))


def leads_to_music(link: Link) -> bool:
    """Whether a link names an audio file or a music site."""
    try:
        parts = urlsplit(link.url)
        host = (parts.hostname or "").casefold()
    except ValueError:
        return False
    if parts.path.casefold().endswith(_ENDINGS):
        return True
    return any(host == site or host.endswith(f".{site}") for site in _SITES)


def may_be_a_sound(content_type: str, file_name: str, video: bool = True) -> bool:
    """Whether a file may hold a sound; videos count only if ``video``."""
    kind, name = content_type.partition("/")[0], file_name.casefold()
    if kind == "audio" or name.endswith(_ENDINGS):
        return True
    return video and (kind == "video" or name.endswith(_VIDEO_ENDINGS))


def may_be_no_sound(source: Upload | Link, asked: bool) -> bool:
    """Whether to stay quiet about errors: for a link that was not addressed to the bot."""
    return not asked and isinstance(source, Link)


def about(source: Upload | Link, language: str, neutral: Callable[[str, int], str]) -> str:
    """Says which of several sounds an answer is about."""
    name = neutral(source.name if isinstance(source, Upload) else source.url, _SHOWN_LETTERS)
    return say("about_sound", language, name=name or "?")
