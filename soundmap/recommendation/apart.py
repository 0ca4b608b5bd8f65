"""What sets each pick of a list apart from the others: who has most or least of what was measured.

A statement counts by how far ahead of the next pick this one is.  That a pick has more or less than
some of the others is hardly telling, but always something to say in a long list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from soundmap.catalog.table import TRAIT_NAMES
from soundmap.recommendation.statement import GENRE, OVERALL, Compared, Statement
from soundmap.types import Reason

_LEAST_GENRE = 0.3  # share of the genre in the pick that has most of it
_LEAST_WORTH = 0.01
Ranks = npt.NDArray[np.floating]
Found = Iterator[tuple[int, Statement]]


def apart(compared: Sequence[Compared]) -> list[list[Statement]]:
    """For each pick, in what it is ahead of all the others; nothing for a single one."""
    found: list[list[Statement]] = [[] for _ in compared]
    if len(compared) > 1:
        for part in (_by_traits, _by_genres, _by_distance):
            for place, statement in part(compared):
                found[place].append(statement)
    return found


def _by_traits(compared: Sequence[Compared]) -> Found:
    """Who has most, who least, who is the closest match to the sound, and all in between."""
    for name in TRAIT_NAMES:
        if name == "tempo_bpm" and not all(min(each.values[name]) for each in compared):
            continue  # no beat was found in one of them
        ranks = np.array([each.ranks[name] for each in compared])
        theirs, off = ranks[:, 1], np.abs(ranks[:, 1] - ranks[:, 0])
        for side, order in (("most", -theirs), ("least", theirs), ("closest", off)):
            place, ahead = _first(order)
            if ahead > 0:
                reason = Reason(f"{side}_{name}", compared[place].facts(name))
                yield place, Statement(name, ahead, reason)
        for side, values in (("more", theirs), ("less", -theirs)):
            yield from _beyond_most(f"{side}_{name}", name, values, compared)


def _beyond_most(kind: str, name: str, values: Ranks, compared: Sequence[Compared]) -> Found:
    """Who has a higher value than most of the others, though not than all, and than how many."""
    for place, each in enumerate(compared):
        than = int((values < values[place]).sum())
        share = than / (len(compared) - 1)
        if 1 / 2 < share < 1:
            reason = Reason(kind, {**each.facts(name), "than": than})
            yield place, Statement(name, _LEAST_WORTH * share, reason)


def _by_genres(compared: Sequence[Compared]) -> Found:
    heard = np.array([each.heard for each in compared])
    analysis = compared[0].analysis
    for genre, shares in enumerate(heard.T):
        place, ahead = _first(-shares)
        if ahead > 0 and shares[place] >= _LEAST_GENRE:
            yours = float(compared[place].analysis.probabilities[genre])
            name, theirs = analysis.labels[genre], float(shares[place])
            facts = {"genre": name, "yours": yours, "theirs": theirs}
            yield place, Statement(GENRE, ahead, Reason("most_genre", facts))


def _by_distance(compared: Sequence[Compared]) -> Found:
    """Who is nearest, if all are compared with the same sound."""
    if all(each.analysis is compared[0].analysis for each in compared):
        distances = np.array([each.distance for each in compared])
        place, ahead = _first(distances)
        if ahead > 0:
            score = ahead / float(distances[place] + ahead)
            facts: dict[str, object] = {"distance": float(distances[place])}
            yield place, Statement(OVERALL, score, Reason("nearest", facts))


def _first(order: Ranks) -> tuple[int, float]:
    """The place of the smallest value of ``order`` (n,), and how far the next is behind it."""
    first, second = np.argsort(order, kind="stable")[:2]
    return int(first), float(order[second] - order[first])
