"""Sounds and lists of tracks, at the console."""

from __future__ import annotations

import os
import re
from argparse import Namespace
from collections.abc import Collection
from pathlib import Path

from bot.console.mixed import show_mix
from bot.console.options import understood
from bot.console.session import Session
from bot.console.typed import arguments_of, source_of, sources_in
from bot.console.why import why_text
from bot.console.wishes import as_set
from bot.types import Answer, Heard, Refusal
from soundmap.cli.recommend import request_of
from soundmap.cli.screen import Screen
from soundmap.files import is_there
from soundmap.map.page import Sound
from soundmap.wording.guessing import meant

_ADDRESS = re.compile(r"([^\s/]+\.[a-z]{2,})/\S+", re.IGNORECASE)
"""What a browser shows of an address, which leaves out how it begins."""


async def recommend(session: Session, text: str) -> None:
    """``/recommend``, with sounds or, by taste, without."""
    if options := understood(session, "recommend", arguments_of(text)):
        if options.sources:
            await _listen(session, options)
        elif options.start is not None or options.windows:  # of what?
            session.refuse(Refusal("no_source"), options.json)
        else:
            request = await as_set(session, request_of(options))
            found = await session.service.from_taste(session.person, request)
            session.show(found, options.json, with_credits=options.credits)


async def genre(session: Session, text: str) -> None:
    """``/genre``."""
    if options := understood(session, "genre", arguments_of(text)):
        if options.sources:
            await _listen(session, options)
        else:
            session.refuse(Refusal("no_source"), options.json)


async def listen(session: Session, text: str, commands: Collection[str]) -> None:
    """A line that is no command: sounds, or a word that one of the ``commands`` was meant by."""
    if options := understood(session, "recommend", ["--", *sources_in(text)]):
        await _listen(session, options, commands)


async def _listen(session: Session, options: Namespace, commands: Collection[str] = ()) -> None:
    """Answers each source; the map shows all of them then."""
    several, marked = len(options.sources) > 1, session.sounds
    heard: list[Sound] = []
    for named in options.sources:
        result = await _answer(session, options, named)
        if isinstance(result, Refusal) and result.code == "missing_file":
            near = "" if _is_like_a_path(named) else meant(f"/{named.split()[0]}", commands)
            if (host := _ADDRESS.fullmatch(named)) and not is_there(host[1]):
                near = f"https://{named}"
            result = Refusal(result.code, {**result.facts, "meant": near})
        about, credited = named if several else "", getattr(options, "credits", False)
        session.show(result, options.json, Path(named).name, about, credited)
        heard += session.sounds if isinstance(result, Answer) else ()
    session.sounds = tuple(heard) or marked


async def _answer(session: Session, options: Namespace, named: str) -> Answer | Heard | Refusal:
    source = source_of(options, named)
    if options.command == "genre":
        return await session.service.genre(session.person, source)
    request = await as_set(session, request_of(options))
    return await session.service.recommend(session.person, source, request)


def _is_like_a_path(named: str) -> bool:
    return not named.strip() or os.sep in named or "." in named


async def more(session: Session, rank: str) -> None:
    """``/more N``."""
    if number := session.rank("/more", rank):
        asked = session.person, session.list_id, number
        session.show(await session.service.more_like(*asked))


async def another(session: Session, _: str) -> None:
    """``/another``."""
    if session.has_list():
        found = await session.service.another(session.person, session.list_id)
        if isinstance(found, Answer) and found.sounds:
            show_mix(session, found)
        else:
            session.show(found)


async def why(session: Session, rank: str) -> None:
    """``/why [N]``."""
    number = session.rank("/why", rank) if rank else 0
    if number or (not rank and session.has_list()):
        found = await session.service.why(session.list_id)
        if isinstance(found, Refusal):
            session.refuse(found)
        else:
            Screen().tell(why_text(found, session.language, number))
