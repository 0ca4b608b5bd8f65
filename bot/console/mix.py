"""``/mix`` in the console: lists that go by several sounds, and gathering them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.chat.mixing import count_lines, sound_lines
from bot.chat.plain import plain
from bot.chat.several import Part, sounds_in
from bot.console.mixed import left_out, show_mix
from bot.console.options import understood
from bot.console.path import end_of, is_number
from bot.console.session import Session, unmarked
from bot.console.typed import OPTIONS, path_of, stands_alone
from bot.console.wishes import as_set
from bot.core.mixes import Gathered
from bot.core.service import unwatched
from bot.types import Answer, PathEnd, Refusal
from soundmap.cli.options import filters_of
from soundmap.cli.screen import Screen
from soundmap.files import is_there
from soundmap.recommendation.request import Request

WORDS = ("add", "show", "clear")
_MOST_WORDS = 12  # in the name of a file
_WITHOUT = re.compile(r"\s--without\s")
_NAMED = re.compile(r"#\d+|.+\.\w{2,5}")
"""The number of a track, or what looks like the name of a file."""


async def mix(session: Session, text: str) -> None:
    """``/mix SOUND SOUND without SOUND``, or ``/mix`` alone for what ``/mix add`` gathered;
    ``/mix show`` and ``/mix clear``.  ``make`` may be said, as in Discord.
    """
    verb, _, rest = text.partition(" ")
    who, mixes = (session.person, session.place), session.service.mixes
    if verb.casefold() == "add":
        _show_gathered(session, await _added(session, rest))
    elif text.casefold() == "show":
        _show_gathered(session, await mixes.shown(*who))
    elif text.casefold() == "clear":
        gone = await mixes.clear(*who)
        if isinstance(gone, Refusal):
            _refuse(session, gone)
        else:
            session.say("mix_cleared")
    else:
        await _make(session, rest if verb.casefold() == "make" else text)


async def _make(session: Session, text: str) -> None:
    named, *wishes = OPTIONS.split(_WITHOUT.sub(" without ", f" {text}"), maxsplit=1)
    try:
        arguments = shlex.split(" ".join(wishes))
    except ValueError:
        arguments = wishes
    if (options := understood(session, "mix", arguments)) is None:
        return
    request = Request(options.count, catalog=options.catalog, **filters_of(options))
    near, away = _sounds(session, named.strip(), options.seeds)
    found = await _found(session, near, [*away, *options.without], request)
    if isinstance(found, Refusal):
        _refuse(session, found, options.json)
    else:
        show_mix(session, found, options.json, options.credits)


async def _found(
    session: Session, near: Sequence[str], away: Sequence[str], request: Request
) -> Answer | Refusal:
    ends: list[list[PathEnd]] = []
    for names in (near, away):
        given = _ends(session, names)
        if isinstance(given, Refusal):
            return given
        ends.append(given)
    request = await as_set(session, _of_last(session, (*near, *away), request))
    who, (go_by, stay_away) = (session.person, session.place), ends
    return await session.service.mixes.of(*who, go_by, stay_away, request, unwatched)


async def _added(session: Session, text: str) -> Gathered | Refusal:
    named, *wishes = OPTIONS.split(f" {text}", maxsplit=1)
    near, away = _sounds(session, named.strip())
    if wishes or away:
        return Refusal("mix_adds_sounds")
    ends = _ends(session, near)
    if isinstance(ends, Refusal):
        return ends
    request = await as_set(session, _of_last(session, near, Request()))
    who, catalog = (session.person, session.place), request.catalog
    return await session.service.mixes.add(*who, ends, unwatched, catalog=catalog)


def _of_last(session: Session, names: Sequence[str], request: Request) -> Request:
    """The request, of the last list's catalog if its numbers are used."""
    by_number = session.picks and any(map(is_number, names))
    return replace(request, catalog=request.catalog or session.catalog) if by_number else request


def _ends(session: Session, names: Sequence[str]) -> list[PathEnd] | Refusal:
    ends: list[PathEnd] = []
    for name in names:
        end = end_of(session, name)
        if isinstance(end, Refusal):
            return end
        ends.append(end)
    return ends


def _sounds(session: Session, text: str, more: Sequence[str] = ()) -> tuple[list[str], list[str]]:
    """The sounds in a text and ``more`` words, and those behind ``without``; names with spaces may
    be in quotes.
    """
    if text and is_there(path_of(text)) and not more:
        return [text], []
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    return sounds_in([_part(session, word) for word in _with_files([*words, *more])])


def _with_files(words: Sequence[str]) -> Iterator[str]:
    """The words, those together that are the name of a file with spaces."""
    at = 0
    while at < len(words):
        ends = range(min(len(words), at + _MOST_WORDS), at + 1, -1)
        end = next((it for it in ends if is_there(" ".join(words[at:it]).rstrip(",;"))), at + 1)
        yield " ".join(words[at:end])
        at = end


def _part(session: Session, word: str) -> Part:
    bare = word.rstrip(",;")
    is_pick = is_number(bare) and 0 < int(bare[:9]) <= len(session.picks)
    return word, " " in word or is_pick or stands_alone(bare) or bool(_NAMED.fullmatch(bare))


def _show_gathered(session: Session, found: Gathered | Refusal) -> None:
    if isinstance(found, Refusal):
        _refuse(session, found)
        return
    language = session.language
    lines = [
        *count_lines(found, language),
        *left_out(session, found.left_out),
        *map(unmarked, sound_lines(found.sounds, language, plain)),
        session.said("mix_lasts"),
    ]
    for line in lines:
        Screen().tell(line)


def _refuse(session: Session, refusal: Refusal, as_json: bool = False) -> None:
    """Says why there is no answer, and if several sounds were refused, why each was."""
    session.refuse(refusal, as_json)
    if not as_json:
        for line in left_out(session, refusal.left_out):
            Screen(stderr=True).tell(line)
