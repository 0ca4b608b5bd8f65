"""Paths from one sound to another through tracks that each sound like the one before."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.errors import BadRequest
from soundmap.paths.chain import Field, Numbers, smoothest
from soundmap.recommendation.nearest import Neighborhood, own_rows, picks_of
from soundmap.recommendation.request import Request
from soundmap.search.exact import Mask, Rows, distances_to
from soundmap.types import Analysis, Floats, Note, Pick, Track

MOST_BETWEEN = 24  # tracks in a path: an hour and a half of music

_REACH = 1_000  # tracks considered: more of them gave no better paths
_OF_ONE_ARTIST = 4  # at most this many of them, since one artist may own a whole region


@dataclass(frozen=True, slots=True)
class End:
    """One end of a path: a sound, its ``track`` if it is one of a catalog's, and its ``name``,
    empty if it has none.
    """

    analysis: Analysis
    track: Track | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SoundPath:
    """``picks`` lead from ``start`` to ``end``.

    The distance and reasons of each pick compare it with the track or sound before it;
    ``last_distance`` is from the last pick to ``end``.  ``notes`` tell if a filter left too few.
    """

    start: End
    end: End
    picks: tuple[Pick, ...]
    last_distance: float
    notes: tuple[Note, ...]

    @property
    def steps(self) -> list[float]:
        """The distance of each step: one more than there are picks."""
        return [*(pick.distance for pick in self.picks), self.last_distance]

    @property
    def smoothness(self) -> float:
        """The largest step divided by the mean step: 1 if all are equal."""
        return float(max(self.steps) / np.mean(self.steps))


def find_path(start: End, end: End, catalog: Catalog, request: Request) -> SoundPath:
    """A path of ``request.count`` tracks between two sounds, in steps as small as possible.

    No artist or recording occurs twice, and those of the ends do not occur at all.  The
    request's filters are for the tracks in between.  The path is shorter if fewer tracks pass.
    Raises BadRequest: ``bad_path`` for more than ``MOST_BETWEEN`` tracks, ``same_ends`` if both
    ends are the same recording.
    """
    around = Neighborhood.around(start.analysis, catalog, request)
    count = around.request.count
    if count > MOST_BETWEEN:
        raise BadRequest("bad_path", count=count, most=MOST_BETWEEN)
    first, last = start.analysis.embedding, end.analysis.embedding
    if np.linalg.norm(first - last) <= catalog.space.same_sound_distance:
        raise BadRequest("same_ends")
    keep = open_between(around, start, end)
    rows, field = field_between(first, last, catalog, keep, count)
    chain = smoothest(field, count)
    picks = _picks(start.analysis, catalog, rows[chain], field.steps(chain))
    notes = around.notes(len(picks), ends=around.passing & ~keep)
    return SoundPath(start, end, picks, float(field.steps(chain)[-1]), notes)


def open_between(around: Neighborhood, start: End, end: End) -> Mask:
    """Rows that a path may use, bool (n,): those that pass, except the ends and their artists."""
    catalog, keep = around.catalog, around.passing.copy()
    for it in (start, end):
        keep &= ~(rows_of(it, catalog) | of_its_artists(it, catalog))
    return keep


def rows_of(end: End, catalog: Catalog) -> Mask:
    """Rows of an end itself and its other uploads, bool (n,)."""
    own = own_rows(end.analysis, catalog)
    return own | (catalog.track_ids == end.track.track_id) if end.track else own


def of_its_artists(end: End, catalog: Catalog) -> Mask:
    """Rows of the artists of an end and its other uploads, bool (n,)."""
    artists = [*catalog.artists[rows_of(end, catalog)]]
    if end.track and end.track.artist:  # which may be another catalog's
        artists.append(end.track.artist.casefold())
    return np.isin(catalog.artists, artists)


def field_between(
    start: Floats, end: Floats, catalog: Catalog, keep: Mask, count: int
) -> tuple[Rows, Field]:
    """The rows of ``keep`` (n,) to search for a path of ``count`` tracks, and their field.

    They are the rows with the shortest detours between the ends, at most four per artist.
    """
    rows = np.flatnonzero(keep)
    points = catalog.points.values[rows]
    rows = rows[np.argsort(distances_to(points, start) + distances_to(points, end), kind="stable")]
    artists = np.unique(catalog.artists[rows], return_inverse=True)[1]
    few = _occurrence(artists) < _OF_ONE_ARTIST
    reach = max(_REACH, _with_artists(artists[few], count))
    rows, artists = rows[few][:reach], artists[few][:reach]
    kinds = np.stack([artists, catalog.uploads[rows]], axis=1)
    return rows, Field(start, end, np.array(catalog.points.values[rows]), kinds)


def _occurrence(numbers: Rows) -> Rows:
    """How many equal numbers come before each of ``numbers`` (n,), int64 (n,)."""
    order = np.argsort(numbers, kind="stable")
    sorted_ = numbers[order]
    starts = np.searchsorted(sorted_, sorted_)
    found = np.empty(len(numbers), np.int64)
    found[order] = np.arange(len(numbers)) - starts
    return found


def _with_artists(artists: Rows, count: int) -> int:
    """The length of the shortest prefix of ``artists`` (n,) with ``count`` of them, n if fewer."""
    firsts = np.sort(np.unique(artists, return_index=True)[1])
    return int(firsts[count - 1]) + 1 if len(firsts) >= count else len(artists)


def _picks(start: Analysis, catalog: Catalog, rows: Rows, steps: Numbers) -> tuple[Pick, ...]:
    """A pick for each row, compared with the one before."""
    before = [start, *(_heard(start, catalog, row) for row in rows[:-1].tolist())]
    return picks_of(zip(before, rows.tolist(), steps.tolist(), strict=False), catalog)


def _heard(like: Analysis, catalog: Catalog, row: int) -> Analysis:
    """The analysis of a catalog's track, with the bundle and labels of ``like``."""
    embedding = np.array(catalog.points.values[row])
    heard = replace(like, probabilities=catalog.probabilities[row], embedding=embedding)
    return replace(heard, traits=catalog.track(row).traits)
