"""On PYTHONPATH, this redirects discord.py and slack_sdk to the loopback servers named in the
environment, without any change to the bot.
"""

import os
import sys

listens = "--multiprocessing-fork" in sys.orig_argv  # a worker, which talks to nobody

if (address := os.environ.get("DISCORD_API")) and not listens:
    import discord
    from yarl import URL

    discord.http.Route.BASE = address
    discord.asset.Asset.BASE = os.environ["DISCORD_CDN"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["DISCORD_GW"])

if address := os.environ.get("SLACK_API"):
    from slack_sdk.web.async_base_client import AsyncBaseClient

    defaults = AsyncBaseClient.__init__.__defaults__ or ()
    AsyncBaseClient.__init__.__defaults__ = tuple(
        address if value == AsyncBaseClient.BASE_URL else value for value in defaults
    )
    AsyncBaseClient.BASE_URL = address
