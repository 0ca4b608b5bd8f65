"""What a pick and its sound share.

A trait is shared only if both rank close together on it and on the same side of the catalog's
middle.  The further from the middle, the stronger the statement.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from soundmap.recommendation.statement import GENRE, Compared, Statement
from soundmap.types import Reason

_CLOSE_RANKS = 0.15
_OUTER_RANKS = 0.65
_SAME_TEMPO = 0.04
_MOSTLY, _MIXED = 0.5, 0.2  # shares in both sounds
_TEMPO_SCORES = {"same_tempo": 0.6, "double_tempo": 0.4, "half_tempo": 0.4}
_SPECTRAL = ("brightness_hz", "bass_share", "dynamics_db", "noisiness")


def shared(compared: Compared) -> list[Statement]:
    """All that both share: nothing, or up to one statement a topic."""
    return [
        *_genre(compared),
        *_tempo(compared),
        *(each for name in _SPECTRAL for each in _trait(name, compared)),
    ]


def _genre(compared: Compared) -> Iterator[Statement]:
    """The genre that both mostly are, or else two of which both are a mixture."""
    yours, theirs = compared.analysis.probabilities, compared.heard
    both = np.minimum(yours, theirs)
    first, second = (int(i) for i in np.argsort(-both, kind="stable")[:2])
    names = compared.analysis.labels
    of_first = {"yours": float(yours[first]), "theirs": float(theirs[first])}
    if both[first] >= _MOSTLY:
        facts = {"genre": names[first], **of_first}
        yield Statement(GENRE, float(both[first]), Reason("shared_genre", facts))
    elif both[second] >= _MIXED:
        of_second = {"yours_too": float(yours[second]), "theirs_too": float(theirs[second])}
        facts = {"first": names[first], "second": names[second], **of_first, **of_second}
        score = float(both[first] + both[second])
        yield Statement(GENRE, score, Reason("genre_mixture", facts))


def _tempo(compared: Compared) -> Iterator[Statement]:
    """The same tempo within 4 %, or double or half of it."""
    yours, theirs = compared.values["tempo_bpm"]
    if yours and theirs:
        for kind, expected in (("same_tempo", 1.0), ("double_tempo", 2.0), ("half_tempo", 0.5)):
            if abs(theirs / yours / expected - 1) <= _SAME_TEMPO:
                reason = Reason(kind, compared.facts("tempo_bpm"))
                yield Statement("tempo_bpm", _TEMPO_SCORES[kind], reason)


def _trait(name: str, compared: Compared) -> Iterator[Statement]:
    low, high = sorted(compared.ranks[name])
    if high - low <= _CLOSE_RANKS and (low > _OUTER_RANKS or high < 1 - _OUTER_RANKS):
        side = "high" if low > _OUTER_RANKS else "low"
        score = abs(low + high - 1) * (1 - (high - low))
        yield Statement(name, score, Reason(f"{side}_{name}", compared.facts(name)))
