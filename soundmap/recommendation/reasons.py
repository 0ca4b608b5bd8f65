"""Why a pick is near: what was measured in both sounds, said only where it tells something.

A trait is worth a word when both sounds stand on the same side of the catalog and close
together; the further from the catalog's middle, the more it says.
"""

from __future__ import annotations

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.types import Analysis, Floats, Reason, Traits

MAX_REASONS = 3
_CLOSE_RANKS = 0.15
_OUTER_RANKS = 0.65
_SAME_TEMPO = 0.04
_SHARED_LEAST = 0.3
_TEMPO_SCORES = {"same_tempo": 0.6, "double_tempo": 0.4, "half_tempo": 0.4}
_SPECTRAL = ("brightness_hz", "bass_share", "dynamics_db", "noisiness")


def reasons_for(analysis: Analysis, catalog: Catalog, row: int) -> tuple[Reason, ...]:
    """At least one and at most three reasons, the most telling first."""
    traits = catalog.track(row).traits
    scored = [
        *_genre_reason(analysis, catalog.probabilities[row]),
        *_tempo_reason(analysis.traits, traits),
        *(r for name in _SPECTRAL for r in _trait_reason(name, analysis.traits, traits, catalog)),
    ]
    scored.sort(key=lambda pair: -pair[0])
    best = tuple(reason for _, reason in scored[:MAX_REASONS])
    return best or (_overall(analysis, catalog, row),)


def _genre_reason(analysis: Analysis, heard: Floats) -> list[tuple[float, Reason]]:
    """The genres both are heard as; two of them where both are a mixture."""
    shared = np.minimum(analysis.probabilities, heard)
    first, second = np.argsort(-shared, kind="stable")[:2]
    score = float(shared.sum())
    if shared[first] < _SHARED_LEAST / 2 or score < _SHARED_LEAST:
        return []
    names = [analysis.labels[first], analysis.labels[second]]
    if shared[second] >= _SHARED_LEAST / 2:
        return [(score, Reason("genre_mixture", {"first": names[0], "second": names[1]}))]
    facts = {
        "genre": names[0],
        "yours": float(analysis.probabilities[first]),
        "theirs": float(heard[first]),
    }
    return [(score, Reason("shared_genre", facts))]


def _tempo_reason(yours: Traits, theirs: Traits) -> list[tuple[float, Reason]]:
    """Same tempo, or the same beat counted twice as fast or half as fast."""
    if not yours.tempo_bpm or not theirs.tempo_bpm:
        return []
    ratio = theirs.tempo_bpm / yours.tempo_bpm
    for kind, expected in (("same_tempo", 1.0), ("double_tempo", 2.0), ("half_tempo", 0.5)):
        if abs(ratio / expected - 1) <= _SAME_TEMPO:
            facts = {"yours": yours.tempo_bpm, "theirs": theirs.tempo_bpm}
            return [(_TEMPO_SCORES[kind], Reason(kind, dict(facts)))]
    return []


def _trait_reason(
    name: str, yours: Traits, theirs: Traits, catalog: Catalog
) -> list[tuple[float, Reason]]:
    values = getattr(yours, name), getattr(theirs, name)
    ranks = [catalog.trait_rank(name, value) for value in values]
    low, high = min(ranks), max(ranks)
    if high - low > _CLOSE_RANKS or not (low > _OUTER_RANKS or high < 1 - _OUTER_RANKS):
        return []
    side = "high" if low > _OUTER_RANKS else "low"
    score = abs(low + high - 1) * (1 - (high - low))
    return [(score, Reason(f"{side}_{name}", {"yours": values[0], "theirs": values[1]}))]


def _overall(analysis: Analysis, catalog: Catalog, row: int) -> Reason:
    """No single trait stands out: how much of the catalog is further away, or nearer."""
    differences = catalog.points.values - analysis.embedding
    squares = np.einsum("ij,ij->i", differences, differences)
    further = float((squares > squares[row]).mean())
    nearer = float((squares < squares[row]).mean())
    if nearer > further:
        return Reason("far", {"share": nearer})
    return Reason("overall", {"share": further})
