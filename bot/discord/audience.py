"""Who may see a channel: a list that only adults see may have strong language."""

from __future__ import annotations

from dataclasses import replace

import discord

from soundmap.recommendation.request import Request

_GROWN_UP = (discord.NSFWLevel.explicit, discord.NSFWLevel.age_restricted)
_MARKED = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.Thread)


def shown_in(channel: object, request: Request) -> Request:
    """The request for a list that is shown in a channel."""
    return replace(request, adults_only=adults_only(channel))


def adults_only(channel: object) -> bool:
    """Whether a channel is for adults only, by itself or by its server; a thread as its parent."""
    if not isinstance(channel, _MARKED):
        return False
    return channel.is_nsfw() or channel.guild.nsfw_level in _GROWN_UP
