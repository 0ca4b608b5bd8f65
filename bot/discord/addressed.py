"""Which messages are for the bot: by a person, in a direct message, or with its name in them."""

from __future__ import annotations

from datetime import timedelta

import discord

_BY_PEOPLE = (discord.MessageType.default, discord.MessageType.reply)
_JUST_EDITED = timedelta(minutes=5)


def by_a_person(message: discord.Message) -> bool:
    """Whether a person wrote it: no bot, no webhook, no note of Discord's own."""
    author = message.author
    return message.type in _BY_PEOPLE and not author.bot and message.webhook_id is None


def mentions(message: discord.Message, me: discord.ClientUser | None) -> bool:
    """Whether a message mentions the bot, or the role that Discord made for it."""
    return me in message.mentions or _role_of(message) in message.role_mentions


def names(message: discord.Message, me: discord.ClientUser | None) -> bool:
    """Whether the text itself mentions the bot; a reply to it alone counts as a mention too.

    A mentioned role always stands in the text, also where the text may not be read.
    """
    named = me is not None and any(f"<@{it}{me.id}>" in message.content for it in ("", "!"))
    return named or _role_of(message) in message.role_mentions


def was_edited_now(message: discord.Message) -> bool:
    """Whether a person changed the text just now: previews and pins are edits for Discord too."""
    edited = message.edited_at
    return edited is not None and discord.utils.utcnow() - edited < _JUST_EDITED


def is_withheld(message: discord.Message, intents: discord.Intents) -> bool:
    """Whether Discord does not show the bot what is in a message, for lack of an intent."""
    if intents.message_content or message.guild is None:
        return False
    inside = (message.content, message.attachments, message.embeds, message.components)
    return not any(inside)


def _role_of(message: discord.Message) -> discord.Role | None:
    """The bot's own role in the server of a message."""
    return message.guild.self_role if message.guild else None
