"""Runs the Slack bot: checks the tokens, registers its parts, receives events."""

from __future__ import annotations

import asyncio
import errno
import logging

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.config import Settings
from bot.core.mouths import Mouth, Serve, brief, unusable
from bot.core.service import Service
from bot.people import People
from bot.slack.buttons import Buttons
from bot.slack.client import SlackBot
from bot.slack.commands.about import About
from bot.slack.commands.catalog import Catalog
from bot.slack.commands.clean import Clean
from bot.slack.commands.credit import Credit
from bot.slack.commands.feedback import Feedback
from bot.slack.commands.listening import Listening
from bot.slack.commands.map import Map
from bot.slack.commands.mix import Mix
from bot.slack.commands.mydata import MyData
from bot.slack.commands.path import Path
from bot.slack.commands.recommend import Recommend
from bot.slack.commands.taste import Taste
from bot.slack.patience import code_of
from bot.slack.ways import by_http, by_socket
from bot.types import BadToken, Unwelcome
from soundmap.cli.usage import filled

PARTS = (
    *(Recommend, Listening, Feedback, Buttons, Map, Path, Taste, Catalog, Clean, Credit),
    *(Mix, MyData, About),
)
_WHERE = "the pages of your app at api.slack.com"
_PASSING = (
    *("fatal_error", "internal_error", "request_timeout", "service_unavailable"),
    *("ratelimited", "team_added_to_org"),
)


def slack(service: Service, people: People, settings: Settings) -> Serve:
    """What serves Slack until canceled.  Raises BadToken, Unwelcome or OSError."""
    for name in ("slack_bolt", "slack_sdk"):  # at DEBUG they log what people write
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))
    bot = SlackBot(service, people, settings)
    for part in PARTS:
        part(bot)

    async def serve(mouth: Mouth) -> None:
        try:
            await _until_refused(bot, mouth)
        except SlackApiError as error:
            if code_of(error) in _PASSING or not code_of(error):
                raise OSError(brief(error)) from error
            text = "Slack does not let the bot in: {code}."
            raise Unwelcome(filled(text, code=code_of(error))) from error
        except aiohttp.ClientError as error:
            raise OSError(brief(error)) from error
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                raise unusable("SLACK_PORT", error) from error
            raise

    return serve


async def _until_refused(bot: SlackBot, mouth: Mouth) -> None:
    """Serves until Slack refuses a token.  Raises BadToken, or what ended it before."""
    serving = asyncio.ensure_future(_served(bot, mouth))
    refused = asyncio.ensure_future(bot.tokens.refused.wait())
    try:
        await asyncio.wait({serving, refused}, return_when=asyncio.FIRST_COMPLETED)
        if refused.done():
            raise BadToken("Slack", bot.tokens.setting, _WHERE)
        await serving
    finally:
        refused.cancel()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def _served(bot: SlackBot, mouth: Mouth) -> None:
    if not bot.user:
        await bot.introduce()
    way = by_http if bot.settings.slack_port else by_socket
    await way(bot, mouth)
