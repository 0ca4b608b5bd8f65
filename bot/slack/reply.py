"""Two ways to answer on Slack, with the same verbs: acknowledge, progress, show, refuse.

A handler has acknowledged to Slack already, within its 3 s; here it is people who are answered.
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
_HEARD = "eyes"  # the reaction that says so
_QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asked: ``thread`` is the time of the message whose thread it is, empty
    outside of one; ``response_url`` is good for half an hour, five times.
    """

    channel: str
    user: str
    thread: str = ""
    response_url: str = ""

    @property
    def direct(self) -> bool:
        """Whether it is between a person and the bot."""
        return self.channel.startswith("D")


class Reply(Partner, Protocol):
    """What a conversation needs of the place it is held in."""

    place: Place

    async def show(self, card: Card) -> str:
        """Shows the answer; the time of its message, empty where none can be reacted to."""


class CommandReply:
    """Answers a command, a shortcut or a button."""

    def __init__(
        self, client: AsyncWebClient, place: Place, language: str, private: bool = False
    ) -> None:
        self._client, self.place, self.language = client, place, language
        self._private = private
        self._shown = ""  # the message that says how far it is, then the answer

    async def acknowledge(self) -> None:
        """Says that it goes on.  Where that fails, the last word finds another way."""
        if self._private:
            return
        with contextlib.suppress(*FAILED):
            self._shown = await self._post(say("fetching", self.language))

    async def progress(self, text: str) -> None:
        """Edits what is shown."""
        if self._shown:
            with contextlib.suppress(*FAILED):
                await self._edit(text)

    async def show(self, card: Card) -> str:
        """Edits the answer in; past the channel where the bot is not in it."""
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
        """Tells the person alone."""
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
        """By the address that came with the question; it works where the bot is not."""
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
    """Answers a message in its thread; one that is ``quiet`` says nothing where there is no
    answer.
    """

    def __init__(
        self, client: AsyncWebClient, place: Place, ts: str, language: str, quiet: bool = False
    ) -> None:
        self._client, self.place, self.language = client, place, language
        self._ts, self._quiet = ts, quiet
        self._heard = False

    async def acknowledge(self) -> None:
        """Shows eyes until there is an answer."""
        with contextlib.suppress(*FAILED):
            await self._client.reactions_add(
                channel=self.place.channel, timestamp=self._ts, name=_HEARD
            )
            self._heard = True

    async def progress(self, text: str) -> None:
        """The eyes stay; a message for it would only be noise."""

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
    """A new message; its time."""
    done = await client.chat_postMessage(
        channel=place.channel, text=text, blocks=blocks, thread_ts=place.thread or None, **_QUIET
    )
    return str(done["ts"])
