"""How well mixes find what belongs together, and how well they stay away.

Of a group of tracks (``mix_groups``) some of one half are the seeds, and the other half is looked
for.  ``recall`` is the share of what can be found of it among the first ``DEPTH``: of the smaller
of the two numbers.  Lists here may have several tracks of an artist, since that is what an artist's
tracks are to find; no recording comes twice.  ``single`` is the mean of the lists of each seed
alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.bundle.listener import Listener
from soundmap.catalog.table import Catalog
from soundmap.lab.bootstrap import resampled
from soundmap.lab.evaluation.mix_groups import (
    Question,
    groups_of,
    marked,
    questions,
    recordings,
)
from soundmap.lab.evaluation.mix_rules import AWAY, NEAR, Asked
from soundmap.mix.rule import Distances
from soundmap.search.exact import Mask, Rows
from soundmap.types import Advance, Progress, silent

DEPTH = 20
SIZES = (2, 3, 5)
DRAWS = 4
SEED = 0
SINGLE = "single"
_SAMPLE = 300
Values = npt.NDArray[np.float64]
Key = tuple[str, int, str]
_Means = dict[Key, Values]
"""The means of groups, (n_groups,), by what is measured, number of seeds and rule."""


def measure_mixes(
    listener: Listener,
    albums: Mapping[int, str],
    draws: int = DRAWS,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Recall by kind of group, number of seeds and rule, and how often others come up.

    Ready for JSON, with 95 % intervals over groups; the kind ``all`` has those of all kinds.
    ``albums`` are names by track id.  The same bundle and albums give the same figures.
    """
    catalog, labels = listener.catalog, listener.manifest.labels
    field = _Field(catalog)
    found: dict[str, _Means] = {}
    for kind, groups in groups_of(catalog, albums, labels).items():
        asked = list(questions(groups, draws, SEED))
        if asked:
            with progress(kind, len(asked)) as advance:
                found[kind] = _measured(field, asked, advance)
    found["all"] = _joined(list(found.values()))
    kinds = {kind: _report(means) for kind, means in found.items()}
    return {"bundle": listener.manifest.id, "draws": draws, "kinds": kinds}


def _joined(of_kinds: list[_Means]) -> _Means:
    return {key: np.concatenate([means[key] for means in of_kinds]) for key in of_kinds[0]}


