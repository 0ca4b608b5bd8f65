"""Two ways to answer on Discord, with the same methods: acknowledge, progress, show, refuse.

Each does what the channel allows, and says what is missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import discord

from bot.discord.card import Card
from bot.discord.patience import FAILED, once, patiently

_ALREADY_ACKNOWLEDGED = 40060
_ACKNOWLEDGE_SECONDS = 1.0  # per attempt: Discord allows 3 s for all
_ASIDE_SECONDS = 3.0  # for calls that may fail
_TOKEN_GONE = (10015, 10062, 50027)  # unknown webhook, unknown interaction, invalid token
_log = logging.getLogger(__name__)


class Reply(Protocol):
    """Where a conversation is held."""

    language: str
    failures: tuple[type[Exception], ...]
    may_react: bool

    async def acknowledge(self) -> None:
        """Shows that the request arrived, within 3 s for an interaction."""

    async def progress(self, text: str) -> None:
        """Shows the progress, if that can be replaced later."""

    async def show(self, card: Card) -> discord.Message | None:
        """Shows the answer; returns its message, None if nobody can react to it."""

    async def refuse(self, text: str) -> None:
        """Says why there is no answer, to the person alone if possible."""


def language_of(interaction: discord.Interaction[Any]) -> str:
    """The language of a person's client: ``ko`` or ``en``."""
    return "ko" if interaction.locale is discord.Locale.korean else "en"


def language_in(message: discord.Message) -> str:
    """The language of a message's server, ``ko`` or ``en``; the author's is not known."""
    return "ko" if message.guild and message.guild.preferred_locale.value == "ko" else "en"


class InteractionReply:
    """Answers a command, a context menu or a button."""

    failures: tuple[type[Exception], ...] = FAILED

    def __init__(self, interaction: discord.Interaction[Any], private: bool = False):
        self._interaction, self._private = interaction, private
        self._acknowledged = False
        self._aside = _Aside()
        self.language, self.may_react = language_of(interaction), _may_react_to(interaction)

    async def acknowledge(self) -> None:
        """Defers, which allows 15 minutes.  If that fails, ``show`` or ``refuse`` still answer."""
        response = self._interaction.response
        self._acknowledged = True
        try:
            await patiently(
                lambda: response.defer(thinking=True, ephemeral=self._private), _ACKNOWLEDGE_SECONDS
            )
        except FAILED as error:
            if not _is(error, _ALREADY_ACKNOWLEDGED):  # an earlier attempt got through
                _log.warning("could not acknowledge: %r", error)

    async def progress(self, text: str) -> None:
        """Edits the message, without a retry."""
        edit = self._interaction.edit_original_response
        self._aside.say(lambda: edit(content=text))

    async def show(self, card: Card) -> discord.Message | None:
        """Edits the message; posts to the channel if the interaction has expired."""
        await self._aside.said()
        edit = self._interaction.edit_original_response
        try:
            shown = await patiently(
                lambda: edit(
                    content=card.text or None,
                    embeds=card.embeds,
                    attachments=card.files(),
                    view=card.view() if card.view else None,
                )
            )
        except discord.HTTPException as error:
            if not _is(error, *_TOKEN_GONE) or self._private:
                raise
            return await self._in_channel(card)
        return None if self._private else shown

    async def refuse(self, text: str) -> None:
        """Tells the reason to the person alone."""
        await self._aside.said()
        interaction = self._interaction
        send, respond = interaction.followup.send, interaction.response.send_message
        try:
            if not self._acknowledged:
                self._acknowledged = True
                await patiently(lambda: respond(text, ephemeral=True), _ACKNOWLEDGE_SECONDS)
                return
            if not self._private:  # the public "thinking …" cannot become private: take it away
                with contextlib.suppress(discord.NotFound):
                    await patiently(interaction.delete_original_response)
            await patiently(lambda: send(text, ephemeral=True))
        except discord.HTTPException as error:
            if _is(error, _ALREADY_ACKNOWLEDGED):  # the first attempt got through
                return
            if not _is(error, *_TOKEN_GONE) or self._private:
                raise
            await self._in_channel(Card(self.language, text=text))

    async def _in_channel(self, card: Card) -> discord.Message | None:
        """Posts the card to the channel, if the bot is in it."""
        interaction = self._interaction
        channel, user = interaction.channel, interaction.user
        if not isinstance(channel, discord.abc.Messageable):
            return None
        mentions = discord.AllowedMentions(users=[user])
        try:
            return await send_allowed(
                channel, card, interaction.app_permissions, user.mention, allowed_mentions=mentions
            )
        except FAILED as error:
            _log.warning("could not answer in the channel either: %r", error)
            return None


class MessageReply:
    """Answers a message with a message.

    ``asked`` notifies the author.  ``quiet`` drops refusals.
    """

    failures: tuple[type[Exception], ...] = FAILED

    def __init__(
        self,
        message: discord.Message,
        permissions: discord.Permissions,
        asked: bool = True,
        quiet: bool = False,
    ) -> None:
        self._message, self._permissions = message, permissions
        self._asked, self._quiet = asked, quiet
        self._aside = _Aside()
        self.language, self.may_react = language_in(message), _may_react(permissions)

    async def acknowledge(self) -> None:
        """Shows the bot as typing."""
        self._aside.say(self._message.channel.typing)

    async def progress(self, text: str) -> None:
        """Does nothing: the typing indicator is enough."""

    async def show(self, card: Card) -> discord.Message | None:
        """Replies; with an ordinary message if the other one is gone or may not be read."""
        reference = self._message.to_reference(fail_if_not_exists=False)
        allowed = self._permissions
        options: dict[str, Any] = {"mention_author": self._asked}
        if allowed.read_message_history:
            options["reference"] = reference
        return await send_allowed(self._message.channel, card, allowed, **options)

    async def refuse(self, text: str) -> None:
        """Replies with the reason."""
        if not self._quiet:
            await self.show(Card(self.language, text=text))


class _Aside:
    """Makes calls that may fail in the background, without delaying the conversation.

    A call is never canceled: see :mod:`bot.discord.patience`.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def say(self, call: Callable[[], Awaitable[object]]) -> None:
        """Starts a call, unless the previous one is still running."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._try(call))

    async def said(self) -> None:
        """Waits for the call, so that it cannot arrive after the next one."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _try(self, call: Callable[[], Awaitable[object]]) -> None:
        with contextlib.suppress(*FAILED):
            await once(call, _ASIDE_SECONDS)


def _is(error: BaseException, *codes: int) -> bool:
    return isinstance(error, discord.HTTPException) and error.code in codes


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


def _may_react(permissions: discord.Permissions) -> bool:
    return permissions.add_reactions and permissions.read_message_history


def _may_react_to(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot may react; not if only the person installed it, since it is no member."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    return interaction.is_guild_integration() and _may_react(interaction.app_permissions)
