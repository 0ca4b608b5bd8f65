"""The gateway: hello, identify, resume, heartbeat, and every way a connection can end."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import Any

from aiohttp import web

from tests.loopback.discord import flags
from tests.loopback.discord.connection import Connection
from tests.loopback.discord.model import Json, Session
from tests.loopback.discord.state import Discord

HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 1, 2, 3, 6
RECONNECT, INVALID, HELLO, BEATEN = 7, 9, 10, 11
NOT_COVERED = (4, 8, 31, 43)  # voice, members, sounds, channels
MISSED_BEATS = 1.75
RATE = (120, 60.0)  # payloads that a bot may send in a number of seconds
CLEAN = (1000, 1001)
ENDING = (*CLEAN, 4007, 4009)  # after these a session cannot be resumed


class Gateway:
    """All gateway connections of the bot."""

    def __init__(self, discord: Discord) -> None:
        self.discord = discord
        self.connections: set[Connection] = set()
        self.held_until = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its hello to its end."""
        if time.monotonic() < self.held_until:
            self.discord.log("refused")
            return web.Response(status=503)
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.add(connection)
        self.discord.log("connect", query=dict(request.query))
        self._greet(connection)
        tasks = [asyncio.create_task(work) for work in (connection.pump(), self._watch(connection))]
        try:
            async for message in socket:
                self._take(connection, message.data)
        finally:
            for task in tasks:
                task.cancel()
            self._gone(connection)
        return socket

    def end(self, connection: Connection, code: int, why: str, *, blameless: bool = False) -> None:
        """The server ends a connection."""
        self.discord.log("server close", code=code, why=why)
        if not blameless:
            self.discord.problem("gateway", code=code, why=why)
        if connection.session and code in ENDING:
            self.forget(connection.session)
        connection.close(code, why)

    def forget(self, session: Session) -> None:
        """Ends a session: it cannot be resumed."""
        self.discord.sessions.pop(session.id, None)
        self.discord.outlets.pop(session.id, None)

    # ------------------------------------------------------------------ a connection's life

    def _greet(self, connection: Connection) -> None:
        query = connection.request.query
        if query.get("v") not in ("9", "10"):
            self.end(connection, 4012, "Invalid API version.")
        elif query.get("encoding", "json") != "json":
            self.end(connection, 4002, "Only JSON is covered.")
        interval = self.discord.settings.heartbeat_interval_ms
        connection.send(_payload(HELLO, {"heartbeat_interval": interval}))

    async def _watch(self, connection: Connection) -> None:
        """Ends a connection that sends no heartbeats."""
        patience_s = self.discord.settings.heartbeat_interval_ms / 1_000 * MISSED_BEATS
        while time.monotonic() < connection.last_beat + patience_s:
            await asyncio.sleep(min(1.0, patience_s / 4))
        self.end(connection, 4009, "Session timed out.")

    def _gone(self, connection: Connection) -> None:
        self.connections.discard(connection)
        session, code = connection.session, connection.socket.close_code
        self.discord.log("disconnect", code=connection.ended or code)
        if session is None or self.discord.outlets.get(session.id) != connection.send:
            return
        del self.discord.outlets[session.id]
        session.gone = time.monotonic()
        if code in CLEAN and connection.ended is None:
            self.forget(session)

    # ------------------------------------------------------------------ what the bot sends

    def _take(self, connection: Connection, text: Any) -> None:
        if connection.ended is not None:
            return
        if not connection.takes(*RATE):
            self.end(connection, 4008, "Rate limited.")
            return
        try:
            if len(text) > 4_096:
                raise ValueError("too large")
            payload = json.loads(text)
            number, data = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError):
            self.end(connection, 4002, "Error while decoding payload.")
            return
        self._act(connection, number, data)

    def _act(self, connection: Connection, number: int, data: Any) -> None:
        if number == HEARTBEAT:
            connection.last_beat = time.monotonic()
            connection.send(_payload(BEATEN, None))
        elif number in (IDENTIFY, RESUME):
            self._log_in(connection, number, data)
        elif connection.session is None:
            self.end(connection, 4003, "Not authenticated.")
        elif number in NOT_COVERED:
            self.discord.problem("not covered", what=f"opcode {number}")
        elif number != PRESENCE:
            self.end(connection, 4001, "Unknown opcode.")

    def _log_in(self, connection: Connection, number: int, data: Any) -> None:
        if connection.session:
            self.end(connection, 4005, "Already authenticated.")
        elif not isinstance(data, dict):
            self.end(connection, 4002, "Error while decoding payload.")
        elif str(data.get("token")).removeprefix("Bot ") != self.discord.settings.token:
            self.end(connection, 4004, "Authentication failed.")
        elif number == RESUME:
            self._resume(connection, data)
        elif self._check_identify(connection, data):
            self._identify(connection, data)

    def _check_identify(self, connection: Connection, data: Json) -> bool:
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~flags.ALL_INTENTS:
            self.end(connection, 4013, "Invalid intent(s).")
        elif intents & flags.PRIVILEGED & ~self.discord.settings.allowed_privileged:
            self.end(connection, 4014, "Disallowed intent(s).", blameless=True)
        elif not isinstance(data.get("properties"), dict):
            self.end(connection, 4002, "Error while decoding payload.")
        elif data.get("shard") not in (None, [0, 1]):
            self.end(connection, 4010, "Only one shard is covered.")
        return connection.ended is None

    def _identify(self, connection: Connection, data: Json) -> None:
        session = Session(secrets.token_hex(16), data["intents"])
        self.discord.sessions[session.id] = session
        self._attach(connection, session)
        self.discord.push(session, "READY", self._ready(session))
        if session.intents & flags.GUILDS:
            own_member = self.discord.settings.shows_own_member
            self.discord.push(session, "GUILD_CREATE", self.discord.place.whole_guild(own_member))
        self.discord.log("identify", session=session.id, intents=session.intents)

    def _resume(self, connection: Connection, data: Json) -> None:
        session, seq = self.discord.sessions.get(str(data.get("session_id"))), data.get("seq")
        if session is None or self._expired(session):
            self.discord.log("resume refused")
            connection.send(_payload(INVALID, False))
        elif not isinstance(seq, int) or seq > session.seq:
            self.end(connection, 4007, "Invalid seq.")
        else:
            missed = [event for event in session.events if event["s"] > seq]
            self._attach(connection, session)
            session.resumes += 1
            for event in missed:
                connection.send(event)
            self.discord.push(session, "RESUMED", {})
            self.discord.log("resume", session=session.id, replayed=len(missed))

    def _attach(self, connection: Connection, session: Session) -> None:
        connection.session, session.gone = session, None
        self.discord.outlets[session.id] = connection.send

    def _expired(self, session: Session) -> bool:
        window_s = self.discord.settings.resume_window_s
        return session.gone is not None and time.monotonic() > session.gone + window_s

    def _ready(self, session: Session) -> Json:
        place = self.discord.place
        told: Json = {"v": 10, "user": place.users[place.bot], "session_id": session.id}
        told |= {"guilds": [{"id": place.id, "unavailable": True}], "private_channels": []}
        told |= {
            "resume_gateway_url": self.discord.gateway_url,
            "session_type": "normal",
            "shard": [0, 1],
        }
        return told | {"application": {"id": self.discord.app, "flags": 0}}


def _payload(number: int, data: object) -> Json:
    return {"op": number, "t": None, "s": None, "d": data}
