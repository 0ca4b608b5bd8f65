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

from bot.slack.card import PICTURE_NAME, Card
from bot.slack.patience import FAILED, code_of

_PAUSES_SECONDS = (0.25, 0.5, 1.0, 2.0, 4.0)
_log = logging.getLogger(__name__)

Blocks = list[dict[str, Any]]


async def upload(client: AsyncWebClient, data: bytes, about: str) -> str:
    """Uploads a picture, not shared yet; returns its file id, empty if that fails."""
    if not data:
        return ""
    try:
        done = await client.files_upload_v2(
            filename=PICTURE_NAME, content=data, alt_txt=about or None
        )
    except FAILED as error:
        _log.warning("could not upload a picture: %r", error)
        return ""
    return str(done["files"][0]["id"])


async def shown_with_picture(
    client: AsyncWebClient, card: Card, send: Callable[[Blocks], Awaitable[Any]]
) -> Any:
    """Sends the blocks of a card once Slack has processed its pictures; returns ``send``'s result.

    If that takes too long, the card is sent without pictures.
    """
    ids = await asyncio.gather(
        upload(client, card.data, card.file_about), upload(client, card.map, card.map_about)
    )
    if any(ids):
        for pause_s in _PAUSES_SECONDS:
            try:
                return await send(card.shown(*ids))
            except SlackApiError as error:
                if code_of(error) != "invalid_blocks":
                    raise
            await asyncio.sleep(pause_s)
        _log.warning("a picture was not ready in time")
    return await send(card.shown())
