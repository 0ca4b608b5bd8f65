"""Which attachments are audio, by what Discord says of them; what they are is for a decoder."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot.types import Upload

_ENDINGS = (".mp3", ".wav", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aif", ".aiff")
_VIDEO_ENDINGS = (".webm", ".mp4", ".mov", ".mkv")


def audio_in(attachments: Iterable[discord.Attachment], video: bool = True) -> list[Upload]:
    """The attachments that may hold sound, voice messages too; videos where they are wanted."""
    return [upload_of(file) for file in attachments if _is_audio(file, video)]


def upload_of(file: discord.Attachment) -> Upload:
    """An attachment as the service takes it."""
    return Upload(file.url, file.title or file.filename, file.size)


def _is_audio(file: discord.Attachment, video: bool) -> bool:
    kind = (file.content_type or "").partition("/")[0]
    name = file.filename.casefold()
    if kind == "audio" or name.endswith(_ENDINGS):
        return True
    return video and (kind == "video" or name.endswith(_VIDEO_ENDINGS))
