"""A minimal bot without discord.py, to test what the loopback Discord refuses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any, Self

import aiohttp

from tests.loopback.discord.model import Json
from tests.loopback.discord.server import serving

INTENTS = 1 << 0 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 13 | 1 << 15
COMMANDS = [
    {
        "name": "say",
        "description": "Says it.",
        "options": [
            {"name": "text", "description": "What.", "type": 3, "autocomplete": True},
        ],
    }
]


class Client:
    """Use it in a ``with`` block.  Server and client take turns while a call waits."""

    def __enter__(self) -> Self:
        self._runner, self._stack = asyncio.Runner(), AsyncExitStack()
        self._runner.run(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()

    async def _open(self) -> None:
        self.at = await self._stack.enter_async_context(serving(0))
        self._http = await self._stack.enter_async_context(aiohttp.ClientSession())

    # ------------------------------------------------------------------ the API

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        files: Sequence[bytes] = (),
        headers: dict[str, str] | None = None,
    ) -> Json:
        """Makes a call; returns the answer with its ``status`` and ``headers``."""
        return self._runner.run(self._call(method, path, body, files, headers or {}))

    async def _call(
        self, method: str, path: str, body: object, files: Sequence[bytes], headers: dict[str, str]
    ) -> Json:
        usual = {"Authorization": f"Bot {self.at['DISCORD_TOKEN']}"}
        headers = usual | {"User-Agent": "DiscordBot (loopback, 1)"} | headers
        url, form = f"{self.at['DISCORD_API']}{path}", aiohttp.FormData()
        form.add_field("payload_json", json.dumps(body))
        for n, data in enumerate(files):
            form.add_field(f"files[{n}]", data, filename="a.png")
        sent: Json = {"data": form} if files else {"json": body}
        async with self._http.request(method, url, headers=headers, **sent) as answer:
            content = await answer.json() if answer.status != 204 else None
            told = content if isinstance(content, dict) else {"list": content}
            return {**told, "status": answer.status, "headers": dict(answer.headers)}

    def post(self, body: object, *files: bytes, channel: str = "general") -> Json:
        """Posts a message as the bot."""
        return self.call("POST", f"/channels/{self.number(channel)}/messages", body, files)

    def answer(self, interaction: Json, body: object) -> Json:
        """The first answer to an interaction."""
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback"
        return self.call("POST", path, body)

    def fetch(self, url: str) -> int:
        """The status for the address of a file."""
        return self._runner.run(self._fetch(url))

    async def _fetch(self, url: str) -> int:
        async with self._http.get(url) as answer:
            return answer.status

    # ------------------------------------------------------------------ the gateway

    def connect(self, intents: int = INTENTS, token: str = "") -> int | None:
        """Identifies and registers its commands; returns the close code if it was refused."""
        token = token or self.at["DISCORD_TOKEN"]
        self.dial(2, {"token": token, "properties": {}, "intents": intents})
        first = self.event("READY")
        if first is None:
            return self._socket.close_code
        self.app, self.session = first["application"]["id"], first["session_id"]
        self.call("PUT", f"/applications/{self.app}/commands", COMMANDS)
        return None

    def dial(self, number: int, data: object, query: str = "v=10&encoding=json") -> None:
        """A new connection, over which this is sent."""
        self._runner.run(self._dial({"op": number, "d": data}, query))

    async def _dial(self, payload: Json, query: str) -> None:
        url = f"{self.at['DISCORD_GW']}?{query}"
        self._socket = await self._stack.enter_async_context(self._http.ws_connect(url))
        await self._socket.send_json(payload)

    def say(self, number: int, data: object) -> None:
        """One more payload."""
        self._runner.run(self._socket.send_json({"op": number, "d": data}))

    def code(self) -> int | None:
        """Waits until the connection closes; returns the code."""
        self.event("nothing")
        return self._socket.close_code

    def event(self, name: str) -> Json | None:
        """Waits for the next event of that name; None if the connection ends first."""
        return self._runner.run(asyncio.wait_for(self._event(name), 5))

    async def _event(self, name: str) -> Json | None:
        async for message in self._socket:
            told = json.loads(message.data)
            if told["t"] == name:
                return dict(told["d"])
        return None

    # ------------------------------------------------------------------ the test's hands

    def do(self, verb: str, **body: Any) -> Any:
        """A verb of the control API."""
        return self._runner.run(self._control("POST", verb, body))

    def see(self, view: str) -> Any:
        """A view of the control API."""
        return self._runner.run(self._control("GET", view, None))

    async def _control(self, method: str, name: str, body: object) -> Any:
        url = f"{self.at['DISCORD_CONTROL']}/{name}"
        async with self._http.request(method, url, json=body) as answer:
            content = await answer.json()
            assert answer.status == 200, content
            return content

    def slash(self, **how: Any) -> Json:
        """A person's slash command, as the bot receives it."""
        self.do("slash", command="say", wait=0, **how)
        return self.event("INTERACTION_CREATE") or {}

    def number(self, channel: str) -> str:
        """The number of a channel."""
        return str(self.see("state")["channels"][channel])

    def blamed(self) -> list[tuple[int, int]]:
        """Status and code of everything that the bot is blamed for."""
        noted = self.see("problems")
        return [(it["status"], it["code"]) for it in noted if it["kind"] == "refused"]


def refused(bot: Client, answer: Json, status: int, code: int) -> bool:
    """Whether it was refused so, and noted once."""
    return (answer["status"], answer["code"]) == (status, code) and bot.blamed() == [(status, code)]


def row(*widgets: Json) -> Json:
    return {"components": [{"type": 1, "components": widgets}]}


def reactions_of(message: Json, emoji: str = "👍") -> str:
    return f"/channels/{message['channel_id']}/messages/{message['id']}/reactions/{emoji}/@me"
