"""Two ways to answer on Discord, with the same verbs: acknowledge, progress, show, refuse.

Each does what is allowed where it is, and says what is missing.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

import discord

from bot.wording import say
from cogs.card import Card
from cogs.patience import patiently

if TYPE_CHECKING:
    from bot.discord_bot import SoundMapBot

_ALREADY_ACKNOWLEDGED = 40060
_TOKEN_GONE = (10015, 10062, 50027)  # unknown webhook, unknown interaction, invalid token
_log = logging.getLogger(__name__)


class Reply(Protocol):
    """What a conversation needs of the place it is held in."""

    language: str

    async def acknowledge(self) -> None:
        """Shows that it was heard; within 3 s where Discord asks for that."""

    async def progress(self, text: str) -> None:
        """Says how far it is, where that can be taken back."""

    async def show(self, card: Card) -> discord.Message | None:
        """Shows the answer; None where there is no message to react to."""

    async def refuse(self, text: str) -> None:
        """Says why there is none, to the person alone where that is possible."""


def language_of(interaction: discord.Interaction[Any]) -> str:
    """The language of a person's own client: ``ko`` or ``en``."""
    return "ko" if interaction.locale is discord.Locale.korean else "en"


def language_in(message: discord.Message) -> str:
    """The language of a server; messages do not tell that of their author."""
    return "ko" if message.guild and message.guild.preferred_locale.value == "ko" else "en"


class InteractionReply:
    """Answers a command, a menu or a button."""

    def __init__(self, interaction: discord.Interaction[SoundMapBot], private: bool = False):
        self._interaction, self._private = interaction, private
        self.language = language_of(interaction)

    async def acknowledge(self) -> None:
        """Defers, which gives 15 minutes."""
        response = self._interaction.response
        try:
            await patiently(lambda: response.defer(thinking=True, ephemeral=self._private))
        except discord.HTTPException as error:
            if error.code != _ALREADY_ACKNOWLEDGED:  # an attempt that seemed dropped was not
                _log.warning("could not acknowledge: %s", error)

    async def progress(self, text: str) -> None:
        """Edits what is shown; not worth a second attempt."""
        with contextlib.suppress(discord.HTTPException, OSError):
            await self._interaction.edit_original_response(content=text)

    async def show(self, card: Card) -> discord.Message | None:
        """Edits the answer in; into the channel where the interaction has expired."""
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
            if error.code not in _TOKEN_GONE or self._private:
                raise
            return await self._in_channel(card)
        return None if self._private else shown

    async def refuse(self, text: str) -> None:
        """Tells the person alone."""
        interaction = self._interaction
        send = interaction.followup.send
        try:
            if not interaction.response.is_done():
                respond = interaction.response.send_message
                await patiently(lambda: respond(text, ephemeral=True))
                return
            if not self._private:  # the public "thinking …" cannot become private: take it away
                with contextlib.suppress(discord.NotFound):
                    await patiently(interaction.delete_original_response)
            await patiently(lambda: send(text, ephemeral=True))
        except discord.HTTPException as error:
            if error.code == _ALREADY_ACKNOWLEDGED:  # the first attempt got through
                return
            if error.code not in _TOKEN_GONE:
                raise
            await self._in_channel(Card(self.language, text=text))

    async def _in_channel(self, card: Card) -> discord.Message | None:
        """As a message of the channel, where the bot is in it."""
        interaction = self._interaction
        channel, user = interaction.channel, interaction.user
        if not isinstance(channel, discord.abc.Messageable):
            return None
        mentions = discord.AllowedMentions(users=[user])
        try:
            return await send_allowed(
                channel, card, interaction.app_permissions, user.mention, allowed_mentions=mentions
            )
        except discord.HTTPException as error:
            _log.warning("could not answer in the channel either: %s", error)
            return None


class MessageReply:
    """Answers a message with a message."""

    def __init__(self, message: discord.Message, permissions: discord.Permissions) -> None:
        self._message, self._permissions = message, permissions
        self.language = language_in(message)

    async def acknowledge(self) -> None:
        """Shows that the bot is typing."""
        with contextlib.suppress(discord.HTTPException, OSError):
            await self._message.channel.typing()

    async def progress(self, text: str) -> None:
        """Typing goes on by itself long enough; a message for it would only be noise."""

    async def show(self, card: Card) -> discord.Message | None:
        """Replies, by an ordinary message where the one replied to is gone."""
        reference = self._message.to_reference(fail_if_not_exists=False)
        return await send_allowed(
            self._message.channel, card, self._permissions, reference=reference
        )

    async def refuse(self, text: str) -> None:
        """Replies with the reason."""
        await self.show(Card(self.language, text=text))


async def send_allowed(
    channel: discord.abc.Messageable,
    card: Card,
    permissions: discord.Permissions,
    prefix: str = "",
    **options: Any,
) -> discord.Message:
    """Sends a card in the form that the permissions allow; the same one is never sent twice."""
    if not permissions.attach_files and card.data:
        card = card.without_file()
    if not permissions.embed_links and card.embeds:
        card = card.without_embeds()
    text, nonce = f"{prefix} {card.text}".strip(), secrets.token_hex(12)

    def send() -> Awaitable[discord.Message]:
        view = {"view": card.view()} if card.view else {}
        parts: dict[str, Any] = {"embeds": card.embeds, "files": card.files(), **view, **options}
        return channel.send(text or None, nonce=nonce, **parts)

    return await patiently(send)


Sender = Callable[[], Awaitable[discord.Message]]


def reactions_allowed(permissions: discord.Permissions) -> bool:
    """Whether the bot may offer votes as reactions."""
    return permissions.add_reactions and permissions.read_message_history


def no_reactions_note(language: str) -> str:
    """Says that buttons are the way to vote here."""
    return say("no_reactions", language)
