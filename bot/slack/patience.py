"""Errors of calls to Slack, and which calls are retried."""

from __future__ import annotations

from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)

PLATFORM = "slack"
Json = dict[str, Any]
FAILED = (SlackClientError, aiohttp.ClientError, OSError)  # errors of any call
_ATTEMPTS = 4


def code_of(error: BaseException) -> str:
    """Slack's code for an error."""
    return str(error.response.get("error", "")) if isinstance(error, SlackApiError) else ""


def patience() -> list[Any]:
    """Handlers that retry dropped calls, and wait as long as Slack says after a rate limit."""
    return [
        AsyncConnectionErrorRetryHandler(max_retry_count=_ATTEMPTS),
        AsyncRateLimitErrorRetryHandler(max_retry_count=_ATTEMPTS),
        AsyncServerErrorRetryHandler(max_retry_count=_ATTEMPTS),
    ]
