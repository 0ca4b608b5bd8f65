"""What comes of a call to Slack that failed, and what is tried again."""

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
FAILED = (SlackClientError, aiohttp.ClientError, OSError)  # whatever comes of a call
_ATTEMPTS = 4


def code_of(error: BaseException) -> str:
    """Slack's own word for what is wrong."""
    return str(error.response.get("error", "")) if isinstance(error, SlackApiError) else ""


def patience() -> list[Any]:
    """Waits as long as Slack says when it is asked too often, and tries again what was dropped."""
    return [
        AsyncConnectionErrorRetryHandler(max_retry_count=_ATTEMPTS),
        AsyncRateLimitErrorRetryHandler(max_retry_count=_ATTEMPTS),
        AsyncServerErrorRetryHandler(max_retry_count=_ATTEMPTS),
    ]
