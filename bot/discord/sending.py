"""Sends cards to channels, in the form that the bot's permissions allow."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable
from typing import Any

import discord

from bot.discord.card import Card
from bot.discord.patience import patiently


async def send_allowed(
    channel: discord.abc.Messageable,
    card: Card,
    permissions: discord.Permissions,
    prefix: str = "",
    **options: Any,
) -> discord.Message:
    """Sends a card in the form that the permissions allow; a nonce prevents duplicates."""
    if not permissions.attach_files and (card.data or card.map):
        card = card.without_file()
    if not permissions.embed_links and card.embeds:
        card = card.without_embeds()
    text, nonce = f"{prefix} {card.text}".strip(), secrets.token_hex(12)

    def send() -> Awaitable[discord.Message]:
        view = {"view": card.view()} if card.view else {}
        parts: dict[str, Any] = {"embeds": card.embeds, "files": card.files(), **view, **options}
        return channel.send(text or None, nonce=nonce, **parts)

    return await patiently(send)


def may_send(channel: discord.abc.Messageable, permissions: discord.Permissions) -> bool:
    """Whether the bot may answer in a channel or thread."""
    if isinstance(channel, discord.Thread):
        return permissions.send_messages_in_threads
    return permissions.send_messages


def may_react(permissions: discord.Permissions) -> bool:
    """Whether the bot may add reactions."""
    return permissions.add_reactions and permissions.read_message_history
