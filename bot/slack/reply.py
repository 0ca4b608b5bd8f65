"""Two ways to answer on Slack, with the same methods: acknowledge, progress, show, refuse.

Here ``acknowledge`` is for people; the handler has already acknowledged to Slack within its 3 s.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from typing import Any, Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.chat.conversation import Partner
from bot.slack.card import Card, text_card
from bot.slack.mrkdwn import ours
from bot.slack.patience import FAILED, code_of
from bot.slack.pictures import Blocks, shown_with_picture
from bot.wording import say

_NOT_THERE = ("not_in_channel", "channel_not_found", "is_archived", "restricted_action")
_HEARD = "eyes"  # the reaction that acknowledges
_QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person asked.

    ``thread`` is the timestamp of the thread's first message, empty outside a thread.
    ``response_url`` works five times within half an hour.
    """

    channel: str
    user: str
    thread: str = ""
    response_url: str = ""

    @property
    def direct(self) -> bool:
        """Whether this is a direct message with the bot."""
        return self.channel.startswith("D")


class Reply(Partner, Protocol):
    """Where a conversation is held."""

    place: Place

    async def show(self, card: Card) -> str:
        """Shows the answer; returns its timestamp, empty if nobody can react to it."""


class CommandReply:
    """Answers a command, a shortcut or a button."""

    failures: tuple[type[Exception], ...] = FAILED

    def __init__(
        self, client: AsyncWebClient, place: Place, language: str, private: bool = False
    ) -> None:
        self._client, self.place, self.language = client, place, language
        self._private = private
        self._shown = ""  # timestamp of the progress message, later the answer

    async def acknowledge(self) -> None:
        """Posts that work has begun.  If that fails, ``show`` or ``refuse`` still answer."""
        if self._private:
            return
        with contextlib.suppress(*FAILED):
            self._shown = await self._post(say("fetching", self.language))

    async def progress(self, text: str) -> None:
        """Edits the message."""
        if self._shown:
            with contextlib.suppress(*FAILED):
                await self._edit(text)

    async def show(self, card: Card) -> str:
        """Edits the message; uses the response URL if the bot is not in the channel."""
        if self._private:
            await shown_with_picture(self._client, card, lambda it: self._aside(card.text, it))
            return ""
        try:
            await shown_with_picture(self._client, card, lambda it: self._put(card.text, it))
        except SlackApiError as error:
            if code_of(error) not in _NOT_THERE or not self.place.response_url:
                raise
            card, self._shown = card.without_reactions(), ""
            await shown_with_picture(
                self._client, card, lambda it: self._aside(card.text, it, "in_channel")
            )
        return self._shown

    async def refuse(self, text: str) -> None:
        """Tells the reason to the person alone."""
        if self._shown:
            with contextlib.suppress(*FAILED):
                await self._client.chat_delete(channel=self.place.channel, ts=self._shown)
        await self._aside(ours(text), text_card(text, self.language).shown())

    async def _put(self, text: str, blocks: Blocks) -> None:
        if self._shown:
            await self._edit(text, blocks)
        else:
            self._shown = await self._post(text, blocks)

    async def _post(self, text: str, blocks: Blocks | None = None) -> str:
        return await post(self._client, self.place, text, blocks)

    async def _edit(self, text: str, blocks: Blocks | None = None) -> None:
        channel = self.place.channel
        await self._client.chat_update(channel=channel, ts=self._shown, text=text, blocks=blocks)

    async def _aside(self, text: str, blocks: Blocks, to: str = "ephemeral") -> None:
        """Answers by the response URL, which also works in channels without the bot."""
        url, handlers = self.place.response_url, self._client.retry_handlers
        hook = AsyncWebhookClient(url, retry_handlers=handlers)
        said = {"text": text, "blocks": blocks, "response_type": to, "replace_original": False}
        if self._private and self.place.thread:
            said["thread_ts"] = self.place.thread
        told = await hook.send_dict(said)
        if told.status_code != 200:
            code = "invalid_blocks" if "invalid_blocks" in str(told.body) else str(told.body)[:80]
            response = {"ok": False, "error": code}
            raise SlackApiError("not taken", response)  # type: ignore[no-untyped-call]


class MessageReply:
    """Answers a message in its thread; ``quiet`` drops refusals."""

    failures: tuple[type[Exception], ...] = FAILED

    def __init__(
        self, client: AsyncWebClient, place: Place, ts: str, language: str, quiet: bool = False
    ) -> None:
        self._client, self.place, self.language = client, place, language
        self._ts, self._quiet = ts, quiet
        self._heard = False

    async def acknowledge(self) -> None:
        """Reacts with eyes until there is an answer."""
        with contextlib.suppress(*FAILED):
            await self._client.reactions_add(
                channel=self.place.channel, timestamp=self._ts, name=_HEARD
            )
            self._heard = True

    async def progress(self, text: str) -> None:
        """Does nothing: the eyes are enough."""

    async def show(self, card: Card) -> str:
        """Replies."""
        ts: str = await shown_with_picture(
            self._client, card, lambda blocks: post(self._client, self.place, card.text, blocks)
        )
        await self._close_eyes()
        return ts

    async def refuse(self, text: str) -> None:
        """Replies with the reason."""
        await self._close_eyes()
        if not self._quiet:
            blocks = text_card(text, self.language).shown()
            await post(self._client, self.place, ours(text), blocks)

    async def _close_eyes(self) -> None:
        if self._heard:
            with contextlib.suppress(*FAILED):
                await self._client.reactions_remove(
                    channel=self.place.channel, timestamp=self._ts, name=_HEARD
                )


async def post(
    client: AsyncWebClient, place: Place, text: str, blocks: Blocks | None = None
) -> str:
    """Posts a message; returns its timestamp."""
    done = await client.chat_postMessage(
        channel=place.channel, text=text, blocks=blocks, thread_ts=place.thread or None, **_QUIET
    )
    return str(done["ts"])
