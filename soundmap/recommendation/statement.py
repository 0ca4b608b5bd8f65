"""Statements about a sound and a pick, and what they are made from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from soundmap.catalog.table import TRAIT_NAMES, Catalog
from soundmap.types import Analysis, Floats, Reason

GENRE, OVERALL = "genre", "overall"
"""Topics beside the names of the traits."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A reason about a ``topic``, and how telling it is: ``score`` 0..1."""

    topic: str
    score: float
    reason: Reason

    @property
    def words(self) -> tuple[object, ...]:
        """What makes its words differ from those of others: all but what was measured."""
        facts = self.reason.facts.values()
        return (self.reason.kind, *(fact for fact in facts if not isinstance(fact, float)))

    def worth(self, share: float) -> Statement:
        """The same statement at a ``share`` of its score."""
        return replace(self, score=self.score * share)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A sound beside the track at ``row``.

    ``values`` has the (sound's, track's) value of each trait, ``ranks`` where in the catalog these
    lie: see ``Catalog.trait_rank``.  ``heard`` are the track's genres, float32 (n_genres,), and
    ``distance`` is Euclidean.
    """

    analysis: Analysis
    row: int
    heard: Floats
    distance: float
    values: dict[str, tuple[float, float]]
    ranks: dict[str, tuple[float, float]]

    def facts(self, trait: str) -> dict[str, object]:
        """Both values of a trait, for the sentence of a reason."""
        yours, theirs = self.values[trait]
        return {"yours": yours, "theirs": theirs}


def compared_of(analysis: Analysis, catalog: Catalog, row: int) -> Compared:
    """A sound beside the track at ``row``."""
    yours, theirs = asdict(analysis.traits), asdict(catalog.track(row).traits)
    values = {name: (yours[name], theirs[name]) for name in TRAIT_NAMES}
    ranks = {
        name: (catalog.trait_rank(name, mine), catalog.trait_rank(name, other))
        for name, (mine, other) in values.items()
    }
    away = catalog.points.values[row] - analysis.embedding
    distance = float(away @ away) ** 0.5
    return Compared(analysis, row, catalog.probabilities[row], distance, values, ranks)
