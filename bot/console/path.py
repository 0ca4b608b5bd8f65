"""``/path`` in the console, with the options and output of ``soundmap path``."""

from __future__ import annotations

import json
import re
import shlex
from argparse import Namespace
from pathlib import Path

from bot.console.typed import OPTIONS
from bot.core.service import Service, unwatched
from bot.types import Link, LocalFile, Named, PathAnswer, PathEnd, Refusal
from soundmap.cli.options import filters_of
from soundmap.cli.path import path_json, show_path
from soundmap.files import is_there
from soundmap.links.text import link_of
from soundmap.recommendation.request import Request

_ARROW = re.compile(r"\s+(?:->|→|=>)\s+")


def path_arguments(text: str) -> list[str]:
    """Arguments for ``soundmap path``; around an arrow, names need no quotes."""
    named, *options = OPTIONS.split(text, maxsplit=1)
    ends = _ARROW.split(named)
    try:
        if len(ends) == 2:
            ends = [end.strip().strip("'\"") for end in ends]
            return [*shlex.split(" ".join(options)), "--", *ends]
        return shlex.split(text)
    except ValueError:
        return ["--", text]


def path_request(options: Namespace) -> Request:
    """The request for the tracks in between."""
    return Request(count=options.count, catalog=options.catalog, **filters_of(options))


async def walk(
    service: Service, person: str, options: Namespace, request: Request
) -> PathAnswer | Refusal:
    """Asks the service for a path."""
    if len(options.ends) != 2:
        return Refusal("path_asks")
    ends = _end(options.ends[0]), _end(options.ends[1])
    return await service.charts.path(person, ends, request, unwatched)


def show_walk(found: PathAnswer, options: Namespace) -> None:
    """Prints a path."""
    if options.json:
        print(json.dumps(path_json(found.path, found.names)))
    else:
        show_path(found.path, found.names, options.credits)


def _end(text: str) -> PathEnd:
    if link := link_of(text):
        return Link(link)
    path = Path(text).expanduser() if text.startswith("~/") else Path(text)
    return LocalFile(path) if is_there(path) else Named(text)