class _Field:
    """What is searched: one row of each recording."""

    def __init__(self, catalog: Catalog) -> None:
        self.rows = recordings(catalog)
        self.points = np.array(catalog.points.values[self.rows])
        self._places = {int(row): place for place, row in enumerate(self.rows)}
        self._exact = self.points.astype(np.float64)
        self._squares = np.einsum("ij,ij->i", self._exact, self._exact)
        self.scale = self._typical_reach()

    def _typical_reach(self) -> float:
        rng, n = np.random.default_rng(SEED), len(self.rows)
        some = self.distances(rng.choice(n, min(_SAMPLE, n), replace=False))
        reach = min(DEPTH, n - 1)
        return float(np.median(np.partition(some, reach, axis=0)[reach]))

    def at(self, rows: Rows) -> Rows:
        """Places of rows that are searched."""
        return np.array([self._places[int(row)] for row in rows], np.int64)

    def distances(self, places: Rows) -> Distances:
        """Of every place to each of some, float64 (n, k); 0 to itself."""
        to = self._squares[:, None] + self._squares[places]
        found = np.sqrt(np.maximum(0, to - 2 * self._exact @ self._exact[places].T))
        found[places, np.arange(len(places))] = 0
        return np.asarray(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Near:
    """Places of sounds in a field and the distances to them, (n, k)."""

    field: _Field
    places: Rows
    distances: Distances

    @classmethod
    def of(cls, field: _Field, rows: Rows) -> _Near:
        places = field.at(rows)
        return cls(field, places, field.distances(places))

    def first(self, size: int) -> _Near:
        """The same for only some of the sounds."""
        return _Near(self.field, self.places[:size], self.distances[:, :size])

    @property
    def marked(self) -> Mask:
        """Which places these are, bool (n,)."""
        return marked(self.places, len(self.distances))

    def asked(self, without: _Near) -> Asked:
        """What rules are asked."""
        points = self.field.points
        seeds, others = points[self.places], points[without.places]
        scale = self.field.scale
        return Asked(points, seeds, others, self.distances, without.distances, scale)


def first(score: Distances, barred: Mask) -> Rows:
    """The ``DEPTH`` places of the lowest finite scores that are not barred, in no order."""
    open_to = np.where(barred | ~np.isfinite(score), np.inf, score)
    places = np.argpartition(open_to, min(DEPTH, len(score) - 1))[:DEPTH]
    return places[np.isfinite(open_to[places])]


def _measured(field: _Field, asked: list[Question], advance: Advance) -> _Means:
    """The mean of each figure over the questions of a group, (n_groups,)."""
    values: defaultdict[Key, defaultdict[int, list[float]]]
    values = defaultdict(lambda: defaultdict(list))
    for done, question in enumerate(asked, start=1):
        for key, value in (*_recalls(field, question), *_aways(field, question)):
            values[key][question.of].append(value)
        advance(done)
    return {key: np.array([np.mean(it) for it in by.values()]) for key, by in values.items()}


def _recalls(field: _Field, question: Question) -> Iterator[tuple[Key, float]]:
    """How much of what is held out each rule finds, and each sound alone."""
    whole, held = _Near.of(field, question.seeds), marked(field.at(question.held), len(field.rows))
    findable = min(DEPTH, int(held.sum()))
    for size in SIZES:
        near = whole.first(size)
        asked, mine = near.asked(near.first(0)), near.marked
        for rule, score in NEAR.items():
            yield ("recall", size, rule), held[first(score(asked), mine)].sum() / findable
        alone = [held[first(each, mine)].sum() / findable for each in near.distances.T]
        yield ("recall", size, SINGLE), float(np.mean(alone))


def _aways(field: _Field, question: Question) -> Iterator[tuple[Key, float]]:
    """How much each rule still finds while it stays away from a group, and how often that comes up
    all the same.
    """
    n, whole = len(field.rows), _Near.of(field, question.seeds)
    held = marked(field.at(question.held), n)
    findable = min(DEPTH, int(held.sum()))
    for rows, all_rows in question.others:
        others, theirs = _Near.of(field, rows), marked(field.at(all_rows), n)
        for size in SIZES:
            near, away = whole.first(size), others.first(size)
            barred = near.marked | away.marked
            yield ("chance", size, ""), DEPTH * (theirs & ~barred).sum() / (~barred).sum()
            asked = near.asked(away)
            for rule, score in AWAY.items():
                found = first(score(asked), barred)
                yield ("kept", size, rule), held[found].sum() / findable
                yield ("came", size, rule), float(theirs[found].sum())


def _report(means: _Means) -> dict[str, Any]:
    """The figures of one kind of group."""
    recall = {
        str(size): {
            rule: _compared(means["recall", size, rule], means["recall", size, SINGLE])
            for rule in (SINGLE, *NEAR)
        }
        for size in SIZES
    }
    away = {
        str(size): {
            rule: {
                "recall": _mean(means["kept", size, rule]),
                "of_chance": _ratio(means["came", size, rule], means["chance", size, ""]),
            }
            for rule in AWAY
        }
        for size in SIZES
    }
    groups = len(next(iter(means.values())))
    return {"groups": groups, "recall": recall, "away": away}


def _compared(values: Values, single: Values) -> dict[str, Any]:
    return {**_mean(values), "above_single": _mean(values - single)}


def _mean(values: Values) -> dict[str, Any]:
    return _ratio(values, np.ones_like(values))


def _ratio(values: Values, of: Values) -> dict[str, Any]:
    """The mean of values as a multiple of another, with an interval over groups."""
    drawn = resampled(len(values), np.full(len(values), 1 / len(values)), SEED)
    low, high = np.quantile((drawn @ values) / (drawn @ of), (0.025, 0.975))
    return {"mean": float(values.mean() / of.mean()), "ci95": [float(low), float(high)]}
