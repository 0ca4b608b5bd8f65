"""Mixes: the tracks nearest to several sounds, away from others, each with the sound it is near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from soundmap.catalog.table import Catalog
from soundmap.mix.moods import moods_of
from soundmap.mix.rule import different, nearest_of, scores, staying_away
from soundmap.paths.find import End, of_its_artists, rows_of
from soundmap.recommendation.distinct import Near, distinct, spread
from soundmap.recommendation.filters import Filter, filters_of, passing_all
from soundmap.recommendation.nearest import picks_of
from soundmap.recommendation.notes import notes_on
from soundmap.recommendation.request import ROAM_STRIDES, Request
from soundmap.search.exact import Mask, distances_to
from soundmap.types import Note, Pick

Distances = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MixPick:
    """A pick, and the index of the seed it is nearest to.

    The pick's distance and reasons compare it with that seed.
    """

    pick: Pick
    seed: int


@dataclass(frozen=True, slots=True)
class Mix:
    """``picks`` are near the ``seeds`` and away from ``without``.

    ``notes`` say what could not be heard and, if there are few picks, why.
    """

    seeds: tuple[End, ...]
    without: tuple[End, ...]
    picks: tuple[MixPick, ...]
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[MixPick]:
        return iter(self.picks)


def find_mix(
    seeds: Sequence[End],
    without: Sequence[End],
    catalog: Catalog,
    request: Request,
    same_artists: bool = False,
    notes: Sequence[Note] = (),
    in_turn: bool = False,
) -> Mix:
    """The tracks nearest to the seeds and away from ``without``: see :mod:`soundmap.mix.rule`.

    Audible tracks that pass the request's filters, one per artist and recording; the sounds
    themselves and their other uploads are left out, and, unless ``same_artists``, their artists'
    other tracks.  ``notes`` are told first.  With ``in_turn`` the list takes from each mood of the
    seeds in turn: see :mod:`soundmap.mix.moods`.  Raises BadRequest.
    """
    request = request.checked(seeds[0].analysis.labels)
    near, away = (_distances(ends, catalog, request.metric) for ends in (seeds, without))
    apart = _apart((*seeds, *without), catalog, request, same_artists)
    filters = (*apart, *filters_of(catalog, request), *staying_away(near, away))
    field = _Field(catalog, request, passing_all(filters), near, away)
    found = field.first(_parts(seeds, near, catalog, request.metric, in_turn))
    places = [int(near[row].argmin()) for row, _ in found]
    compared = ((seeds[at].analysis, *it) for at, it in zip(places, found, strict=True))
    picks = tuple(map(MixPick, picks_of(compared, catalog), places))
    short = notes_on(filters, len(picks), request.count)
    return Mix(tuple(seeds), tuple(without), picks, (*notes, *short))


def _distances(ends: Sequence[End], catalog: Catalog, metric: str) -> Distances:
    """Distance of every row to every sound, float64 (n, m)."""
    points = catalog.points.values
    each = [distances_to(points, end.analysis.embedding, metric) for end in ends]
    return np.array(each).reshape(len(ends), len(catalog)).T


def _apart(
    ends: Sequence[End], catalog: Catalog, request: Request, same_artists: bool
) -> Iterator[Filter]:
    """What leaves out the sounds themselves and their artists."""
    own = np.logical_or.reduce([rows_of(it, catalog) for it in ends])
    if not request.include_self:
        yield Filter("seeds", ~own, is_asked=False)
    if not same_artists:
        theirs = np.logical_or.reduce([of_its_artists(it, catalog) for it in ends])
        yield Filter("others", own | ~theirs)


def _parts(
    seeds: Sequence[End], near: Distances, catalog: Catalog, metric: str, in_turn: bool
) -> list[list[int]]:
    """Places of seeds that are gone by together; of seeds that are the same sound only one."""
    embeddings = np.stack([seed.analysis.embedding for seed in seeds])
    places = different(embeddings, catalog.space.same_sound_distance)
    if not in_turn:
        return [places]
    points = embeddings[places]
    between = np.stack([distances_to(points, point, metric) for point in points])
    return [[places[it] for it in part] for part in moods_of(between, near[:, places])]


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """Rows of a catalog that pass, bool (n,), and how far each is: see ``scores``."""

    catalog: Catalog
    request: Request
    passing: Mask
    near: Distances
    away: Distances

    def first(self, parts: list[list[int]]) -> list[Near]:
        """The first rows near each part of the seeds, in turn, with no artist or recording twice.

        A row counts for the part that it is nearest to.
        """
        to_parts = np.stack([nearest_of(self.near[:, part]) for part in parts], axis=1)
        whose = to_parts.argmin(axis=1)
        lists = [self._near(part, self.passing & (whose == at)) for at, part in enumerate(parts)]
        found = np.array([it for turn in zip_longest(*lists) for it in turn if it]).reshape(-1, 2)
        rows = found[:, 0].astype(np.int64)
        return distinct(self.catalog, rows, found[:, 1], self.request.count)

    def _near(self, part: list[int], keep: Mask) -> list[Near]:
        """The first rows of a mask (n,) near some seeds."""
        distances, rows = nearest_of(self.near), np.flatnonzero(keep)
        score = scores(self.near[rows][:, part], self.away[rows])
        rows = rows[np.lexsort((distances[rows], score))]
        stride = ROAM_STRIDES[self.request.roam]
        wanted = (self.request.count - 1) * stride + 1
        return spread(distinct(self.catalog, rows, distances[rows], wanted), stride)
