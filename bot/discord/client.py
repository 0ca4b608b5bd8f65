"""The Discord client: intents, cogs, and the registration of commands."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.config import Settings
from bot.core.service import Service
from bot.discord import buttons
from bot.discord.conversation import PLATFORM
from bot.discord.patience import FAILED, patiently, wire_trace
from bot.discord.reply import language_of
from bot.discord.translate import Translator
from bot.people import People
from bot.wording import say

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice
COGS = ("recommend", "listening", "feedback", "map", "path", "taste", "catalog", "mydata", "about")
_log = logging.getLogger(__name__)


class SoundMapBot(commands.AutoShardedBot):
    """The bot on Discord.  Keeps no messages and no members in memory."""

    def __init__(
        self, service: Service, people: People, settings: Settings, message_content: bool
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
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
            http_trace=wire_trace(),
        )
        self.service, self.people, self.settings = service, people, settings
        self.log = _log
        self.tree.error(self._command_failed)

    @property
    def bundle(self) -> str:
        """Id of the bundle in use."""
        return self.service.manifest.id

    def person(self, user: discord.abc.User) -> str:
        """The key of a person."""
        return self.people.person(PLATFORM, user.id)

    def place(self, guild_id: int | None) -> str | None:
        """The key of a server, None outside a server."""
        return self.people.person(f"{PLATFORM}-server", guild_id) if guild_id else None

    def permissions_in(self, message: discord.Message) -> discord.Permissions:
        """The bot's permissions in the channel of a message, as they are now.

        All of them where that is not known: what Discord then does not allow is dropped quietly.
        """
        me = message.guild.me if message.guild else None
        if me is None or isinstance(message.channel, discord.PartialMessageable):
            return discord.Permissions.all()
        try:
            return message.channel.permissions_for(me)
        except discord.ClientException:  # a thread whose channel is not known
            return discord.Permissions.all()

    async def setup_hook(self) -> None:
        """Loads the cogs; commands are registered in the background."""
        await self.tree.set_translator(Translator())
        self.add_dynamic_items(*buttons.ALL)
        for name in COGS:
            await self.load_extension(f"cogs.{name}")
        self._registering = asyncio.create_task(self._register())

    async def on_ready(self) -> None:
        """Logs that the shards are connected."""
        _log.info("on Discord as %s, in %d servers", self.user, len(self.guilds))

    async def on_message(self, _: discord.Message, /) -> None:
        """Does nothing: there are no text commands, and the listening cog reads messages."""

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Logs errors of event handlers."""
        _log.exception("event %s failed", event_method)

    async def _register(self) -> None:
        try:
            await patiently(self.tree.sync)
        except FAILED as error:
            _log.error("Discord did not take the commands; the old ones stay: %s", error)

    async def _command_failed(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        incident = uuid.uuid4().hex[:8]
        _log.error("command failed (%s)", incident, exc_info=error)
        self.service.metrics.refused("unexpected")
        text = f"{say('unexpected', language_of(interaction))} ({incident})"
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
