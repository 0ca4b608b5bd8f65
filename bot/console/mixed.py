"""The list of a mix as the console prints it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.chat.mixing import mix_title, sound_lines
from bot.chat.plain import plain
from bot.console.session import Session, unmarked
from bot.core.mixing import LETTERS, parted
from bot.types import Answer, LeftOut, MixSound
from soundmap.cli.common import error_facts
from soundmap.cli.screen import Screen
from soundmap.cli.show import notes_json, pick_json, show_below, show_notes, show_pick
from soundmap.map.page import Sound
from soundmap.types import Pick, Recommendation
from soundmap.wording.credits import license_notes


def show_mix(
    session: Session, answer: Answer, as_json: bool = False, with_credits: bool = False
) -> None:
    """Prints the list of a mix, and remembers it for what is said next and for the map."""
    session.remember(answer, mix_title(answer, session.language))
    near, _ = parted(answer.sounds)
    picks = answer.recommendation.picks
    session.sounds = tuple(
        Sound(it.name or letter, Recommendation(it.analysis, _of_letter(session, picks, letter)))
        for letter, it in zip(LETTERS, near, strict=False)
    )
    if as_json:
        print(json.dumps(_document(session, answer)))
        return
    screen = Screen()
    screen.say(f"[bold]{mix_title(answer, session.language)}[/]")
    named = sound_lines(answer.sounds, session.language, plain)
    for line in (*map(unmarked, named), *left_out(session, answer.left_out)):
        screen.tell(line)
    show_notes(answer.recommendation.notes, screen)
    for pick in picks:
        show_pick(pick, screen)
    show_below(picks, screen, with_credits)


def _of_letter(session: Session, picks: Sequence[Pick], letter: str) -> tuple[Pick, ...]:
    """The picks nearest to a sound, if they are on the map."""
    mine = [it for it in picks if it.reasons[0].facts["letter"] == letter]
    return () if session.catalog else tuple(mine)


def _document(session: Session, answer: Answer) -> dict[str, object]:
    """The list of a mix as the JSON document of ``soundmap mix``, with what was left out."""
    near, away = parted(answer.sounds)
    found = answer.recommendation
    return {
        "bundle": found.analysis.bundle_id,
        "seeds": list(map(_sound_json, near)),
        "without": list(map(_sound_json, away)),
        "left_out": [
            {"source": name, **error_facts(why.code, session.sentence(why.code, **why.facts))}
            for name, why in answer.left_out
        ],
        "notes": notes_json((*found.notes, *license_notes(found.picks))),
        "picks": [
            {**pick_json(it), "seed": LETTERS.index(str(it.reasons[0].facts["letter"]))}
            for it in found.picks
        ],
    }


def _sound_json(sound: MixSound) -> dict[str, object]:
    track = {} if sound.track_id is None else {"track_id": sound.track_id}
    (genre, share), *_ = sound.analysis.genres
    return {"name": sound.name, **track, "genre": genre, "probability": share}


def left_out(session: Session, sounds: Sequence[LeftOut]) -> list[str]:
    """A line for each sound that could not be heard, in the console's words."""
    return [
        session.said("left_out", name=name, reason=session.sentence(why.code, **why.facts))
        for name, why in sounds
    ]
