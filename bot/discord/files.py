"""Attachments and links of a message that may be sounds; the decoder has the last word."""

from __future__ import annotations

import discord

from bot.chat.messages import end_in, leads_to_music, links_in, may_be_a_sound, part_of
from bot.types import Link, PathEnd, Refusal, Source, Upload


def sources_in(message: discord.Message) -> list[Upload | Link]:
    """Everything in a message that may be a sound: files, voice messages and links.

    Forwarded messages count too.
    """
    return [*_files(message, video=True), *_links(message)]


def overheard_in(message: discord.Message) -> list[Upload | Link]:
    """Likely music in a message that was not addressed to the bot: no videos, few links."""
    return [*_files(message, video=False), *filter(leads_to_music, _links(message))]


def _files(message: discord.Message, video: bool) -> list[Upload]:
    files = (file for part in _parts(message) for file in part.attachments)
    return [upload_of(file) for file in files if _is_audio(file, video)]


def _links(message: discord.Message) -> list[Link]:
    return [link for part in _parts(message) for link in links_in(part.content)]


def _parts(message: discord.Message) -> list[discord.Message | discord.MessageSnapshot]:
    """A message, and the one that it forwards."""
    return [message, *message.message_snapshots]


def upload_of(file: discord.Attachment) -> Upload:
    """An attachment as a source for the service."""
    return Upload(file.url, file.title or file.filename, file.size)


def source_of(
    file: discord.Attachment | None, link: str | None, start: str | None = None
) -> Source | Refusal | None:
    """The source given to a command, or the part of it from ``start`` on; None for nothing."""
    return part_of(_whole(file, link), start)


def _whole(file: discord.Attachment | None, link: str | None) -> Source | Refusal | None:
    if file and link:
        return Refusal("two_sources")
    if file:
        return upload_of(file)
    if not (text := (link or "").strip()):
        return None
    return next(iter(links_in(text)), Link(text))


def end_of(file: discord.Attachment | None, text: str | None) -> PathEnd | Refusal:
    """An end of a path: a file, a link, or the name of a track."""
    source = source_of(file, text)
    if isinstance(source, Link):
        return end_in(source.url)
    return source or Refusal("two_ends")


def _is_audio(file: discord.Attachment, video: bool) -> bool:
    return may_be_a_sound(file.content_type or "", file.filename, video)
