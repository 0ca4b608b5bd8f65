"""The link that adds the bot to a server, with the permissions that it needs and no others."""

from __future__ import annotations

import discord

from bot.core.mouths import brief
from bot.discord.patience import FAILED, once
from bot.types import BadToken
from soundmap.cli.surroundings import language
from soundmap.cli.usage import filled

TOKEN = ("Discord", "DISCORD_TOKEN", "the developer portal")
"""What the sentence about a token that Discord refuses is made of."""
PERMISSIONS = (
    "read_messages",
    "send_messages",
    "send_messages_in_threads",
    "embed_links",
    "attach_files",
    "add_reactions",
    "read_message_history",
)
"""What the bot may need in a channel; it has a use for no other permission."""
_SCOPES = ("bot", "applications.commands")


def link_of(application_id: int | None) -> str:
    """The link for an application."""
    permissions = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    return discord.utils.oauth_url(application_id or 0, permissions=permissions, scopes=_SCOPES)


async def link_by(token: str) -> str:
    """The link for the application of a token.  Raises BadToken, or OSError without Discord."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await once(lambda: client.login(token))
        except discord.LoginFailure as error:
            raise BadToken(*TOKEN) from error
        except FAILED as error:
            text = "Discord cannot be asked: {reason}."
            raise OSError(filled(text, reason=brief(error, language()))) from error
        return link_of(client.application_id)
