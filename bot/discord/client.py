"""The Discord client: intents, cogs, and the registration of commands."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import uuid
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.config import Settings
from bot.core.mouths import Mouth, brief
from bot.core.oddities import OF_SHAPE, Oddities
from bot.core.service import Service
from bot.discord import buttons, gateway, mixing
from bot.discord.commands import Tree
from bot.discord.conversation import PLATFORM
from bot.discord.invite import link_of
from bot.discord.patience import FAILED, once, patiently, wire_trace
from bot.discord.reply import language_of
from bot.discord.translate import Translator
from bot.people import People
from bot.wording import say

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice
gateway.install()
COGS = (
    *("recommend", "listening", "feedback", "map", "path", "taste", "catalog", "clean", "credit"),
    *("mix", "mydata", "about"),
)
_CONNECT_SECONDS = 30.0
_REDIALS = 4  # doublings of discord.py's pause between connections, to a quarter of a minute
_DOUBT_SECONDS = 1.0
_UNAUTHORIZED = 401
_log = logging.getLogger(__name__)


class SoundMapBot(commands.AutoShardedBot):
    """The bot on Discord.  Keeps no messages and no members in memory."""

    def __init__(
        self,
        service: Service,
        people: People,
        settings: Settings,
        mouth: Mouth,
        message_content: bool,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=_intents(message_content),
            allowed_mentions=discord.AllowedMentions(
                everyone=False, users=False, roles=False, replied_user=True
            ),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            activity=discord.CustomActivity("Post a sound, get free music like it"),
            shard_connect_timeout=_CONNECT_SECONDS,
            http_trace=wire_trace(self._doubt_token),
        )
        self.service, self.people, self.settings = service, people, settings
        self.revoked = False
        self.pace = gateway.Pace()
        self._mouth, self._away, self._launched = mouth, set[int](), set[int]()
        self._odd = Oddities("Discord")
        self._doubt: asyncio.Task[None] | None = None
        self._registering: asyncio.Task[None] | None = None
        self.log = _log
        self.tree.error(self._command_failed)

    @property
    def bundle(self) -> str:
        """Id of the bundle in use."""
        return self.service.manifest.id

    @property
    def invitation(self) -> str:
        """The link that adds the bot to a server."""
        return link_of(self.application_id)

    def person(self, user: discord.abc.User) -> str:
        """The key of a person."""
        return self.people.person(PLATFORM, user.id)

    def place(self, guild_id: int | None) -> str | None:
        """The key of a server, None outside a server."""
        return self.people.person(f"{PLATFORM}-server", guild_id) if guild_id else None

    def channel_key(self, channel_id: int | None) -> str:
        """The key of a channel or thread, for what people gather there."""
        return self.people.person(f"{PLATFORM}-channel", channel_id or 0)

    def permissions_in(
        self, asked: discord.Message | discord.Interaction[Any]
    ) -> discord.Permissions:
        """The bot's permissions where somebody asked, as they are now.

        Where that is not known, as they were, or all: what Discord then does not allow is dropped
        quietly.
        """
        unknown = discord.Permissions.all()
        if isinstance(asked, discord.Interaction):
            unknown = asked.app_permissions
        channel, me = asked.channel, asked.guild.me if asked.guild else None
        if me is None or channel is None or isinstance(channel, discord.PartialMessageable):
            return unknown
        try:
            return channel.permissions_for(me)
        except (AttributeError, discord.ClientException):  # a server without roles, a thread alone
            return unknown

    async def setup_hook(self) -> None:
        """Loads the cogs; commands are registered in the background."""
        _log.info("to add the bot to a server, open %s", self.invitation)
        await self.tree.set_translator(Translator())
        self.add_dynamic_items(*buttons.ALL, *mixing.ALL)
        for name in COGS:
            await self.load_extension(f"cogs.{name}")
        self._registering = asyncio.create_task(self._register())

    async def close(self) -> None:
        """Closes the connections, and ends what runs beside them."""
        if self._registering:
            self._registering.cancel()
        await super().close()

    async def launch_shards(self) -> None:
        """Asks where the gateway is, and connects.  Raises TimeoutError if nobody answers."""
        await once(super().launch_shards)

    async def launch_shard(self, gateway: Any, shard_id: int, *, initial: bool = False) -> None:
        """Connects a shard.  Raises OSError if that fails: discord.py would try forever."""
        if shard_id in self._launched:
            raise OSError("its gateway cannot be reached")
        self._launched.add(shard_id)
        await super().launch_shard(gateway, shard_id, initial=initial)
        self.get_shard(shard_id)._parent._backoff._max = _REDIALS  # type: ignore[union-attr]

    async def on_ready(self) -> None:
        """All shards are connected."""
        self._is_back()

    async def on_shard_ready(self, shard_id: int) -> None:
        """A shard is connected."""
        self._away.discard(shard_id)
        self._is_back()

    on_shard_resumed = on_shard_ready

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A shard has lost its connection."""
        self._away.add(shard_id)
        self._mouth.lost("its connection broke")

    def _is_back(self) -> None:
        if self.is_ready() and not self._away:
            self._mouth.connected(f"as {self.user}, in {len(self.guilds)} servers")

    def _doubt_token(self) -> None:
        """A call was refused as unauthorized: the token may have been taken back."""
        if self._doubt is None or self._doubt.done():
            self._doubt = asyncio.create_task(self._check_token())

    async def _check_token(self) -> None:
        await asyncio.sleep(_DOUBT_SECONDS)
        try:
            await once(self.application_info)
        except FAILED as error:
            if getattr(error, "status", 0) == _UNAUTHORIZED:
                self.revoked = True
                await self.close()

    async def on_message(self, _: discord.Message, /) -> None:
        """Does nothing: there are no text commands, and the listening cog reads messages."""

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Logs errors of event handlers; an event without what its kind has is skipped."""
        if isinstance(error := sys.exception(), OF_SHAPE):
            self._odd.skipped(event_method, error)
        else:
            _log.exception("event %s failed", event_method)

    async def _register(self) -> None:
        try:
            await patiently(self.tree.sync)
        except FAILED as error:
            _log.error("Discord did not take the commands; the old ones stay: %s", brief(error))

    async def _command_failed(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        if not isinstance(error, app_commands.CommandInvokeError):
            _log.info("a command that this version does not have was skipped: %s", brief(error))
            await self._tell(interaction, say("old_command", language_of(interaction)))
            return
        incident = uuid.uuid4().hex[:8]
        cause = error.__cause__ or error
        trace = None if isinstance(cause, FAILED) else error
        _log.error("command failed (%s): %s", incident, brief(cause), exc_info=trace)
        self.service.metrics.refused("unexpected")
        await self._tell(interaction, f"{say('unexpected', language_of(interaction))} ({incident})")

    async def _tell(self, interaction: discord.Interaction[Any], text: str) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            return
        with contextlib.suppress(*FAILED):
            if interaction.response.is_done():
                await interaction.followup.send(text, ephemeral=True)
            else:
                await interaction.response.send_message(text, ephemeral=True)


def _intents(message_content: bool) -> discord.Intents:
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        guild_reactions=True,
        dm_reactions=True,
        message_content=message_content,
    )
