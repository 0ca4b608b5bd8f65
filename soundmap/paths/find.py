"""From one sound to another by way of tracks that each sound like the one before."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.errors import BadRequest
from soundmap.paths.chain import Field, Numbers, smoothest
from soundmap.recommendation.nearest import Neighborhood, own_rows
from soundmap.recommendation.reasons import reasons_for
from soundmap.recommendation.request import Request
from soundmap.search.exact import Mask, Rows, distances_to
from soundmap.types import Analysis, Floats, Note, Pick, Track

MOST_BETWEEN = 24  # tracks of one path: an hour and a half of music

_REACH = 1_000  # tracks looked at: with more of them paths got no better
_OF_ONE_ARTIST = 4  # of these at most so many: one owns a whole region now and then


@dataclass(frozen=True, slots=True)
class End:
    """Where a path begins or ends: a sound, with its ``track`` where it is one of the catalog's."""

    analysis: Analysis
    track: Track | None = None


@dataclass(frozen=True, slots=True)
class SoundPath:
    """``picks`` lead from ``start`` to ``end``: the distance and the reasons of each are about the
    step from what comes before it, ``last_distance`` is that of the step to the end.  ``notes``
    say what a filter left out.
    """

    start: End
    end: End
    picks: tuple[Pick, ...]
    last_distance: float
    notes: tuple[Note, ...]

    @property
    def steps(self) -> list[float]:
        """How far apart neighbors are, one more than there are picks."""
        return [*(pick.distance for pick in self.picks), self.last_distance]

    @property
    def smoothness(self) -> float:
        """The largest step as a multiple of the mean: 1 where all are alike."""
        return float(max(self.steps) / np.mean(self.steps))


def find_path(start: End, end: End, catalog: Catalog, request: Request) -> SoundPath:
    """A path of ``request.count`` tracks between two sounds, in steps as short as they can be.

    No artist and no recording comes twice, those of the ends not at all; genre and license hold
    for what lies between.  Fewer come where fewer pass.  Raises BadRequest, ``same_ends`` for two
    sounds that are one, ``bad_path`` for more tracks than ``MOST_BETWEEN``.
    """
    around = Neighborhood.around(start.analysis, catalog, request)
    count = around.request.count
    if count > MOST_BETWEEN:
        raise BadRequest("bad_path", count=count, most=MOST_BETWEEN)
    first, last = start.analysis.embedding, end.analysis.embedding
    if np.linalg.norm(first - last) <= catalog.space.same_sound_distance:
        raise BadRequest("same_ends")
    rows, field = field_between(first, last, catalog, open_between(around, start, end), count)
    chain = smoothest(field, count)
    picks = _picks(start.analysis, catalog, rows[chain], field.steps(chain))
    return SoundPath(start, end, picks, float(field.steps(chain)[-1]), around.notes(len(picks)))


def open_between(around: Neighborhood, start: End, end: End) -> Mask:
    """Rows that a path may go by, bool (n,): what passes around its start, but for the ends and
    their artists.
    """
    catalog, keep = around.catalog, around.passing.copy()
    for it in (start, end):
        own = own_rows(it.analysis, catalog)
        if it.track:
            own |= catalog.track_ids == it.track.track_id
        keep &= ~(own | np.isin(catalog.artists, catalog.artists[own]))
    return keep


def field_between(
    start: Floats, end: Floats, catalog: Catalog, keep: Mask, count: int
) -> tuple[Rows, Field]:
    """The rows among ``keep`` (n,) that a path of ``count`` may go by, and where they lie.

    They are those whose detour, by way of them instead of straight, is least.
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
    """How many equal numbers stand before each of (n,)."""
    order = np.argsort(numbers, kind="stable")
    sorted_ = numbers[order]
    starts = np.searchsorted(sorted_, sorted_)
    found = np.empty(len(numbers), np.int64)
    found[order] = np.arange(len(numbers)) - starts
    return found


def _with_artists(artists: Rows, count: int) -> int:
    """How many of (n,) it takes to have ``count`` artists among them, all where there are fewer."""
    firsts = np.sort(np.unique(artists, return_index=True)[1])
    return int(firsts[count - 1]) + 1 if len(firsts) >= count else len(artists)


def _picks(start: Analysis, catalog: Catalog, rows: Rows, steps: Numbers) -> tuple[Pick, ...]:
    picks, before = [], start
    for rank, (row, step) in enumerate(zip(rows.tolist(), steps.tolist(), strict=False), start=1):
        track = catalog.track(row)
        picks.append(Pick(rank, track, step, reasons_for(before, catalog, row)))
        before = _heard(before, catalog, row, track)
    return tuple(picks)


def _heard(like: Analysis, catalog: Catalog, row: int, track: Track) -> Analysis:
    """What was heard in a track of the catalog, by the ears that heard ``like``."""
    embedding = np.array(catalog.points.values[row])
    heard = replace(like, probabilities=catalog.probabilities[row], embedding=embedding)
    return replace(heard, traits=track.traits)
