"""The gateway's connection: one guard around every event, and pauses between attempts that grow.

discord.py ends the whole client if it cannot parse an event, and redials at once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import zlib
from typing import Any, Self

import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.core.oddities import Oddities
from bot.discord.patience import FAILED

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_FREE = 4  # connections in a row without a pause; discord.py pauses after errors
_CALM_S = 60.0  # a connection that lasted so long was a good one
_OF_THE_CONNECTION = (*FAILED, discord.ConnectionClosed, ReconnectWebSocket)
_DAMAGED = (zlib.error, UnicodeDecodeError, json.JSONDecodeError)  # all that follows would be, too


class Gateway(DiscordWebSocket):
    """A connection that outlives any event."""

    _odd = Oddities("Discord")

    @classmethod
    async def from_client(cls, client: Any, **how: Any) -> Self:
        """Connects; waits first as the client's ``pace`` says."""
        await asyncio.sleep(client.pace.pause_s(how.get("shard_id")))
        return await super().from_client(client, **how)

    async def received_message(self, msg: Any, /) -> None:
        """Handles a message; one that cannot be parsed is skipped."""
        try:
            await super().received_message(msg)
        except _OF_THE_CONNECTION:
            raise
        except _DAMAGED as error:
            raise ReconnectWebSocket(self.shard_id) from error
        except Exception as error:
            self._odd.skipped("event", error)


class Pace:
    """How long to wait before a shard is connected again: not at all the first times."""

    def __init__(self) -> None:
        self._dials: dict[int | None, tuple[int, float]] = {}

    def pause_s(self, shard: int | None) -> float:
        """Counts a connection that is about to be made; returns the pause before it."""
        now = time.monotonic()
        n, last = self._dials.get(shard, (0, now))
        n = 0 if now - last > _CALM_S else n
        self._dials[shard] = n + 1, now
        return min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0 ** (n - _FREE)) if n >= _FREE else 0.0


def install() -> None:
    """Has discord.py's sharded client connect by ``Gateway``, and leave saying so to us."""
    logging.getLogger("discord.shard").setLevel(logging.CRITICAL)
    discord.shard.DiscordWebSocket = Gateway  # type: ignore[misc]
