"""Reasons why a pick is near, from what was measured in both sounds.

A trait is a reason only if both sounds rank close together on it and on the same side of the
catalog's middle.  The further from the middle, the stronger the reason.
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
    """One to three reasons, strongest first."""
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
    """The genre both sounds share, or two if both are a mixture of them."""
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
    """The same tempo within 4 %, or double or half of it."""
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
    """The reason when nothing stands out: the share of the catalog that is further, or nearer."""
    differences = catalog.points.values - analysis.embedding
    squares = np.einsum("ij,ij->i", differences, differences)
    further = float((squares > squares[row]).mean())
    nearer = float((squares < squares[row]).mean())
    if nearer > further:
        return Reason("far", {"share": nearer})
    return Reason("overall", {"share": further})
