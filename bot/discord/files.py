"""Attachments and links of a message that may be sounds; the decoder has the last word."""

from __future__ import annotations

import discord

from bot.chat.messages import end_in, leads_to_music, links_in, may_be_a_sound, part_of
from bot.types import Link, PathEnd, Refusal, Source, Upload


def sources_in(message: discord.Message) -> list[Upload | Link]:
    """Everything in a message that may be a sound: files, voice messages and links.

    Forwarded messages count too.
    """
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    files = [upload_of(file) for part in parts for file in part.attachments if _is_audio(file)]
    return [*files, *(link for part in parts for link in links_in(part.content))]


def overheard_in(message: discord.Message) -> list[Upload | Link]:
    """Likely music in a message that was not addressed to the bot: no videos, few links."""
    files = [upload_of(file) for file in message.attachments if _is_audio(file, video=False)]
    return [*files, *filter(leads_to_music, links_in(message.content))]


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


def _is_audio(file: discord.Attachment, video: bool = True) -> bool:
    return may_be_a_sound(file.content_type or "", file.filename, video)
