"""Route tables: the handler and rate limit for each call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.loopback.discord.model import Json, Upload
from tests.loopback.discord.state import Discord

Answer = tuple[int, Any]
NOTHING: Answer = (204, None)


@dataclass(frozen=True)
class Call:
    """A parsed call of the bot."""

    discord: Discord
    ids: Mapping[str, str]  # from the path, by name
    body: Any
    files: Mapping[int, Upload]
    query: Mapping[str, str]

    @property
    def fields(self) -> Json:
        """The body if it is an object, otherwise empty."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True)
class Route:
    """One route; ``limit`` is (number of calls, seconds)."""

    method: str
    template: str
    handler: Callable[[Call], Answer]
    limit: tuple[int, float]
    by_token: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The path as a pattern with named groups."""
        return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.template))


class Routes(list[Route]):
    """A list of routes; ``add`` registers a handler."""

    def add(
        self,
        method: str,
        template: str,
        limit: tuple[int, float] = (50, 1.0),
        by_token: bool = True,
    ) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
        """A decorator that registers a handler."""

        def keep(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
            self.append(Route(method, template, handler, limit, by_token))
            return handler

        return keep


def find(
    table: Iterable[Route], method: str, path: str
) -> tuple[Route | None, dict[str, str], bool]:
    """The route of a call with its ids, and whether the path is known with another method."""
    known = False
    for route in table:
        if match := route.pattern.fullmatch(path):
            known = True
            if route.method == method:
                return route, match.groupdict(), True
    return None, {}, known
