"""Mixes in words, the same in every chat."""

from __future__ import annotations

from bot.chat.phrases import MAX_NAME, Neutral, left_out_lines, traits_phrase
from bot.core.mixes import Gathered
from bot.core.mixing import LETTERS, MOST_SOUNDS, Sounds, parted
from bot.types import Answer, MixSound
from bot.wording import say
from soundmap.wording import heard_sentence

MIX_ID, CLEAR_ID = "sm:mix", "sm:unmix"
ADD_ID = r"sm:mixin:(\d+)"
"""Of the menu *Add to mix* below a list."""


def add_id(list_id: int) -> str:
    """The id of that menu below one list."""
    return f"sm:mixin:{list_id}"


def mix_title(answer: Answer, language: str) -> str:
    """What a list of a mix goes by, in a few words."""
    near, _ = parted(answer.sounds)
    return say("mix_of_one" if len(near) == 1 else "mix_title", language, count=len(near))


def mix_lines(answer: Answer, language: str, neutral: Neutral) -> list[str]:
    """The sounds of a mix by their letters, what it stays away from, and what was left out."""
    left_out = left_out_lines(answer.left_out, language, neutral)
    return [*sound_lines(answer.sounds, language, neutral), *left_out]


def sound_lines(sounds: Sounds, language: str, neutral: Neutral) -> list[str]:
    """The sounds of a mix by their letters, and what it stays away from."""
    near, away = parted(sounds)
    names = "; ".join(_name(it, language, neutral) for it in away)
    apart = [say("mix_away", language, names=names)] if away else []
    letters = zip(LETTERS, near, strict=False)
    named = [f"**{letter}** · {_name(it, language, neutral)}" for letter, it in letters]
    return [*named, *apart]


def compared_lines(answer: Answer, language: str) -> list[str]:
    """What was measured of the sound of a list, or of each that its mix goes by."""
    if near := parted(answer.sounds)[0]:
        named = zip(LETTERS, near, strict=False)
        return [f"**{it}** · {traits_phrase(of.analysis.traits, language)}" for it, of in named]
    traits = traits_phrase(answer.recommendation.analysis.traits, language)
    return [say("why_you", language, traits=traits)]


def gathered_text(found: Gathered, language: str, neutral: Neutral) -> str:
    """What became of what was given to a mix, and what is in it now."""
    left_out = left_out_lines(found.left_out, language, neutral)
    now = [*sound_lines(found.sounds, language, neutral), say("mix_lasts", language)]
    return "\n".join([*count_lines(found, language), *left_out, *now])


def count_lines(found: Gathered, language: str) -> list[str]:
    """How many of the sounds given to a mix are new in it, were there already, or did not fit."""
    counts = {"mix_added": found.added, "mix_known": found.known, "mix_over": found.over}
    return [say(code, language, count=n, most=MOST_SOUNDS) for code, n in counts.items() if n]


def _name(sound: MixSound, language: str, neutral: Neutral) -> str:
    """The name of a sound, or what it was heard as where that is not kept."""
    return neutral(sound.name, MAX_NAME) or heard_sentence(sound.analysis, language).rstrip(".")
