"""Two ways to answer on Slack, with the same methods: acknowledge, progress, show, refuse.

Here ``acknowledge`` is for people; the handler has already acknowledged to Slack within its 3 s.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.conversation import Partner
from bot.chat.delivery import by_an_open_way
from bot.slack.address import Address
from bot.slack.card import Card, text_card
from bot.slack.mrkdwn import neutral, ours
from bot.slack.patience import FAILED, briefly, code_of
from bot.slack.pictures import Blocks, Pictured
from bot.slack.trouble import trouble_of
from bot.wording import say

_NO_THREADS = "restricted_action_non_threadable_channel"
_HEARD = "eyes"  # the reaction that acknowledges
_QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person asked.

    ``thread`` is the timestamp of the thread's first message, empty outside a thread.
    ``response_url`` is where the person can be answered without the bot being there.
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
    """Answers a command, a shortcut or a button.

    ``begins`` is the stage that is shown at first; empty shows none until there is an answer.
    """

    neutral = staticmethod(neutral)

    failures: tuple[type[Exception], ...] = FAILED

    def __init__(
        self,
        client: AsyncWebClient,
        place: Place,
        language: str,
        private: bool = False,
        begins: str = "fetching",
    ) -> None:
        self._client, self.place, self.language = client, place, language
        self._private, self._begins = private, begins
        self._address = Address(place.response_url)
        self._shown = ""  # timestamp of the progress message, later the answer

    async def acknowledge(self) -> None:
        """Posts that work has begun.  If that fails, ``show`` or ``refuse`` still answer."""
        if self._private or not self._begins:
            return
        with contextlib.suppress(*FAILED):
            self._shown = await self._post(say(self._begins, self.language))

    async def progress(self, text: str) -> None:
        """Edits the message."""
        if self._shown:
            with contextlib.suppress(*FAILED):
                async with briefly():
                    await self._edit(text)

    async def show(self, card: Card) -> str:
        """Edits the message.

        Posts anew if it was deleted, and uses the response URL where the bot may not post.
        """
        pictured = Pictured(self._client, card)
        edit, post = partial(self._edit, card.text), partial(self._post, card.text)
        ways: list[Callable[[], Awaitable[str]]] = []
        if not self._private:
            ways = [partial(pictured.sent, post)]
            if self._shown:
                ways.insert(0, partial(pictured.sent, edit))
        ways.append(lambda: self._by_address(card.text, pictured))
        self._shown = await by_an_open_way(ways, trouble_of) or ""
        return self._shown

    async def refuse(self, text: str) -> None:
        """Tells the reason to the person alone."""
        if self._shown:
            with contextlib.suppress(*FAILED):
                await self._client.chat_delete(channel=self.place.channel, ts=self._shown)
        blocks = text_card(text, self.language).shown()
        aside = partial(self._aside, ours(text), blocks, last=True)

        async def directly() -> None:
            place = await _direct(self._client, self.place.user)
            await post(self._client, place, ours(text), blocks)

        await by_an_open_way((aside, directly), trouble_of)

    async def _by_address(self, text: str, pictured: Pictured) -> str:
        """Answers by the response URL: nobody can react to that."""
        pictured.without_reactions()
        to = "ephemeral" if self._private else "in_channel"
        tries = self._address.tries(last=False)
        await pictured.sent(lambda blocks: self._aside(text, blocks, to), tries)
        return ""

    async def _post(self, text: str, blocks: Blocks | None = None) -> str:
        return await post(self._client, self.place, text, blocks)

    async def _edit(self, text: str, blocks: Blocks | None = None) -> str:
        channel = self.place.channel
        await self._client.chat_update(channel=channel, ts=self._shown, text=text, blocks=blocks)
        return self._shown

    async def _aside(
        self, text: str, blocks: Blocks, to: str = "ephemeral", last: bool = False
    ) -> None:
        """Answers by the response URL, which also works in channels without the bot."""
        said = {"text": text, "blocks": blocks, "response_type": to, "replace_original": False}
        if self._private and self.place.thread:
            said["thread_ts"] = self.place.thread
        await self._address.say(said, last)


class MessageReply:
    """Answers a message in its thread.

    ``asked`` answers in a direct message where the bot may not write.  ``quiet`` drops refusals.
    ``about`` says which of several sounds it is about.  ``wanted`` returns whether there is still
    to be an answer, when it writes.
    """

    neutral = staticmethod(neutral)

    failures: tuple[type[Exception], ...] = FAILED

    def __init__(
        self,
        client: AsyncWebClient,
        place: Place,
        ts: str,
        language: str,
        asked: bool = True,
        quiet: bool = False,
        about: str = "",
        wanted: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._client, self.place, self.language = client, place, language
        self._wanted = wanted
        self._asked, self._quiet, self._about = asked, quiet, about
        self._asking = {"channel": place.channel, "timestamp": ts}  # the message answered
        self._heard = False

    async def acknowledge(self) -> None:
        """Reacts with eyes until there is an answer."""
        with contextlib.suppress(*FAILED):
            self._heard = True
            async with briefly():
                await self._client.reactions_add(**self._asking, name=_HEARD)

    async def progress(self, text: str) -> None:
        """Does nothing: the eyes are enough."""

    async def show(self, card: Card) -> str:
        """Replies; to the person alone where the bot may not write."""
        if self._wanted is not None and not await self._wanted():
            await self._close_eyes()
            return ""
        pictured = Pictured(self._client, card)
        here = partial(pictured.sent, partial(post, self._client, self.place, card.text))
        ways = (here, *([partial(self._aside, pictured, card.text)] if self._asked else []))
        ts = await by_an_open_way(ways, trouble_of)
        await self._close_eyes()
        return ts or ""

    async def refuse(self, text: str) -> None:
        """Replies with the reason."""
        if self._quiet:
            await self._close_eyes()
        else:
            await self.show(text_card(f"{self._about} {text}".strip(), self.language))

    async def _aside(self, pictured: Pictured, text: str) -> str:
        """Answers in a direct message, and says why there."""
        direct = await _direct(self._client, self.place.user)
        why = ours(say("may_not_write", self.language, channel=f"<#{self.place.channel}>"))
        await post(self._client, direct, why)
        ts: str = await pictured.sent(partial(post, self._client, direct, text))
        self.place = direct
        return ts

    async def _close_eyes(self) -> None:
        if self._heard:
            with contextlib.suppress(*FAILED):
                await self._client.reactions_remove(**self._asking, name=_HEARD)


async def _direct(client: AsyncWebClient, user: str) -> Place:
    """The direct messages of the bot and a person."""
    opened = await client.conversations_open(users=user)
    return Place(opened["channel"]["id"], user)


async def post(
    client: AsyncWebClient, place: Place, text: str, blocks: Blocks | None = None
) -> str:
    """Posts a message, outside the thread where there are no threads; returns its timestamp."""

    async def send(thread: str | None) -> str:
        done = await client.chat_postMessage(
            channel=place.channel, text=text, blocks=blocks, thread_ts=thread, **_QUIET
        )
        return str(done["ts"])

    try:
        return await send(place.thread or None)
    except SlackApiError as error:
        if code_of(error) != _NO_THREADS or not place.thread:
            raise
        return await send(None)
