"""Faults on the way to Discord and back, as the test orders them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.loopback.discord.model import Json
from tests.loopback.discord.rates import too_many
from tests.loopback.discord.refusals import Impossible

RESET, HANG = "reset", "hang"


@dataclass
class Fault:
    """One fault: an HTTP ``status``, or a ``kind``: a reset, or silence for ``seconds``."""

    status: int = 0
    kind: str = ""
    method: str = ""  # of the calls it affects; empty for all
    path: str = ""  # a pattern to search for in their paths
    count: int = 1
    seconds: float = 600.0
    retry_after: float = 0.5
    scope: str = "user"
    page: bool = False  # as what stands before Discord answers, with a page of HTML

    def meets(self, method: str, path: str) -> bool:
        """Whether this fault affects a call."""
        return self.method in ("", method) and bool(re.search(self.path, path)) and self.count > 0


class Faults:
    """The faults still to come."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def add(self, body: Json) -> None:
        """Adds a fault."""
        fault = Fault(**body)
        if not fault.status and fault.kind not in (RESET, HANG):
            raise Impossible("a fault needs a status, or the kind reset or hang")
        self._coming.append(fault)

    def clear(self) -> None:
        """Removes all faults."""
        self._coming.clear()

    def due(self, method: str, path: str) -> Fault | None:
        """The first fault that affects a call, if any; uses it up once."""
        for fault in self._coming:
            if fault.meets(method, path):
                fault.count -= 1
                return fault
        return None


async def suffer(fault: Fault, request: web.Request) -> web.Response:
    """The answer to a call affected by a fault."""
    if fault.kind == RESET and request.transport:
        request.transport.abort()
    elif fault.kind == HANG:
        await asyncio.sleep(fault.seconds)
    if fault.page:
        text = "<!doctype html>\n<html>\n<body>Error 1015: you are rate limited</body>\n</html>\n"
        return web.Response(status=fault.status, text=text * 20, content_type="text/html")
    if fault.status == 429:
        refused = too_many(fault.retry_after, fault.scope)
        return reply(429, refused.body, refused.headers)
    status = fault.status or 500
    return reply(status, {"message": f"{status}: as the test wants it", "code": 0})


def reply(status: int, body: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON with exactly the content type that discord.py expects; no body for 204."""
    if status == 204:
        return web.Response(status=204, headers=headers)
    told = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(status=status, body=json.dumps(body).encode(), headers=told)
