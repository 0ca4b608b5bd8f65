"""Runs the Slack bot: checks the tokens, registers its parts, receives events."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.config import Settings
from bot.core.service import Service
from bot.people import People
from bot.slack.buttons import Buttons
from bot.slack.client import SlackBot
from bot.slack.commands.about import About
from bot.slack.commands.catalog import Catalog
from bot.slack.commands.feedback import Feedback
from bot.slack.commands.listening import Listening
from bot.slack.commands.map import Map
from bot.slack.commands.mydata import MyData
from bot.slack.commands.path import Path
from bot.slack.commands.recommend import Recommend
from bot.slack.commands.taste import Taste
from bot.slack.patience import code_of
from bot.slack.ways import by_http, by_socket
from bot.types import BadToken

PARTS = (Recommend, Listening, Feedback, Buttons, Map, Path, Taste, Catalog, MyData, About)
_WHERE = "the pages of your app at api.slack.com"
_UNKNOWN = (
    *("invalid_auth", "not_authed", "account_inactive", "not_allowed_token_type"),
    *("token_revoked", "token_expired"),
)


async def run_slack(service: Service, people: People, settings: Settings) -> None:
    """Runs until canceled.  Raises BadToken, or OSError if Slack cannot be reached."""
    for name in ("slack_bolt", "slack_sdk"):  # at DEBUG they log what people write
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))
    setting = "SLACK_BOT_TOKEN"
    try:
        bot = SlackBot(service, people, settings)
        for part in PARTS:
            part(bot)
        await bot.introduce()
        setting = "SLACK_APP_TOKEN"
        way = by_http if settings.slack_port else by_socket
        async with way(bot):
            await asyncio.Event().wait()
    except SlackApiError as error:
        if code_of(error) in _UNKNOWN:
            raise BadToken("Slack", setting, _WHERE) from error
        raise OSError(f"Slack does not let the bot in: {code_of(error)}") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise OSError(f"Slack cannot be reached: {error}") from error
