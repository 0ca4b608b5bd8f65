"""Uploads pictures in Slack's three steps, to show them inside messages.

Slack processes an uploaded file for a moment before a message may show it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.plain import shorten
from bot.slack.card import MAX_ABOUT, PICTURE_NAME, Card
from bot.slack.patience import FAILED, code_of

_NOT_SHARED = "slack_connect_file_"  # no files in channels with other workspaces
_PAUSES_SECONDS = (0.25, 0.5, 1.0, 2.0, 4.0)
_log = logging.getLogger(__name__)

Blocks = list[dict[str, Any]]


class Pictured:
    """A card whose pictures are uploaded once, however often and wherever it is sent."""

    def __init__(self, client: AsyncWebClient, card: Card) -> None:
        self._client, self._card = client, card
        self._ids: list[str] | None = None
        self._pauses_s = list(_PAUSES_SECONDS)

    async def sent(self, send: Callable[[Blocks], Awaitable[Any]], tries: int = 99) -> Any:
        """Sends the blocks once Slack has processed the pictures; returns ``send``'s result.

        If that takes too long or more than ``tries`` attempts, or no file may be shown there, they
        are sent without pictures.
        """
        if any(ids := await self._uploaded()):
            for _ in range(min(tries - 1, len(self._pauses_s))):
                try:
                    return await send(self._card.shown(*ids))
                except SlackApiError as error:
                    if code_of(error).startswith(_NOT_SHARED):
                        return await send(self._card.shown())
                    if code_of(error) != "invalid_blocks":
                        raise
                await asyncio.sleep(self._pauses_s.pop(0))
            _log.warning("a picture was not ready in time")
        return await send(self._card.shown())

    def without_reactions(self) -> None:
        """Turns to the form of the card for a channel without reactions."""
        self._card = self._card.without_reactions()

    async def _uploaded(self) -> list[str]:
        if self._ids is None:
            card = self._card
            pictures = (card.data, card.file_about), (card.map, card.map_about)
            self._ids = await asyncio.gather(*(self._upload(*it) for it in pictures))
        return self._ids

    async def _upload(self, data: bytes, about: str) -> str:
        """Uploads a picture, not shared yet; returns its file id, empty if that fails."""
        if not data:
            return ""
        try:
            done = await self._client.files_upload_v2(
                filename=PICTURE_NAME, content=data, alt_txt=shorten(about, MAX_ABOUT) or None
            )
        except FAILED as error:
            _log.warning("could not upload a picture: %s", error)
            return ""
        return str(done["files"][0]["id"])
