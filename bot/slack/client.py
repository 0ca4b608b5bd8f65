"""The Slack app: its client, its workspace, and what it knows of people."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.delivery import Trouble
from bot.chat.seen import Seen
from bot.config import Settings
from bot.core.oddities import OF_SHAPE, Oddities
from bot.core.service import Service
from bot.people import People
from bot.slack.patience import FAILED, PLATFORM, Json, Tokens, briefly, patience
from bot.slack.reply import CommandReply, Place
from bot.slack.trouble import trouble_of

_REMEMBERED = 2_000
_log = logging.getLogger(__name__)


class SlackBot:
    """The bot in one Slack workspace."""

    def __init__(self, service: Service, people: People, settings: Settings) -> None:
        self.service, self.people, self.settings = service, people, settings
        self.tokens = Tokens()
        handlers = patience(self.tokens)
        self.client = AsyncWebClient(settings.slack_bot_token, retry_handlers=handlers)
        self.app = AsyncApp(client=self.client, signing_secret=settings.slack_signing_secret)
        self.user = self.team = self.named = ""
        self._odd = Oddities("Slack")
        self.seen = Seen()
        self.beginnings: list[Callable[[], Coroutine[Any, Any, None]]] = []  # of a connection
        self._languages: OrderedDict[str, str] = OrderedDict()
        self.app.middleware(self._once)
        self.app.error(self._failed)

    @property
    def bundle(self) -> str:
        """Id of the bundle in use."""
        return self.service.manifest.id

    @property
    def place(self) -> str:
        """The key of the workspace."""
        return self.people.person(f"{PLATFORM}-server", self.team)

    def person(self, user: str) -> str:
        """The key of a person, which differs between workspaces."""
        return self.people.person(PLATFORM, f"{self.team}:{user}")

    def channel_key(self, channel: str) -> str:
        """The key of a channel, for what people gather there."""
        return self.people.person(f"{PLATFORM}-channel", f"{self.team}:{channel}")

    async def introduce(self) -> None:
        """Asks Slack once for the bot's user and workspace.  Raises SlackApiError."""
        token = self.settings.slack_bot_token
        me = await AsyncWebClient(token, retry_handlers=[self.tokens]).auth_test()
        self.user, self.team = str(me["user_id"]), str(me["team_id"])
        self.named = f"as {me['user']}, in {me['team']}"

    def begin(self) -> None:
        """Does what is due when the bot was connected, at first or after an outage."""
        self._beginning = [asyncio.create_task(begin()) for begin in self.beginnings]

    async def language(self, user: str) -> str:
        """The language of a person's client: ``ko`` or ``en``."""
        if user not in self._languages:
            try:
                async with briefly():
                    told = await self.client.users_info(user=user, include_locale=True)
            except FAILED as error:
                _log.info("could not ask for a language: %s", error)
                return "en"
            self._languages[user] = (
                "ko" if str(told["user"].get("locale")).startswith("ko") else "en"
            )
            _bounded(self._languages)
        return self._languages[user]

    async def administers(self, user: str) -> bool:
        """Whether a person is known to be an admin or owner of the workspace."""
        try:
            known = (await self.client.users_info(user=user))["user"]
        except FAILED:
            return False
        return bool(known.get("is_admin") or known.get("is_owner"))

    async def is_inside(self, channel: str) -> bool:
        """Whether the bot is in a channel by now, so that it hears of reactions there."""
        info = await self.channel(channel)
        return info is not None and bool(info.get("is_member", True))  # no fact of direct messages

    async def channel(self, channel: str) -> Json | None:
        """Slack's facts of a channel, None if the bot cannot see it; empty if that is not known."""
        try:
            async with briefly():
                return dict((await self.client.conversations_info(channel=channel))["channel"])
        except FAILED as error:
            if trouble_of(error).is_closed:
                return None
            _log.warning("could not ask about a channel: %s", error)
            return {}

    async def reply_to_command(
        self, body: Json, private: bool = False, begins: str = "fetching"
    ) -> CommandReply:
        """A reply to a slash command; ``begins`` is the stage that it shows first."""
        place = Place(body["channel_id"], body["user_id"], response_url=body["response_url"])
        return CommandReply(self.client, place, await self.language(place.user), private, begins)

    async def reply_to_action(
        self, body: Json, private: bool = False, begins: str = "fetching"
    ) -> CommandReply:
        """A reply to a button or a shortcut, in the thread of its message."""
        channel, message = body["channel"]["id"], body.get("message") or body["container"]
        thread = message.get("thread_ts", "") if private else thread_of(channel, message)
        place = Place(channel, body["user"]["id"], thread, body.get("response_url", ""))
        return CommandReply(self.client, place, await self.language(place.user), private, begins)

    async def message(self, channel: str, ts: str) -> Json | None:
        """Fetches a message: None if it is gone, only ``withheld`` if it may not be read."""
        try:
            found = await self.client.conversations_replies(channel=channel, ts=ts, limit=1)
        except FAILED as error:
            _log.info("could not read a message: %s", error)
            return None if trouble_of(error) is Trouble.GONE else {"withheld": True}
        return next((it for it in found.get("messages") or () if it.get("ts") == ts), None)

    async def _once(
        self,
        body: Json,
        next: Callable[[], Awaitable[None]],  # noqa: A002  (its name)
    ) -> BoltResponse | None:
        """Drops what Slack sends again because the acknowledgement was late.

        Events have a number of their own; commands, buttons and shortcuts have their trigger.
        """
        number = body.get("event_id") or body.get("trigger_id")
        if number and not self.seen.is_new(str(number)):
            return BoltResponse(status=200)
        await next()
        return None

    async def _failed(self, error: Exception, body: Json) -> None:
        """Logs a failed request; one without what every request of its kind has is skipped."""
        self.service.metrics.refused("unexpected")
        if isinstance(error, OF_SHAPE):
            event = body.get("event") if isinstance(body, dict) else None
            kind = event.get("type") if isinstance(event, dict) else body.get("type")
            self._odd.skipped(str(kind or "request"), error)
        else:
            _log.error("a request failed", exc_info=error)


def thread_of(channel: str, message: Json) -> str:
    """The thread in which a message is answered; empty in a direct message."""
    ts = "" if channel.startswith("D") else message.get("ts", "")
    return str(message.get("thread_ts") or ts)


def _bounded(known: OrderedDict[str, Any]) -> None:
    if len(known) > _REMEMBERED:
        known.popitem(last=False)
