"""Turns nearest neighbors into picks.  Pure: equal arguments give equal answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from soundmap.catalog.table import Catalog
from soundmap.recommendation.distinct import Near, distinct, spread
from soundmap.recommendation.filters import PERSONAL, Filter, filters_of, passing_all
from soundmap.recommendation.notes import notes_on
from soundmap.recommendation.reasons import reasons_of
from soundmap.recommendation.request import ROAM_STRIDES, Request
from soundmap.search.exact import Mask, Rows, distances_to
from soundmap.types import Analysis, Note, Pick, Recommendation

_OWN_REACH = 16  # how many neighbors are searched for the sound itself
_LEAST_REACH, _MORE = 80, 4


def recommend(analysis: Analysis, catalog: Catalog, request: Request) -> Recommendation:
    """The nearest audible tracks that pass the request's filters, one per artist and recording.

    Tracks within the space's ``same_sound_distance`` of the query are the query itself.  They and
    their other uploads are left out unless ``request.include_self`` is set.  Raises BadRequest.
    """
    around = Neighborhood.around(analysis, catalog, request)
    return around.recommendation(around.picks(around.first(around.request.count)))


@dataclass(frozen=True, slots=True, eq=False)
class Neighborhood:
    """The tracks around a sound, under a checked ``request``.

    All masks are bool (n,).  ``own`` marks the sound itself and its other uploads.  ``passing``
    marks those that pass all ``filters``.
    """

    analysis: Analysis
    catalog: Catalog
    request: Request
    own: Mask
    passing: Mask
    filters: tuple[Filter, ...]

    @classmethod
    def around(cls, analysis: Analysis, catalog: Catalog, request: Request) -> Neighborhood:
        """The neighborhood of a sound.  Raises BadRequest if the request is invalid."""
        request = request.checked(analysis.labels)
        own, filters = own_rows(analysis, catalog), filters_of(catalog, request)
        return cls(analysis, catalog, request, own, passing_all(filters), filters)

    def first(self, count: int) -> list[Near]:
        """The ``count`` nearest rows that pass, with no artist or recording twice.

        Fewer if fewer pass.  If the request roams, takes every 4th or 16th on the way out.  Widens
        the search until there are enough, since one prolific artist may have many of the nearest
        tracks.
        """
        stride = ROAM_STRIDES[self.request.roam]
        wanted = (count - 1) * stride + 1
        reach = max(_LEAST_REACH, _MORE * wanted)
        while True:
            found = distinct(self.catalog, *self._nearest(reach, self._open), wanted)
            if len(found) >= wanted or reach >= len(self.catalog):
                return spread(found, stride)[:count]
            reach *= _MORE

    def within(self, nearest: int) -> list[Near]:
        """The first rows, then all that pass of the ``nearest`` audible tracks that pass filters.

        Nearest first, with no artist or recording twice; the sound itself and what is excluded
        count among the ``nearest``.  If the request roams, takes every 4th or 16th of them.
        """
        fitting = passing_all([it for it in self.filters if it.kind not in PERSONAL])
        rows, distances = self._nearest(nearest, fitting)
        open_to = self._open[rows]
        near = distinct(self.catalog, rows[open_to], distances[open_to], nearest)
        first = self.first(self.request.count)
        more = np.array([*first, *near[:: ROAM_STRIDES[self.request.roam]]]).reshape(-1, 2)
        return distinct(self.catalog, more[:, 0].astype(np.int64), more[:, 1], len(more))

    @property
    def _open(self) -> Mask:
        """Rows that may be shown, bool (n,)."""
        return self.passing if self.request.include_self else self.passing & ~self.own

    def _nearest(self, reach: int, keep: Mask) -> tuple[Rows, npt.NDArray[np.float64]]:
        return self.catalog.nearest(self.analysis.embedding, reach, self.request.metric, keep)

    def picks(self, near: Iterable[Near]) -> tuple[Pick, ...]:
        """A pick for each row, in the same order, with reasons."""
        return picks_of(((self.analysis, *it) for it in near), self.catalog)

    def notes(self, n_picks: int, ends: Mask | None = None) -> tuple[Note, ...]:
        """A note on the filters if there are fewer picks than requested, otherwise none.

        ``ends`` are rows that are left out beside the sound itself, as ends of a path.
        """
        apart = [] if self.request.include_self else [Filter("apart", ~self.own, is_asked=False)]
        apart = apart if ends is None else [Filter("between", ~ends)]
        return notes_on((*apart, *self.filters), n_picks, self.request.count)

    def recommendation(self, picks: tuple[Pick, ...]) -> Recommendation:
        """The picks with the analysis and notes."""
        return Recommendation(self.analysis, picks, self.notes(len(picks)))


def explain(
    analysis: Analysis, catalog: Catalog, track_ids: Sequence[int], metric: str = "euclidean"
) -> tuple[Pick, ...]:
    """Picks for given track ids, in the same order, with distances and reasons.

    Raises KeyError if a track is not in the catalog.
    """
    rows = [catalog.row_of(track_id) for track_id in track_ids]
    distances = distances_to(catalog.points.values[rows], analysis.embedding, metric)
    near = zip(rows, distances.tolist(), strict=True)
    return picks_of(((analysis, *it) for it in near), catalog)


def picks_of(near: Iterable[tuple[Analysis, int, float]], catalog: Catalog) -> tuple[Pick, ...]:
    """A pick for each sound, row and distance, in the same order, ranked from 1, with reasons.

    Reasons compare a row with the sound that stands with it, and with the other picks.
    """
    found = list(near)
    whys = reasons_of([(analysis, row) for analysis, row, _ in found], catalog)
    return tuple(
        Pick(rank, catalog.track(row), distance, why.told, why.also)
        for rank, ((_, row, distance), why) in enumerate(zip(found, whys, strict=True), start=1)
    )


def own_rows(analysis: Analysis, catalog: Catalog) -> Mask:
    """Rows of the sound itself and its other uploads, bool (n,)."""
    rows, distances = catalog.nearest(analysis.embedding, _OWN_REACH)
    own = catalog.uploads[rows[distances <= catalog.space.same_sound_distance]]
    return np.isin(catalog.uploads, own)
