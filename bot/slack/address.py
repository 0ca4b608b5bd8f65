"""A response URL: answers even in channels without the bot, five times within half an hour."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

_USES = 5
_PAUSE_SECONDS = 1.0


class Address:
    """Counts its uses, so that one is always left for the last word."""

    def __init__(self, url: str) -> None:
        self._hook = AsyncWebhookClient(url, retry_handlers=[]) if url else None
        self._left = _USES if url else 0

    def tries(self, last: bool) -> int:
        """How many uses there are; all but one unless this is the ``last`` word."""
        return max(0, self._left - (not last))

    async def say(self, told: dict[str, Any], last: bool = False) -> None:
        """Sends a message.  Tries again if Slack drops it, which may count as a use.

        Raises SlackApiError, with ``no_response_url`` if there are no uses left.
        """
        code = "no_response_url"
        while self.tries(last):
            code = await self._try(told)
            if not code:
                return
            if code != "service_unavailable":
                break
            await asyncio.sleep(_PAUSE_SECONDS)
        response = {"ok": False, "error": code}
        raise SlackApiError("not taken", response)  # type: ignore[no-untyped-call]

    async def _try(self, told: dict[str, Any]) -> str:
        """Uses the address once; returns Slack's code for an error, or nothing."""
        assert self._hook
        self._left -= 1
        try:
            answer = await self._hook.send_dict(told)
        except (aiohttp.ClientError, OSError):
            return "service_unavailable"
        if answer.status_code == 200:
            return ""
        if answer.status_code == 429 or answer.status_code >= 500:
            return "service_unavailable"
        return _code_in(str(answer.body))


def _code_in(body: str) -> str:
    """The code in the answer of an address, which is JSON or only the code."""
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return body.strip()[:80] or "no_text"
