"""Errors of calls to Slack, and which calls are retried."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryState
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)

PLATFORM = "slack"
Json = dict[str, Any]
FAILED = (SlackClientError, aiohttp.ClientError, OSError)  # errors of any call
_ATTEMPTS = 4
_BRIEFLY_SECONDS = 3.0
_REFUSED = (
    *("invalid_auth", "not_authed", "account_inactive", "not_allowed_token_type"),
    *("token_revoked", "token_expired"),
)


def code_of(error: BaseException) -> str:
    """Slack's code for an error; empty where what stands before Slack answered with a page."""
    if not isinstance(error, SlackApiError):
        return ""
    told = error.response if isinstance(error.response, dict) else error.response.data
    return str(told.get("error", "")) if isinstance(told, dict) else ""


def briefly() -> asyncio.Timeout:
    """A limit for calls that no answer may wait for: rate limits can take minutes."""
    return asyncio.timeout(_BRIEFLY_SECONDS)


class Tokens(AsyncRetryHandler):
    """Notices that Slack refuses a token: ``refused`` is set, ``setting`` names it."""

    def __init__(self) -> None:
        super().__init__(max_retry_count=0)
        self.refused, self.setting = asyncio.Event(), ""

    async def can_retry_async(
        self,
        *,
        state: RetryState,  # noqa: ARG002
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002
    ) -> bool:
        """Looks at an answer of Slack; never retries."""
        body = response.body if response else None
        if isinstance(body, dict) and body.get("error") in _REFUSED:
            by_app = str(request.url).endswith("apps.connections.open")
            self.setting = "SLACK_APP_TOKEN" if by_app else "SLACK_BOT_TOKEN"
            self.refused.set()
        return False


def patience(tokens: Tokens) -> list[Any]:
    """Handlers that retry dropped calls, and wait as long as Slack says after a rate limit."""
    return [
        tokens,
        AsyncConnectionErrorRetryHandler(max_retry_count=_ATTEMPTS),
        AsyncRateLimitErrorRetryHandler(max_retry_count=_ATTEMPTS),
        AsyncServerErrorRetryHandler(max_retry_count=_ATTEMPTS),
    ]
