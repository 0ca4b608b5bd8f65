"""Beliefs about a person's taste in words, and removing them."""

from __future__ import annotations

from collections.abc import Collection

from bot.chat.phrases import MAX_NAME, Neutral
from bot.chat.plain import named
from bot.core.service import Service
from bot.types import Believed, Refusal
from bot.wording import say
from soundmap.taste.beliefs import Belief
from soundmap.taste.taste import ROCCHIO_FROM

SHOWN, OFFERED = 8, 25


def belief_lines(believed: Believed, language: str) -> list[str]:
    """Lines on the number of votes, and on tempo and brightness if known."""
    known, lines = believed.beliefs, [_state(believed, language)]
    if known.tempo_bpm:
        lines.append(say("taste_tempo", language, bpm=known.tempo_bpm.value))
    if known.brightness_hz:
        middle = known.brightness_hz
        where = say("taste_bright", language, share=middle.rank)
        lines.append(say("taste_brightness", language, hz=middle.value, where=where))
    return lines


def belief_label(belief: Belief, most: int) -> str:
    """The label of a belief in a menu, at most ``most`` letters."""
    sign = "+" if belief.weight > 0 else "−"
    return f"{sign} {named(belief.name, most - 2)}"


def belief_value(belief: Belief) -> str:
    """The value of a belief in a menu."""
    return f"{belief.kind}:{belief.name}"[:100]


async def deny(service: Service, person: str, chosen: Collection[str]) -> list[str] | Refusal:
    """Removes the beliefs with the ``chosen`` values; returns their names."""
    believed = await service.person.beliefs(person)
    if isinstance(believed, Refusal):
        return believed
    names = []
    for belief in believed.beliefs.beliefs:
        if belief_value(belief) in chosen:
            refused = await service.person.deny(person, belief.kind, belief.name)
            if isinstance(refused, Refusal):
                return refused
            names.append(belief.name)
    return names


def denied_text(names: list[str], language: str, neutral: Neutral) -> str:
    """Says which beliefs were removed."""
    shown = ", ".join(neutral(name, MAX_NAME) or "?" for name in names)
    return say("taste_denied", language, names=shown or "–")


def picture_names(believed: Believed, language: str) -> str:
    """Alternative text for the picture of a taste."""
    names = ", ".join(named(it.name, MAX_NAME) for it in believed.beliefs.beliefs[:SHOWN])
    return say("taste_alt", language, names=names)


def _state(believed: Believed, language: str) -> str:
    if not believed.is_on:
        return say("taste_off", language)
    if not believed.n_votes:
        return say("taste_none", language)
    code = "taste_few" if believed.n_votes < ROCCHIO_FROM else "taste_many"
    facts = {"signals": believed.n_votes, "least": f"{ROCCHIO_FROM:g}"}
    return say(code, language, **facts)
