"""How a test acts in the loopback Discord and looks at it, over HTTP below ``/_control/``.

Actions are POST with an object: ``message``, ``edit``, ``delete``, ``reaction``,
``clear_reactions``, ``thread``;
``slash``, ``menu``, ``autocomplete``, ``component``, ``modal``, each with
``wait`` in seconds; ``permissions`` {allow, channel?}, ``config`` {settings}, ``fault``,
``faults/clear``, ``gateway`` {action}, ``dispatch`` {event, data}, ``raw`` {text},
``wait`` {for, timeout}.

Views are GET: ``state``, ``messages`` ?author=bot|user, ?channel=, ?since=, ``interactions``,
``requests``, ``problems``, ``file/NUMBER``.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.loopback.discord import flags, invoking, people
from tests.loopback.discord.faults import Faults
from tests.loopback.discord.gateway import INVALID, RECONNECT, Gateway
from tests.loopback.discord.model import Json
from tests.loopback.discord.refusals import Impossible, Refused
from tests.loopback.discord.shown import show_interaction
from tests.loopback.discord.state import until
from tests.loopback.discord.views import view

ON_MESSAGES = {
    "message": people.write,
    "thread": people.thread,
    "edit": people.edit,
    "delete": people.delete,
    "reaction": people.reaction,
    "clear_reactions": people.clear_reactions,
}
ON_COMMANDS = {
    "slash": invoking.slash,
    "menu": invoking.menu,
    "autocomplete": invoking.autocomplete,
    "component": invoking.component,
    "modal": invoking.modal,
}
EVENTS = {"resumed": "resume", "identify": "identify"}  # what one can wait for


class Control:
    """Carries out actions and answers views."""

    def __init__(self, gateway: Gateway, faults: Faults) -> None:
        self._discord, self._gateway, self._faults = gateway.discord, gateway, faults

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answers one action or view; 422 if it is impossible in Discord."""
        name = request.match_info["name"]
        try:
            if request.method == "POST":
                return web.json_response(await self._do(name, json.loads(await request.read())))
            if name.startswith("file/"):
                return web.Response(body=self._discord.files[name.removeprefix("file/")].data)
            return web.json_response(view(self._discord, name, request.query))
        except (Impossible, Refused, KeyError, TypeError) as error:
            return web.json_response({"error": repr(error)}, status=422)

    async def _do(self, verb: str, body: Json) -> Any:
        if verb in ON_MESSAGES:
            return ON_MESSAGES[verb](self._discord, body)
        if verb in ON_COMMANDS:
            made = ON_COMMANDS[verb](self._discord, body)
            await until(lambda: made.done, float(body.get("wait", 10)))
            return show_interaction(self._discord, made)
        if verb == "wait":
            return {"ok": await until(lambda: self._happened(body["for"]), body["timeout"])}
        return self._arrange(verb, body)

    def _arrange(self, verb: str, body: Json) -> Any:
        """What the world does by itself."""
        match verb:
            case "config":
                return self._configure(body)
            case "permissions":
                return self._permit(body)
            case "adults":
                return self._mark(body)
            case "fault":
                self._faults.add(body)
            case "faults/clear":
                self._faults.clear()
            case "gateway":
                self._disturb(body)
            case "dispatch":
                self._discord.emit(body["event"], body["data"], flags.ALL_INTENTS)
            case "raw":
                for connection in self._gateway.connections:
                    connection.say(body["text"])
            case _:
                raise Impossible(f"no verb {verb}")
        return {"ok": True}

    def _configure(self, body: Json) -> Json:
        settings = self._discord.settings
        for name, value in body.items():
            if not hasattr(settings, name):
                raise Impossible(f"no setting {name}")
            setattr(settings, name, value)
        return asdict(settings)

    def _permit(self, body: Json) -> Json:
        """What everybody may do in the server, or in one channel; as usual where it is null."""
        place, allow = self._discord.place, body.get("allow")
        allow = flags.USUAL if allow is None else int(allow)
        place.changed = self._discord.clock.number()
        if body.get("channel"):
            channel = place.channel(body["channel"])
            place.restrict(channel, allow)
            self._discord.emit("CHANNEL_UPDATE", channel, flags.GUILDS)
        else:
            place.everyone = allow
            told = {"guild_id": place.id, "role": place.roles()[0]}
            self._discord.emit("GUILD_ROLE_UPDATE", told, flags.GUILDS)
        return {"allow": allow}

    def _mark(self, body: Json) -> Json:
        """Makes a channel one for adults only, or with ``only`` false one for all."""
        channel = self._discord.place.channel(body["channel"])
        channel["nsfw"] = bool(body.get("only", True))
        self._discord.emit("CHANNEL_UPDATE", channel, flags.GUILDS)
        return {"channel": channel["id"]}

    def _disturb(self, body: Json) -> None:
        """``drop``, ``close`` with a ``code``, ``reconnect`` or ``invalidate`` every connection;
        new ones are refused for ``hold`` seconds.
        """
        self._gateway.held_until = time.monotonic() + float(body.get("hold", 0))
        for connection in list(self._gateway.connections):
            match body["action"]:
                case "drop":
                    connection.cut()
                case "close":
                    self._gateway.end(connection, body.get("code", 4000), "", blameless=True)
                case "reconnect":
                    connection.send({"op": RECONNECT, "d": None})
                case "invalidate":
                    resumable = bool(body.get("resumable"))
                    if connection.session and not resumable:
                        self._gateway.forget(connection.session)
                    connection.send({"op": INVALID, "d": resumable})
                case action:
                    raise Impossible(f"no action {action}")

    def _happened(self, what: str) -> bool:
        return any(event["event"] == EVENTS[what] for event in self._discord.gateway_log)
