"""The sounds of a mix: one that cannot be heard does not lose the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from soundmap.errors import BadBundle, BadRequest, BadSound, SoundMapError
from soundmap.paths.find import End
from soundmap.types import Note

T = TypeVar("T")
Outcome = tuple[str, End | SoundMapError]
"""The name of a sound, and the sound itself or why it cannot be heard."""


@dataclass(frozen=True, slots=True)
class Sounds:
    """What a mix goes by and stays away from; ``notes`` name what cannot be heard."""

    seeds: tuple[End, ...]
    without: tuple[End, ...]
    notes: tuple[Note, ...]


def sounds_of(seeds: Iterable[Outcome], without: Iterable[Outcome] = ()) -> Sounds:
    """Those of the sounds that can be heard.

    Raises BadRequest ``mix_asks`` if there is no seed; if none can be heard, the error of a single
    one, or BadSound ``none_heard``.
    """
    (near, refused), (away, refused_too) = _parted(seeds), _parted(without)
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
