"""``/mix`` in the console: lists that go by several sounds, and gathering them."""

from __future__ import annotations

import json
import re
import shlex
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace

from bot.chat.mixing import count_lines, mix_title, sound_lines
from bot.chat.plain import plain
from bot.chat.several import Part, sounds_in
from bot.console.path import end_of, is_number
from bot.console.session import Session, unmarked
from bot.console.sounds import understood
from bot.console.typed import OPTIONS, path_of, stands_alone
from bot.console.wishes import as_set
from bot.core.mixes import Gathered
from bot.core.mixing import LETTERS, parted
from bot.core.service import unwatched
from bot.types import Answer, LeftOut, PathEnd, Refusal
from soundmap.cli.common import error_facts
from soundmap.cli.recommend import request_of
from soundmap.cli.screen import Screen
from soundmap.cli.show import notes_json, pick_json, show_below, show_notes, show_pick
from soundmap.files import is_there
from soundmap.map.page import Sound
from soundmap.recommendation.request import Request
from soundmap.types import Pick, Recommendation
from soundmap.wording.credits import license_notes

WORDS = ("add", "show", "clear")
_NAMED = re.compile(r"#\d+|.+\.\w{2,5}")
"""The number of a track, or what looks like the name of a file."""


async def mix(session: Session, text: str) -> None:
    """``/mix SOUND SOUND without SOUND``, or ``/mix`` alone for what ``/mix add`` gathered;
    ``/mix show`` and ``/mix clear``.
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
        await _make(session, text)


async def _make(session: Session, text: str) -> None:
    named, *wishes = OPTIONS.split(f" {text}".replace(" --without ", " without "), maxsplit=1)
    try:
        arguments = shlex.split(" ".join(wishes))
    except ValueError:
        arguments = wishes
    if (options := understood(session, "recommend", arguments)) is None:
        return
    found = await _found(session, *_sounds(session, named.strip()), request_of(options))
    if isinstance(found, Refusal):
        _refuse(session, found, options.json)
    else:
        _show(session, found, options)


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
    near, _ = _sounds(session, text.strip())
    ends = _ends(session, near)
    if isinstance(ends, Refusal):
        return ends
    request = await as_set(session, _of_last(session, near, Request()))
    who, catalog = (session.person, session.place), request.catalog
    return await session.service.mixes.add(*who, ends, unwatched, catalog=catalog)


def _of_last(session: Session, names: Sequence[str], request: Request) -> Request:
    """The request, of the last list's catalog if its numbers are used."""
    by_number = session.list_id and any(map(is_number, names))
    return replace(request, catalog=request.catalog or session.catalog) if by_number else request


def _ends(session: Session, names: Sequence[str]) -> list[PathEnd] | Refusal:
    ends: list[PathEnd] = []
    for name in names:
        end = end_of(session, name)
        if isinstance(end, Refusal):
            return end
        ends.append(end)
    return ends


def _sounds(session: Session, text: str) -> tuple[list[str], list[str]]:
    """The sounds in a text, and those behind ``without``; names with spaces may be in quotes."""
    if text and is_there(path_of(text)):
        return [text], []
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    return sounds_in([_part(session, word) for word in words])


def _part(session: Session, word: str) -> Part:
    bare = word.rstrip(",;")
    is_pick = is_number(bare) and 0 < int(bare[:9]) <= len(session.picks)
    return word, " " in word or is_pick or stands_alone(bare) or bool(_NAMED.fullmatch(bare))


def _show(session: Session, answer: Answer, options: Namespace) -> None:
    """Prints the list of a mix, and remembers it for what is said next and for the map."""
    session.remember(answer, mix_title(answer, session.language))
    near, _ = parted(answer.sounds)
    picks = answer.recommendation.picks
    session.sounds = tuple(
        Sound(it.name or letter, Recommendation(it.analysis, _of_letter(session, picks, letter)))
        for letter, it in zip(LETTERS, near, strict=False)
    )
    if options.json:
        print(json.dumps(_document(session, answer)))
        return
    screen = Screen()
    screen.say(f"[bold]{mix_title(answer, session.language)}[/]")
    for line in (*_lines(session, answer), *_left_out(session, answer.left_out)):
        screen.tell(line)
    show_notes(answer.recommendation.notes, screen)
    for pick in picks:
        show_pick(pick, screen)
    show_below(picks, screen, options.credits)


def _of_letter(session: Session, picks: Sequence[Pick], letter: str) -> tuple[Pick, ...]:
    """The picks nearest to a sound, if they are on the map."""
    mine = [it for it in picks if it.reasons[0].facts["letter"] == letter]
    return () if session.catalog else tuple(mine)


def _document(session: Session, answer: Answer) -> dict[str, object]:
    """The list of a mix as a JSON document; each pick's reasons begin with its sound."""
    near, away = parted(answer.sounds)
    found = answer.recommendation
    return {
        "bundle": found.analysis.bundle_id,
        "sounds": {letter: it.name for letter, it in zip(LETTERS, near, strict=False)},
        "without": [it.name for it in away],
        "left_out": [
            {"source": name, **error_facts(why.code, session.sentence(why.code, **why.facts))}
            for name, why in answer.left_out
        ],
        "notes": notes_json((*found.notes, *license_notes(found.picks))),
        "picks": [pick_json(pick) for pick in found.picks],
    }


def _lines(session: Session, answer: Answer) -> list[str]:
    return [unmarked(it) for it in sound_lines(answer.sounds, session.language, plain)]


def _left_out(session: Session, left_out: Sequence[LeftOut]) -> list[str]:
    """A line for each sound that could not be heard, in the console's words."""
    return [
        session.said("left_out", name=name, reason=session.sentence(why.code, **why.facts))
        for name, why in left_out
    ]


def _show_gathered(session: Session, found: Gathered | Refusal) -> None:
    if isinstance(found, Refusal):
        _refuse(session, found)
        return
    language = session.language
    lines = [
        *count_lines(found, language),
        *_left_out(session, found.left_out),
        *map(unmarked, sound_lines(found.sounds, language, plain)),
        session.said("mix_lasts"),
    ]
    for line in lines:
        Screen().tell(line)


def _refuse(session: Session, refusal: Refusal, as_json: bool = False) -> None:
    """Says why there is no answer, and if several sounds were refused, why each was."""
    session.refuse(refusal, as_json)
    if not as_json:
        for line in _left_out(session, refusal.left_out):
            Screen(stderr=True).tell(line)
