"""The Slack app: its client, its workspace, and what it knows of people."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Settings
from bot.core.oddities import Oddities
from bot.core.service import Service
from bot.people import People
from bot.slack.patience import FAILED, PLATFORM, Json, Tokens, patience
from bot.slack.reply import CommandReply, Place

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
        self._seen: OrderedDict[str, None] = OrderedDict()
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

    async def introduce(self) -> None:
        """Asks Slack once for the bot's user and workspace.  Raises SlackApiError."""
        token = self.settings.slack_bot_token
        me = await AsyncWebClient(token, retry_handlers=[self.tokens]).auth_test()
        self.user, self.team = str(me["user_id"]), str(me["team_id"])
        self.named = f"as {me['user']}, in {me['team']}"

    async def language(self, user: str) -> str:
        """The language of a person's client: ``ko`` or ``en``."""
        if user not in self._languages:
            try:
                found = (await self.client.users_info(user=user, include_locale=True))["user"]
            except FAILED as error:
                _log.info("could not ask for a language: %r", error)
                return "en"
            self._languages[user] = "ko" if str(found.get("locale")).startswith("ko") else "en"
            _bounded(self._languages)
        return self._languages[user]

    async def administers(self, user: str) -> bool:
        """Whether a person is known to be an admin or owner of the workspace."""
        try:
            known = (await self.client.users_info(user=user))["user"]
        except FAILED:
            return False
        return bool(known.get("is_admin") or known.get("is_owner"))

    async def reply_to_command(self, body: Json, private: bool = False) -> CommandReply:
        """A reply to a slash command."""
        place = Place(body["channel_id"], body["user_id"], response_url=body["response_url"])
        return CommandReply(self.client, place, await self.language(place.user), private)

    async def reply_to_action(self, body: Json, private: bool = False) -> CommandReply:
        """A reply to a button or a shortcut, in the thread of its message."""
        channel, message = body["channel"]["id"], body.get("message") or body["container"]
        thread = message.get("thread_ts", "") if private else thread_of(channel, message)
        place = Place(channel, body["user"]["id"], thread, body.get("response_url", ""))
        return CommandReply(self.client, place, await self.language(place.user), private)

    async def message(self, channel: str, ts: str) -> Json | None:
        """Fetches a message, None if it is gone or may not be read."""
        try:
            found = await self.client.conversations_replies(channel=channel, ts=ts, limit=1)
        except FAILED as error:
            _log.info("could not read a message: %r", error)
            return None
        return next((it for it in found.get("messages") or () if it.get("ts") == ts), None)

    def knows(self, key: str) -> bool:
        """Whether an event was seen before."""
        return key in self._seen

    def is_new(self, key: str) -> bool:
        """Whether an event is new; from then on it is not."""
        if self.knows(key):
            return False
        self._seen[key] = None
        _bounded(self._seen)
        return True

    async def _once(
        self,
        body: Json,
        next: Callable[[], Awaitable[None]],  # noqa: A002  (its name)
    ) -> BoltResponse | None:
        """Drops events that Slack sends again because the acknowledgement was late."""
        if (event := body.get("event_id")) and not self.is_new(str(event)):
            return BoltResponse(status=200)
        await next()
        return None

    async def _failed(self, error: Exception, body: Json) -> None:
        """Logs a failed request; one without what every request of its kind has is skipped."""
        self.service.metrics.refused("unexpected")
        if isinstance(error, (LookupError, TypeError, AttributeError)):
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
