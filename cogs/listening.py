"""Answers posted sounds: in direct messages, on a mention, and in channels with listening on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.chat.conversation import tell
from bot.chat.messages import about, may_be_no_sound
from bot.chat.seen import Seen
from bot.chat.turns import MOST, Turns
from bot.discord.addressed import by_a_person, is_withheld, mentions, names, was_edited_now
from bot.discord.audience import shown_in
from bot.discord.buttons import answered
from bot.discord.card import Card
from bot.discord.conversation import PLATFORM, converse
from bot.discord.files import overheard_in, sources_in
from bot.discord.markdown import neutral
from bot.discord.reply import InteractionReply, MessageReply, language_in, language_of
from bot.discord.rights import Place, Rights, lacking, lacking_text, place_of
from bot.discord.sending import may_send
from bot.types import Answer, Link, Refusal, Upload, Watcher
from bot.wording import readable, say
from soundmap.recommendation.request import Request

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

Interaction = discord.Interaction["SoundMapBot"]


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
        self._answered, self._turns = Seen(), Turns()
        self._rights = Rights(bot, PLATFORM)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answers a message if it has a sound and is meant for the bot."""
        if by_a_person(message):
            await self._consider(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Answers a message that became one for the bot by an edit."""
        message = event.message
        if by_a_person(message) and was_edited_now(message):
            await self._consider(message, edited=True)

    async def _consider(self, message: discord.Message, edited: bool = False) -> None:
        me = self.bot.user
        if message.guild is None or mentions(message, me):
            sources = sources_in(message) or self._sources_replied_to(message)
            named = names(message, me)
            if sources or named or (message.guild is None and not edited):
                await self._answer(message, sources, asked=True)
        elif (sources := overheard_in(message)) and True in await self._listens(message.channel):
            await self._answer(message, sources, asked=False)

    async def _answer(
        self, message: discord.Message, sources: Sequence[Upload | Link], asked: bool
    ) -> None:
        """Answers each sound in turn, each message once."""
        permissions = partial(self.bot.permissions_in, message)
        if not may_send(message.channel, permissions()):
            self.bot.log.info("no permission to answer in channel %s", message.channel.id)
            return
        if (sources or asked) and not self._answered.is_new(str(message.id)):
            return
        with self.bot.service.handling():
            if not sources:
                await self._say(message, Refusal(*self._why_no_sound(message)))
                return
            person = self.bot.person(message.author)
            admitted, to_say = self._turns.admit(person, sources)
            if to_say:
                await self._say(message, Refusal("too_many_sounds", {"most": MOST}))
            for source in admitted:
                note = about(source, language_in(message), neutral) if len(sources) > 1 else ""
                await self._hear(message, source, asked, note)

    async def _hear(
        self, message: discord.Message, source: Upload | Link, asked: bool, note: str
    ) -> None:
        language, service = language_in(message), self.bot.service
        person = self.bot.person(message.author)
        place = self.bot.place(message.guild.id if message.guild else None)
        said, quiet = f"*{note}*" if note else "", may_be_no_sound(source, asked)
        request = shown_in(message.channel, Request())
        permissions = partial(self.bot.permissions_in, message)

        async def wanted() -> bool:  # listening may be switched off meanwhile
            return asked or any(it is not False for it in await self._listens(message.channel))

        async def ask(watch: Watcher) -> Answer | Refusal:
            recommend = partial(service.recommend, person, source, request, watch, place)
            return await self._turns.in_turn(person, recommend)

        await converse(
            service,
            MessageReply(message, permissions, asked, quiet, said, wanted),
            ask,
            lambda answer: answered(answer, self.bot.bundle, language, said),
        )

    async def _say(self, message: discord.Message, refusal: Refusal) -> None:
        reply = MessageReply(message, partial(self.bot.permissions_in, message))
        await tell(self.bot.service, reply, refusal)

    def _why_no_sound(self, message: discord.Message) -> tuple[str, dict[str, object]]:
        """Code and facts of why there is nothing to hear in a message, or above it."""
        withheld = partial(is_withheld, intents=self.bot.intents)
        replied_to = self._replied_to(message)
        if withheld(message) or (replied_to is not None and withheld(replied_to)):
            return "withheld", {}
        return "no_audio_here", {"readable": readable(language_in(message))}

    def _replied_to(self, message: discord.Message) -> discord.Message | None:
        """The message that this one replies to, unless it is the bot's."""
        found = message.reference.resolved if message.reference else None
        is_ours = isinstance(found, discord.Message) and found.author == self.bot.user
        return found if isinstance(found, discord.Message) and not is_ours else None

    def _sources_replied_to(self, message: discord.Message) -> list[Upload | Link]:
        replied_to = self._replied_to(message)
        return sources_in(replied_to) if replied_to else []

    async def _listens(self, channel: discord.abc.MessageableChannel) -> list[bool | Refusal]:
        """Whether listening is on in a channel, and for a thread in the channel that it is of."""
        places = {channel.id, getattr(channel, "parent_id", None) or channel.id}
        return [await self.bot.service.listens(PLATFORM, str(place)) for place in places]

    @app_commands.command(name="on", description=_("Answer every audio file posted here"))
    async def on(self, interaction: Interaction) -> None:
        """Switches listening on in this channel."""
        await self._switch(interaction, True)

    @app_commands.command(name="off", description=_("Answer only when mentioned"))
    async def off(self, interaction: Interaction) -> None:
        """Switches listening off in this channel."""
        await self._switch(interaction, False)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Learns what is missing where it listens, and what was lost while it was away."""
        await self._rights.look()

    @commands.Cog.listener()
    async def on_guild_role_update(self, _: discord.Role, role: discord.Role) -> None:
        """Checks what is missing now."""
        self._rights.changed(role.guild)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Checks what is missing now."""
        self._rights.changed(role.guild)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _: object, channel: discord.abc.GuildChannel) -> None:
        """Checks what is missing now."""
        self._rights.changed(channel.guild)

    @commands.Cog.listener()
    async def on_member_update(self, _: discord.Member, member: discord.Member) -> None:
        """Checks what is missing now, if roles of the bot itself changed."""
        if member == member.guild.me:
            self._rights.changed(member.guild)

    async def _switch(self, interaction: Interaction, on: bool) -> None:
        service, language = self.bot.service, language_of(interaction)
        place = place_of(interaction.channel)
        where = str(getattr(place, "id", interaction.channel_id))
        names = lacking(place, interaction.app_permissions) if on else ()

        async def ask(_: Watcher) -> Refusal | None:
            if interaction.channel_id is None or interaction.guild_id is None:
                return Refusal("server_only")
            if not interaction.permissions.manage_channels:
                return Refusal("manager_only")
            if on and isinstance(place, Place):  # before the answer: what changes after it is news
                self._rights.said(place, names)
            if not on:  # also where it was switched on for a single post
                refused = await service.listen(PLATFORM, str(interaction.channel_id), False)
                if refused is not None:
                    return refused
            return await service.listen(PLATFORM, where, on)

        code = "listening_off"
        if on:
            code = "listening_on" if self.bot.intents.message_content else "listening_blind"
        text = say(code, language, channel=f"<#{where}>")
        if names:
            text += "\n" + lacking_text(names, language)
        await converse(
            service, InteractionReply(interaction), ask, lambda _: Card(language, text=text)
        )


async def setup(bot: SoundMapBot) -> None:
    """Called by discord.py when it loads the extension."""
    await bot.add_cog(Listening(bot))
