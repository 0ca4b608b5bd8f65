"""Two ways to answer on Discord, with the same methods: acknowledge, progress, show, refuse.

Each does what the channel allows, and says what is missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol

import discord

from bot.chat.delivery import by_an_open_way
from bot.chat.phrases import Neutral
from bot.discord.card import Card
from bot.discord.markdown import neutral
from bot.discord.patience import FAILED, once, patiently
from bot.discord.sending import may_react, send_allowed
from bot.discord.trouble import trouble_of

_ALREADY_ACKNOWLEDGED = 40060
_ACKNOWLEDGE_SECONDS = 1.0  # per attempt: Discord allows 3 s for all
_ASIDE_SECONDS = 3.0  # for calls that may fail
_log = logging.getLogger(__name__)

_Way = Callable[[], Awaitable[discord.Message | None]]


class Reply(Protocol):
    """Where a conversation is held."""

    language: str
    failures: tuple[type[Exception], ...]

    @property
    def may_react(self) -> bool:
        """Whether the bot may add reactions to the answer."""

    @property
    def neutral(self) -> Neutral:
        """Makes untrusted text harmless, cut at a number of letters."""

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
    neutral = staticmethod(neutral)

    def __init__(self, interaction: discord.Interaction[Any], private: bool = False):
        self._interaction, self._private = interaction, private
        self._acknowledged = False
        self._aside = _Aside()
        self.language = language_of(interaction)

    @property
    def may_react(self) -> bool:
        """Whether the bot may add reactions to the answer."""
        return _may_react_to(self._interaction)

    async def acknowledge(self) -> None:
        """Defers, which allows 15 minutes.  If that fails, ``show`` or ``refuse`` still answer."""
        response = self._interaction.response
        self._acknowledged = True
        try:
            await patiently(
                lambda: response.defer(thinking=True, ephemeral=self._private), _ACKNOWLEDGE_SECONDS
            )
        except FAILED as error:
            if getattr(error, "code", 0) != _ALREADY_ACKNOWLEDGED:  # else an earlier attempt did it
                _log.warning("could not acknowledge: %s", error)

    async def progress(self, text: str) -> None:
        """Edits the message, without a retry."""
        edit = self._interaction.edit_original_response
        self._aside.say(lambda: edit(content=text))

    async def show(self, card: Card) -> discord.Message | None:
        """Edits the message.

        Posts anew if that message was deleted, and to the channel if the interaction has expired.
        """
        await self._aside.said()
        ways: list[_Way] = [lambda: self._edit(card), *self._anew(card)]
        shown = await by_an_open_way(ways, trouble_of)
        return None if self._private else shown

    async def refuse(self, text: str) -> None:
        """Tells the reason to the person alone."""
        await self._aside.said()
        card = Card(self.language, text=text)
        if self._acknowledged:
            if not self._private:  # the public "thinking …" cannot become private: take it away
                delete = self._interaction.delete_original_response
                await by_an_open_way((lambda: patiently(delete),), trouble_of)
            await by_an_open_way(self._anew(card, alone=True), trouble_of)
        else:
            self._acknowledged = True
            ways: list[_Way] = [partial(self._respond, text), *self._anew(card)[1:]]
            await by_an_open_way(ways, trouble_of)

    def _anew(self, card: Card, alone: bool = False) -> list[_Way]:
        """The ways that need no message to edit; ``alone`` shows it to the person only."""
        private = self._private or alone
        ways: list[_Way] = [lambda: self._follow(card, private)]
        return ways if self._private else [*ways, lambda: self._in_channel(card)]

    async def _edit(self, card: Card) -> discord.Message:
        edit = self._interaction.edit_original_response
        return await patiently(
            lambda: edit(
                content=card.text or None,
                embeds=card.embeds,
                attachments=card.files(),
                view=card.view() if card.view else None,
            )
        )

    async def _follow(self, card: Card, private: bool) -> discord.Message:
        send = self._interaction.followup.send

        def call() -> Awaitable[discord.Message]:
            parts: dict[str, Any] = {"embeds": card.embeds, "files": card.files()}
            parts |= {"view": card.view()} if card.view else {}
            return send(card.text or "", ephemeral=private, wait=True, **parts)

        return await patiently(call)

    async def _respond(self, text: str) -> None:
        """The first answer, to the person alone."""
        respond = self._interaction.response.send_message
        try:
            await patiently(lambda: respond(text, ephemeral=True), _ACKNOWLEDGE_SECONDS)
        except discord.HTTPException as error:
            if error.code != _ALREADY_ACKNOWLEDGED:  # else the first attempt got through
                raise

    async def _in_channel(self, card: Card) -> discord.Message | None:
        """Posts the card to the channel, if the bot is in it."""
        interaction = self._interaction
        channel, user = interaction.channel, interaction.user
        if not isinstance(channel, discord.abc.Messageable):
            return None
        mentions = discord.AllowedMentions(users=[user])
        rights = interaction.client.permissions_in(interaction)
        try:
            return await send_allowed(
                channel, card, rights, user.mention, allowed_mentions=mentions
            )
        except FAILED as error:
            _log.warning("could not answer in the channel either: %s", error)
            return None


class MessageReply:
    """Answers a message with a message.

    ``asked`` notifies the author.  ``quiet`` drops refusals.  ``about`` says which of several
    sounds it is about.  ``permissions`` returns the bot's, and ``wanted`` whether there is still
    to be an answer, as they are when it writes.
    """

    failures: tuple[type[Exception], ...] = FAILED
    neutral = staticmethod(neutral)

    def __init__(
        self,
        message: discord.Message,
        permissions: Callable[[], discord.Permissions],
        asked: bool = True,
        quiet: bool = False,
        about: str = "",
        wanted: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._message, self._permissions, self._wanted = message, permissions, wanted
        self._asked, self._quiet, self._about = asked, quiet, about
        self._aside = _Aside()
        self.language = language_in(message)

    @property
    def may_react(self) -> bool:
        """Whether the bot may add reactions here."""
        return may_react(self._permissions())

    async def acknowledge(self) -> None:
        """Shows the bot as typing."""
        self._aside.say(self._message.channel.typing)

    async def progress(self, text: str) -> None:
        """Does nothing: the typing indicator is enough."""

    async def show(self, card: Card) -> discord.Message | None:
        """Replies; with an ordinary message if the other one is gone or may not be read.

        None where the bot may no longer write, or is no longer to.
        """
        if self._wanted is not None and not await self._wanted():
            return None
        reference = self._message.to_reference(fail_if_not_exists=False)
        options: dict[str, Any] = {"mention_author": self._asked}
        allowed = self._permissions()
        if allowed.read_message_history:
            options["reference"] = reference
        send = partial(send_allowed, self._message.channel, card, **options)
        none = discord.Permissions.none()
        return await by_an_open_way((partial(send, allowed), partial(send, none)), trouble_of)

    async def refuse(self, text: str) -> None:
        """Replies with the reason."""
        if not self._quiet:
            await self.show(Card(self.language, text=f"{self._about} {text}".strip()))


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


def _may_react_to(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot may react; not if only the person installed it, since it is no member."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    return interaction.is_guild_integration() and may_react(
        interaction.client.permissions_in(interaction)
    )
