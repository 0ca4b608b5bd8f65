"""The permissions that listening in a channel needs, and which of them the bot lacks."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import discord

from bot.discord.card import Card
from bot.discord.invite import PERMISSIONS
from bot.discord.patience import FAILED
from bot.discord.sending import may_send, send_allowed
from bot.types import Refusal
from bot.wording import say

if TYPE_CHECKING:
    from bot.discord.client import SoundMapBot

_SETTLING_SECONDS = 1.0  # a manager changes several things at once
_log = logging.getLogger(__name__)

Place = discord.abc.GuildChannel | discord.Thread


def place_of(channel: object) -> object:
    """Where listening is switched when somebody is in a channel: a post's whole forum."""
    parent = channel.parent if isinstance(channel, discord.Thread) else None
    return parent if isinstance(parent, discord.ForumChannel) else channel


def lacking(place: object, permissions: discord.Permissions) -> tuple[str, ...]:
    """The permissions that listening in a place needs and the bot lacks there, by name."""
    in_threads = isinstance(place, discord.Thread | discord.ForumChannel)
    needless = "send_messages" if in_threads else "send_messages_in_threads"
    given = dict(permissions)
    return tuple(name for name in PERMISSIONS if name != needless and not given[name])


def lacking_text(names: tuple[str, ...], language: str) -> str:
    """Says which permissions are missing, by the names that Discord shows; empty for none."""
    if not names:
        return ""
    missing = ", ".join(say(f"may_{name}", language) for name in names)
    return say("listening_lacks", language, missing=missing)


class Rights:
    """Notices when the bot loses a permission where it listens, and says so once."""

    def __init__(self, bot: SoundMapBot, platform: str) -> None:
        self._bot, self._platform = bot, platform
        self._lacks: dict[int, tuple[str, ...]] = {}
        self._due: set[int] = set()  # servers that are checked soon
        self._checks: set[asyncio.Task[None]] = set()

    async def look(self, guild: discord.Guild | None = None) -> None:
        """Says what was lost since the last look, in one server or in all.

        At the first look, what is missing in a place is taken as known: it was said when listening
        began.
        """
        for place in await self._places():
            if guild in (None, place.guild):
                now = self._lacking(place)
                before, self._lacks[place.id] = self._lacks.get(place.id, now), now
                if new := tuple(name for name in now if name not in before):
                    await self._tell(place, new)

    def said(self, place: Place, names: tuple[str, ...]) -> None:
        """Takes as known what is said to be missing in one place: what changes later is news."""
        self._lacks[place.id] = names

    def changed(self, guild: discord.Guild) -> None:
        """Checks a server soon, after its roles or channels changed."""
        if guild.id not in self._due:
            self._due.add(guild.id)
            check = asyncio.create_task(self._check(guild))
            self._checks.add(check)
            check.add_done_callback(self._checks.discard)

    async def _check(self, guild: discord.Guild) -> None:
        await asyncio.sleep(_SETTLING_SECONDS)
        self._due.discard(guild.id)
        await self.look(guild)

    async def _places(self) -> list[Place]:
        """The channels, forums and threads in which the bot listens and that it knows."""
        found = await self._bot.service.listening(self._platform)
        ids = () if isinstance(found, Refusal) else map(int, found)
        known = (self._bot.get_channel(it) for it in ids)
        return [it for it in known if isinstance(it, discord.abc.GuildChannel | discord.Thread)]

    def _lacking(self, place: Place) -> tuple[str, ...]:
        return lacking(place, self._permissions(place))

    def _permissions(self, place: Place) -> discord.Permissions:
        me = place.guild.me
        try:
            return place.permissions_for(me) if me else discord.Permissions.all()
        except discord.ClientException:  # a thread whose channel is not known
            return discord.Permissions.all()

    async def _tell(self, place: Place, names: tuple[str, ...]) -> None:
        _log.warning("no longer allowed where it listens, in channel %s: %s", place.id, names)
        permissions = self._permissions(place)
        if not isinstance(place, discord.abc.Messageable) or not may_send(place, permissions):
            return
        language = "ko" if place.guild.preferred_locale.value == "ko" else "en"
        try:
            await send_allowed(
                place, Card(language, text=lacking_text(names, language)), permissions
            )
        except FAILED as error:
            _log.info("could not say so: %s", error)
