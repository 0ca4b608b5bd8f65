"""Mixes: the tracks nearest to several sounds, away from others, each with the sound it is near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from soundmap.catalog.table import Catalog
from soundmap.mix.rule import different, nearest_of, scores, staying_away
from soundmap.paths.find import End, rows_of
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
) -> Mix:
    """The tracks nearest to the seeds and away from ``without``: see :mod:`soundmap.mix.rule`.

    Audible tracks that pass the request's filters, one per artist and recording; the sounds
    themselves and their other uploads are left out, and, unless ``same_artists``, their artists'
    other tracks.  ``notes`` are told first.  Raises BadRequest.
    """
    request = request.checked(seeds[0].analysis.labels)
    near, away = (_distances(ends, catalog, request.metric) for ends in (seeds, without))
    own = np.logical_or.reduce([rows_of(end, catalog) for end in (*seeds, *without)])
    apart = _apart(own, catalog, request, same_artists)
    filters = (*apart, *filters_of(catalog, request), *staying_away(near, away))
    embeddings = np.stack([seed.analysis.embedding for seed in seeds])
    score = scores(near[:, different(embeddings, catalog.space.same_sound_distance)], away)
    found = _first(passing_all(filters), score, nearest_of(near), catalog, request)
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


def _apart(own: Mask, catalog: Catalog, request: Request, same_artists: bool) -> Iterator[Filter]:
    """What leaves out the sounds themselves, at rows ``own``, and their artists."""
    if not request.include_self:
        yield Filter("seeds", ~own, is_asked=False)
    if not same_artists:
        theirs = np.isin(catalog.artists, catalog.artists[own])
        yield Filter("others", own | ~theirs)


def _first(
    passing: Mask, score: Distances, distances: Distances, catalog: Catalog, request: Request
) -> list[Near]:
    """The first rows that pass, by rising score, with no artist or recording twice."""
    rows = np.flatnonzero(passing)
    rows = rows[np.lexsort((distances[rows], score[rows]))]
    stride = ROAM_STRIDES[request.roam]
    found = distinct(catalog, rows, distances[rows], (request.count - 1) * stride + 1)
    return spread(found, stride)[: request.count]
