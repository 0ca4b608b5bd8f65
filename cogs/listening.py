"""Answers posted sounds: in direct messages, on a mention, and in channels with listening on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.messages import may_be_no_sound, only_first
from bot.discord.buttons import answered
from bot.discord.card import Card
from bot.discord.conversation import PLATFORM, converse
from bot.discord.files import overheard_in, sources_in
from bot.discord.markdown import neutral
from bot.discord.reply import InteractionReply, MessageReply, language_in, language_of, may_send
from bot.types import Answer, Link, Refusal, Upload, Watcher
from bot.wording import readable, say
from soundmap.recommendation.request import Request

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]
_NEEDED = (
    "send_messages",
    "embed_links",
    "attach_files",
    "add_reactions",
    "read_message_history",
)


@app_commands.guild_only()
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_channels=True)
class Listening(
    commands.GroupCog, name="listen", description=_("Answer every audio file in this channel")
):
    """Answers messages, and switches listening on and off."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answers a message if it has a sound and is meant for the bot."""
        if message.author.bot or message.is_system():
            return
        if message.guild is None or self._mentioned(message):
            sources = sources_in(message) or self._sources_replied_to(message)
            if sources or message.guild is None or self._named(message):
                await self._answer(message, sources, asked=True)
        elif (sources := overheard_in(message)) and await self._is_on(message.channel):
            await self._answer(message, sources, asked=False)

    async def _answer(
        self, message: discord.Message, sources: Sequence[Upload | Link], asked: bool
    ) -> None:
        permissions = self.bot.permissions_in(message)
        if not may_send(message.channel, permissions):
            self.bot.log.info("no permission to answer in channel %s", message.channel.id)
            return
        language, service = language_in(message), self.bot.service
        person, note = self.bot.person(message.author), _note(sources, language)
        place = self.bot.place(message.guild.id if message.guild else None)

        async def ask(watch: Watcher) -> Answer | Refusal:
            if not sources:
                return Refusal("no_audio_here", {"readable": readable(language)})
            return await service.recommend(person, sources[0], Request(), watch, place)

        await converse(
            service,
            MessageReply(message, permissions, asked, quiet=may_be_no_sound(sources, asked)),
            ask,
            lambda answer: answered(answer, self.bot.bundle, language, note),
        )

    def _mentioned(self, message: discord.Message) -> bool:
        return self.bot.user is not None and self.bot.user in message.mentions

    def _named(self, message: discord.Message) -> bool:
        """Whether the text itself mentions the bot; a reply alone counts as a mention too."""
        return self.bot.user is not None and f"<@{self.bot.user.id}>" in message.content

    def _sources_replied_to(self, message: discord.Message) -> list[Upload | Link]:
        """The sounds of the message that this one replies to, unless it is the bot's."""
        replied_to = message.reference.resolved if message.reference else None
        if not isinstance(replied_to, discord.Message) or replied_to.author == self.bot.user:
            return []
        return sources_in(replied_to)

    async def _is_on(self, channel: discord.abc.MessageableChannel) -> bool:
        places = {channel.id, getattr(channel, "parent_id", None) or channel.id}  # threads too
        listens = self.bot.service.listens
        return any([await listens(PLATFORM, str(place)) is True for place in places])

    @app_commands.command(name="on", description=_("Answer every audio file posted here"))
    async def on(self, interaction: Interaction) -> None:
        """Switches listening on in this channel."""
        await self._switch(interaction, True)

    @app_commands.command(name="off", description=_("Answer only when mentioned"))
    async def off(self, interaction: Interaction) -> None:
        """Switches listening off in this channel."""
        await self._switch(interaction, False)

    async def _switch(self, interaction: Interaction, on: bool) -> None:
        service, language = self.bot.service, language_of(interaction)

        async def ask(_: Watcher) -> Refusal | None:
            if interaction.channel_id is None or interaction.guild_id is None:
                return Refusal("server_only")
            if not interaction.permissions.manage_channels:
                return Refusal("manager_only")
            return await service.listen(PLATFORM, str(interaction.channel_id), on)

        code = "listening_off"
        if on:
            code = "listening_on" if self.bot.intents.message_content else "listening_blind"
        text = say(code, language, channel=f"<#{interaction.channel_id}>")
        if on and (missing := _missing(interaction.app_permissions, language)):
            text += "\n" + say("listening_lacks", language, missing=missing)
        await converse(
            service, InteractionReply(interaction), ask, lambda _: Card(language, text=text)
        )


def _note(sources: Sequence[Upload | Link], language: str) -> str:
    said = only_first(sources, language, neutral)
    return f"*{said}*" if said else ""


def _missing(permissions: discord.Permissions, language: str) -> str:
    """The permissions that the bot needs and lacks, in words."""
    given = dict(permissions)
    return ", ".join(say(f"may_{name}", language) for name in _NEEDED if not given[name])


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Listening(bot))
