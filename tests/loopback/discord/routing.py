"""Tables of routes: which call is answered by what, and how often it may be made."""

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
    """A call of the bot, taken apart."""

    discord: Discord
    ids: Mapping[str, str]  # from the path, by name
    body: Any
    files: Mapping[int, Upload]
    query: Mapping[str, str]

    @property
    def fields(self) -> Json:
        """The body where it is an object."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True)
class Route:
    """One route.  ``limit`` is how many calls a number of seconds allows."""

    method: str
    template: str
    handler: Callable[[Call], Answer]
    limit: tuple[int, float]
    by_token: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Its path, with the parts named."""
        return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.template))


class Routes(list[Route]):
    """Some routes; ``add`` puts the function below it among them."""

    def add(
        self,
        method: str,
        template: str,
        limit: tuple[int, float] = (50, 1.0),
        by_token: bool = True,
    ) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
        """For use as a decorator."""

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
