"""The REST API: logs every call, applies faults, checks, rate-limits, executes and answers."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import BodyPartReader, web

from tests.loopback.discord import answering, channels, following, identity, reactions
from tests.loopback.discord.faults import Faults, reply, suffer
from tests.loopback.discord.model import Json, Upload
from tests.loopback.discord.rates import Rates
from tests.loopback.discord.refusals import Refused
from tests.loopback.discord.routing import Answer, Call, Route, find
from tests.loopback.discord.state import Discord

TABLE: list[Route] = [
    route
    for module in (identity, channels, reactions, answering, following)
    for route in module.ROUTES
]
_BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError)


class Rest:
    """The API below ``/api/v10`` and the files."""

    def __init__(self, discord: Discord, faults: Faults) -> None:
        self._discord, self._faults = discord, faults
        self._rates = Rates(discord.settings)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        path = re.sub(r"^/api(/v\d+)?", "", request.path)
        note = self._note(request, path)
        try:
            body, files = await _read(request)
            note |= {"body": body, "files": _summed(files)}
            if fault := self._faults.due(request.method, path):
                note["fault"] = asdict(fault)
                return await suffer(fault, request)
            status, out, headers = self._carry_out(request, path, body, files)
        except Refused as refused:
            self._blame(refused, request.method, path)
            status, out, headers = refused.status, refused.body, refused.headers
            note["error"] = out
        note["status"] = status
        return reply(status, out, headers)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file that was sent, to whoever has its address."""
        note = self._note(request, request.path)
        if fault := self._faults.due("GET", request.path):
            note["fault"] = asdict(fault)
            return await suffer(fault, request)
        number = request.match_info["number"]
        file = self._discord.files.found(number, request.path, request.query)
        if file is None:
            return web.Response(status=404, text="This content is no longer available.")
        headers = {"Content-Type": file.content_type or "application/octet-stream"}
        return web.Response(body=file.data, headers=headers)

    def _note(self, request: web.Request, path: str) -> Json:
        note: Json = {"n": len(self._discord.requests), "t": time.time(), "path": path}
        note |= {"method": request.method, "query": dict(request.query)}
        self._discord.requests.append(note)
        return note

    def _carry_out(
        self, request: web.Request, path: str, body: Any, files: Mapping[int, Upload]
    ) -> tuple[int, Any, Mapping[str, str]]:
        route, ids, known = find(TABLE, request.method, path)
        if route is None:
            raise self._no_route(request.method, path, known)
        if route.by_token:
            self._check_client(request.headers)
        headers = self._rates.take(route, ids)
        call = Call(self._discord, ids, body, files, request.query)
        try:
            status, out = self._handled(route, call, path)
        except Refused as refused:
            refused.headers = headers | refused.headers
            raise
        return status, out, headers

    def _handled(self, route: Route, call: Call, path: str) -> Answer:
        """What a route answers; a body that it cannot read is a mistake of the loopback too."""
        try:
            return route.handler(call)
        except _BROKEN as error:
            self._discord.problem("broken", method=route.method, path=path, error=repr(error))
            raise Refused(500, 0, f"500: {error!r}", blameless=True) from error

    def _check_client(self, headers: Mapping[str, str]) -> None:
        """Whose token it is, and whether the client says what it is as Discord wants it."""
        if headers.get("Authorization") != f"Bot {self._discord.settings.token}":
            raise Refused(401, 0, "401: Unauthorized")
        if not headers.get("User-Agent", "").startswith("DiscordBot ("):
            self._discord.problem("user agent", got=headers.get("User-Agent"))

    def _no_route(self, method: str, path: str, known: bool) -> Refused:
        self._discord.problem("route", method=method, path=path)
        status, said = (405, "Method Not Allowed") if known else (404, "Not Found")
        return Refused(status, 0, f"{status}: {said}", blameless=True)  # it is noted already

    def _blame(self, refused: Refused, method: str, path: str) -> None:
        if refused.blameless:
            return
        kind = "rate limit hit" if refused.status == 429 else "refused"
        what: Json = {"status": refused.status, **refused.body}
        self._discord.problem(kind, method=method, path=path, **what)


async def _read(request: web.Request) -> tuple[Any, dict[int, Upload]]:
    """The body of a call and the files that came with it."""
    if request.content_type == "multipart/form-data":
        return await _read_parts(request)
    raw = await request.read()
    if not raw:
        return None, {}
    return _parsed(raw if request.content_type == "application/json" else b""), {}


async def _read_parts(request: web.Request) -> tuple[Any, dict[int, Upload]]:
    body: Any = {}
    files: dict[int, Upload] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data = bytes(await part.read())
        if part.name == "payload_json":
            body = _parsed(data)
        elif match := re.fullmatch(r"files\[(\d+)\]", part.name or ""):
            files[int(match[1])] = Upload(part.filename or "file", data)
    return body, files


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise Refused(400, 50109, "The request body contains invalid JSON.") from error


def _summed(files: Mapping[int, Upload]) -> list[Json]:
    return [
        {"n": n, "filename": file.filename, "sha256": hashlib.sha256(file.data).hexdigest()}
        for n, file in files.items()
    ]
