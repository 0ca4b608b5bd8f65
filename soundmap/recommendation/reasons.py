"""Reasons why tracks are near sounds, from what was measured in both, for a whole list at once.

What tells a pick from the others comes first, and no two picks begin with the same words as long as
there are enough differences.  A statement is about what the pick and the sound share (``shared``)
or about what sets the pick apart within the list (``apart``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.recommendation.apart import apart
from soundmap.recommendation.shared import shared
from soundmap.recommendation.statement import Compared, Statement, compared_of
from soundmap.types import Analysis, Reason

MAX_REASONS = 3
_TOLD = 2
_LEAST_TELLING = 0.1  # of what follows the first reason


@dataclass(frozen=True, slots=True)
class Why:
    """Why a pick is near: what is told with it, the most telling first, and what else is so.

    ``told`` are one or two reasons, none of which holds for all of several picks.
    """

    told: tuple[Reason, ...]
    also: tuple[Reason, ...]


def reasons_of(pairs: Sequence[tuple[Analysis, int]], catalog: Catalog) -> list[Why]:
    """For each sound and the row of its pick, why they are near, and unlike the other picks."""
    compared = [compared_of(analysis, catalog, row) for analysis, row in pairs]
    common = _telling([shared(each) for each in compared])
    differences = apart(compared)
    leads = _leads([[*one, *other] for one, other in zip(common, differences, strict=True)])
    return [
        _why(each, lead, statements, catalog)
        for each, lead, statements in zip(compared, leads, common, strict=True)
    ]


def _telling(of_all: Sequence[Sequence[Statement]]) -> list[list[Statement]]:
    """The same statements, each worth less the more picks it holds for; nothing if for all."""
    holders = Counter(each.words for statements in of_all for each in statements)
    others = max(1, len(of_all) - 1)
    return [
        [each.worth(1 - (holders[each.words] - 1) / others) for each in statements]
        for statements in of_all
    ]


def _leads(of_all: Sequence[Sequence[Statement]]) -> list[Statement | None]:
    """For each pick the most telling statement to begin with, no words twice; None if there is
    none left.  Picks of which less can be said choose first.
    """
    leads: list[Statement | None] = [None] * len(of_all)
    taken = set()
    for place in sorted(range(len(of_all)), key=lambda place: len(of_all[place])):
        free = [each for each in of_all[place] if each.score > 0 and each.words not in taken]
        if free:
            leads[place] = lead = max(free, key=lambda each: each.score)
            taken.add(lead.words)
    return leads


def _why(
    compared: Compared, lead: Statement | None, common: Sequence[Statement], catalog: Catalog
) -> Why:
    ordered = sorted(common, key=lambda each: -each.score)
    first = [lead] if lead else []
    others = [each for each in ordered if not lead or each.topic != lead.topic]
    told = [*first, *(each for each in others if each.score >= _LEAST_TELLING)][:_TOLD]
    also = [each.reason for each in ordered if each not in told]
    said = [each.reason for each in told] or [_overall(compared, catalog)]
    return Why(tuple(said), tuple(also))


def _overall(compared: Compared, catalog: Catalog) -> Reason:
    """The share of the catalog that is further away than the pick, or nearer if that is more."""
    differences = catalog.points.values - compared.analysis.embedding
    squares = np.einsum("ij,ij->i", differences, differences)
    further = float((squares > squares[compared.row]).mean())
    nearer = float((squares < squares[compared.row]).mean())
    if nearer > further:
        return Reason("far", {"share": nearer})
    return Reason("overall", {"share": further})
