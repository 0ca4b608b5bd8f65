"""Audio that is posted: where the bot is mentioned, in direct messages, where listening is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.types import Refusal, Upload, Watcher
from bot.wording import say
from cogs.buttons import answered
from cogs.card import Card
from cogs.conversation import PLATFORM, converse
from cogs.files import audio_in
from cogs.markdown import neutral
from cogs.reply import InteractionReply, MessageReply, language_in, language_of
from soundmap.recommend import Request

if TYPE_CHECKING:
    from bot.discord_bot import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]


@app_commands.guild_only()
@app_commands.default_permissions(manage_channels=True)
class Listening(
    commands.GroupCog, name="listen", description=_("Answer every audio file in this channel")
):
    """Answers messages, and switches that on and off."""

    def __init__(self, bot: SoundMapBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answers a message that has audio and is meant for the bot."""
        if message.author.bot or not message.attachments:
            return
        addressed = message.guild is None or self._mentioned(message)
        files = audio_in(message.attachments, video=addressed)
        if files and (addressed or await self._is_on(message.channel)):
            await self._answer(message, files)

    async def _answer(self, message: discord.Message, files: list[Upload]) -> None:
        permissions = self.bot.permissions_in(message)
        if not permissions.send_messages:
            self.bot.log.info("no permission to answer in channel %s", message.channel.id)
            return
        language, service = language_in(message), self.bot.service
        name = neutral(files[0].name, 60)
        note = f"*{say('only_first', language, name=name)}*" if len(files) > 1 else ""
        person = self.bot.person(message.author)
        await converse(
            service,
            MessageReply(message, permissions),
            lambda watch: service.recommend(person, files[0], Request(), watch),
            lambda answer: answered(answer, self.bot.bundle, language, note),
        )

    def _mentioned(self, message: discord.Message) -> bool:
        return self.bot.user is not None and self.bot.user in message.mentions

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
        await converse(
            service, InteractionReply(interaction), ask, lambda _: Card(language, text=text)
        )


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Listening(bot))
