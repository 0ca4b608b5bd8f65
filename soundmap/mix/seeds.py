"""The sounds of a mix: one that cannot be heard does not lose the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from soundmap.errors import BadBundle, BadRequest, BadSound, SoundMapError
from soundmap.paths.find import End
from soundmap.types import Analysis, Note

T = TypeVar("T")
Outcome = tuple[str, End | SoundMapError]
"""The name of a sound, and the sound itself or why it cannot be heard."""


@dataclass(frozen=True, slots=True)
class Sounds:
    """What a mix goes by and stays away from; ``notes`` name what cannot be heard."""

    seeds: tuple[End, ...]
    without: tuple[End, ...]
    notes: tuple[Note, ...]


def sounds_of(seeds: Iterable[Outcome], without: Iterable[Outcome], same_distance: float) -> Sounds:
    """Those of the sounds that can be heard; a seed that is one of ``without`` is left out, too.

    Raises BadRequest ``mix_asks`` if there is no seed; if none is left, the error of a single one,
    or BadSound ``none_heard``.
    """
    away, refused_too = _parted(without)
    near, refused = _parted(_not_both(it, away, same_distance) for it in seeds)
    if not near:
        raise _none_heard([error for _, error in refused])
    return Sounds(near, away, tuple(_note(*it) for it in refused + refused_too))


def outcome_of(name: str, sound: T, hear: Callable[[T], End]) -> Outcome:
    """What ``hear`` returns for a sound, or why it cannot be heard.

    Raises BadBundle, which holds for every sound alike.
    """
    try:
        return name, hear(sound)
    except BadBundle:
        raise
    except SoundMapError as error:
        return name, error


def is_one_of(sound: Analysis, others: Iterable[Analysis], same_distance: float) -> bool:
    """Whether a sound lies within ``same_distance`` of one of the others: it is the same."""
    place = sound.embedding
    return any(np.linalg.norm(place - it.embedding) <= same_distance for it in others)


def _not_both(outcome: Outcome, away: Sequence[End], same_distance: float) -> Outcome:
    """An outcome, refused if it is a sound to stay away from."""
    name, it = outcome
    others = [end.analysis for end in away]
    if isinstance(it, End) and is_one_of(it.analysis, others, same_distance):
        return name, BadRequest("mix_both")
    return outcome


def _parted(
    outcomes: Iterable[Outcome],
) -> tuple[tuple[End, ...], list[tuple[str, SoundMapError]]]:
    named = list(outcomes)
    heard = tuple(it for _, it in named if isinstance(it, End))
    return heard, [(name, it) for name, it in named if isinstance(it, SoundMapError)]


def _none_heard(errors: list[SoundMapError]) -> SoundMapError:
    if not errors:
        return BadRequest("mix_asks")
    first, n = errors[0], len(errors)
    why = (first.code, first.facts)
    return first if n == 1 else BadSound("none_heard", n=n, reason=first, error=why)


def _note(name: str, error: SoundMapError) -> Note:
    return Note("not_heard", {"name": name, "error": (error.code, error.facts)})
