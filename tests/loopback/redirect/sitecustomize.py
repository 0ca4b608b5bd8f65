"""On PYTHONPATH, this sends slack_sdk to the loopback Slack without a line changed in the bot."""

import os

if address := os.environ.get("SLACK_API"):
    from slack_sdk.web.async_base_client import AsyncBaseClient

    defaults = AsyncBaseClient.__init__.__defaults__ or ()
    AsyncBaseClient.__init__.__defaults__ = tuple(
        address if value == AsyncBaseClient.BASE_URL else value for value in defaults
    )
    AsyncBaseClient.BASE_URL = address
