"""``/path`` in the console, with the options and output of ``soundmap path``."""

from __future__ import annotations

import json
import re
import shlex
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from bot.chat.messages import ARROW
from bot.console.options import understood
from bot.console.session import Session
from bot.console.typed import OPTIONS, path_of
from bot.console.wishes import as_set
from bot.core.service import unwatched
from bot.types import Link, LocalFile, Named, PathAnswer, PathEnd, Refusal
from soundmap.cli.options import filters_of
from soundmap.cli.path import path_json, show_path
from soundmap.files import is_there
from soundmap.links.text import link_of
from soundmap.map.page import Sound
from soundmap.playlists.picks import playlist_of
from soundmap.recommendation.request import Request
from soundmap.types import Recommendation

_ARROW = re.compile(rf"(?:^|\s+){ARROW}(?:\s+|$)")
_NUMBERS = re.compile(rf"(#?\d+)\s*{ARROW}\s*(#?\d+)")


def path_arguments(text: str) -> list[str]:
    """Arguments for ``soundmap path``; around an arrow, names need no quotes."""
    named, *options = OPTIONS.split(text, maxsplit=1)
    numbers = _NUMBERS.fullmatch(named.strip())
    ends = [*numbers.groups()] if numbers else _ARROW.split(named)
    try:
        if len(ends) > 1:  # some may be empty
            ends = [end.strip().strip("'\"") for end in ends if end.strip()]
            return [*shlex.split(" ".join(options)), "--", *ends]
        return shlex.split(text)
    except ValueError:
        return ["--", text]


async def path(session: Session, text: str) -> None:
    """``/path FROM -> TO``, which ``/map`` then draws; numbers are those of the last list."""
    options = understood(session, "path", path_arguments(text))
    if options is None:
        return
    ends = [end_of(session, end) for end in options.ends]
    refused = next((end for end in ends if isinstance(end, Refusal)), None)
    if refused or len(ends) != 2:
        session.refuse(refused or Refusal("path_asks"), options.json)
        return
    start, end = (it for it in ends if not isinstance(it, Refusal))
    request = await as_set(session, _request(session, options))
    found = await session.service.charts.path(session.person, (start, end), request, unwatched)
    if isinstance(found, Refusal):
        session.refuse(found, options.json)
    else:
        _show(session, found, options)


def _request(session: Session, options: Namespace) -> Request:
    """The request for the tracks in between; of the last list's catalog if its numbers are used."""
    request = Request(count=options.count, catalog=options.catalog, **filters_of(options))
    by_number = any(map(is_number, options.ends)) and session.picks
    return replace(request, catalog=request.catalog or session.catalog) if by_number else request


def _show(session: Session, found: PathAnswer, options: Namespace) -> None:
    """Prints a path and remembers it for the map and ``/save``."""
    picks = () if found.catalog else found.path.picks
    way = Recommendation(found.path.start.analysis, picks)
    name = " → ".join(found.names)
    session.sounds, session.playlist = (Sound(name, way),), playlist_of(found.path.picks, name)
    if options.json:
        print(json.dumps(path_json(found.path, found.names)))
    else:
        show_path(found.path, found.names, options.credits)


def end_of(session: Session, text: str) -> PathEnd | Refusal:
    """A sound: a link, a file, a number of the last list, or else a track by name."""
    if link := link_of(text):
        return Link(link)
    if is_there(place := path_of(text)):
        return LocalFile(Path(place))
    if not (session.picks and is_number(text)):
        return Named(text)
    rank = int(text[:9])
    if not 0 < rank <= len(session.picks):
        return Refusal("no_number", {"rank": rank})
    return Named(f"#{session.picks[rank - 1].track.track_id}")


def is_number(text: str) -> bool:
    """Whether a text is a number, which may be that of a pick of the last list."""
    return text.isascii() and text.isdecimal()
