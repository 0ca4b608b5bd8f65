"""Which attachments and links of a message may be sounds; what they are is for a decoder."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import discord

from bot.types import Link, Upload

_ENDINGS = (".mp3", ".wav", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aif", ".aiff")
# Where a link most likely leads to music: others are followed only for who asks.
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
_LINK = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_VIDEO_ENDINGS = (".webm", ".mp4", ".mov", ".mkv")


def sources_in(message: discord.Message) -> list[Upload | Link]:
    """All that may be a sound in a message: its files, voice messages too, and its links; those
    of messages that it forwards as well.
    """
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    files = [upload_of(file) for part in parts for file in part.attachments if _is_audio(file)]
    return [*files, *(link for part in parts for link in links_in(part.content))]


def overheard_in(message: discord.Message) -> list[Upload | Link]:
    """What most likely is music in a message that nobody asked about: no videos, no other links."""
    files = [upload_of(file) for file in message.attachments if _is_audio(file, video=False)]
    return [*files, *filter(leads_to_music, links_in(message.content))]


def links_in(text: str) -> list[Link]:
    """The links of a text, without the punctuation around them."""
    return [Link(found.rstrip(".,;:!?)]}*_~|'\"")) for found in _LINK.findall(text)]


def leads_to_music(link: Link) -> bool:
    """Whether a link names an audio file or a place for music."""
    try:
        parts = urlsplit(link.url)
        host = (parts.hostname or "").casefold()
    except ValueError:
        return False
    if parts.path.casefold().endswith(_ENDINGS):
        return True
    return any(host == site or host.endswith(f".{site}") for site in _SITES)


def upload_of(file: discord.Attachment) -> Upload:
    """An attachment as the service takes it."""
    return Upload(file.url, file.title or file.filename, file.size)


def _is_audio(file: discord.Attachment, video: bool = True) -> bool:
    kind = (file.content_type or "").partition("/")[0]
    name = file.filename.casefold()
    if kind == "audio" or name.endswith(_ENDINGS):
        return True
    return video and (kind == "video" or name.endswith(_VIDEO_ENDINGS))
