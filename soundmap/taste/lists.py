"""Personal lists: the tracks near a sound, ordered by taste, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from soundmap.bundle.manifest import Manifest
from soundmap.catalog.table import Catalog
from soundmap.recommendation.filters import clean
from soundmap.recommendation.nearest import Neighborhood
from soundmap.recommendation.reasons import MAX_REASONS
from soundmap.recommendation.request import Request
from soundmap.taste.likeness import likeness_of
from soundmap.taste.policies import Choice, Pool, choose, genre_agreement
from soundmap.taste.taste import Taste
from soundmap.types import ByTaste, Pick, Reason, Recommendation, Track

NEAREST = 100
"""No taste brings up a track from further away than this many are from the sound."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A list and how it was made.

    ``propensities`` are the probabilities, 0..1, of each pick being at its rank: 1 if chance played
    no part.  ``rung`` is ``plain``, ``rocchio`` or ``bayes``: see ``Taste``.  ``by_taste`` says
    which picks taste put in their places, empty if none.  ``anchor`` is the liked track that the
    list is built around if no sound was given.
    """

    recommendation: Recommendation
    propensities: tuple[float, ...]
    rung: str
    by_taste: tuple[ByTaste | None, ...] = ()
    anchor: Track | None = None


def personal(around: Neighborhood, taste: Taste, seed: int) -> Personal:
    """The list for a person's taste.  Equal arguments give equal lists.

    With fewer than three votes it equals that of ``recommend``.  Otherwise it is chosen from that
    and the ``NEAREST`` tracks; if the request roams, there are fewer, further apart.  With fewer
    than ten votes three of five picks of ``recommend`` stay.  Tracks that the person has judged
    come last, unless these rules need them (``policies.guarded``).
    """
    count = around.request.count
    taste = _without_reasons(taste, around.catalog, around.request)
    if taste.rung == "plain":
        plain = around.recommendation(around.picks(around.first(count)))
        return Personal(plain, (1.0,) * len(plain.picks), taste.rung)
    pool = pool_for(around, taste)
    rng = np.random.default_rng(seed)
    choice = choose(pool, taste, likeness_of(around.catalog), count, rng)
    chances = tuple(choice.propensities.tolist())
    near = [(int(pool.rows[i]), float(pool.distances[i])) for i in choice.places]
    moved = tuple(_moved(around, choice, place) for place in range(len(near)))
    picks = with_taste(around.picks(near), moved, around.catalog)
    return Personal(around.recommendation(picks), chances, taste.rung, moved)


def from_taste(
    taste: Taste, catalog: Catalog, request: Request, manifest: Manifest, seed: int
) -> Personal | None:
    """A list without a sound, built around one liked track.

    The track is drawn at random, weighted by how much and how recently it was liked.  Each seed may
    draw another one, so a varied taste shows one side at a time.  None if the person likes nothing
    that may be given as a reason (``Taste.reasons``).
    """
    open_to = _without_reasons(taste, catalog, request).reasons
    weights = np.where(open_to, taste.weights * taste.values, 0)
    if not weights.any():
        return None
    row = int(np.random.default_rng(seed).choice(taste.rows, p=weights / weights.sum()))
    around = Neighborhood.around(manifest.analysis_of(catalog, row), catalog, request)
    found = personal(around, taste, seed)
    chance = float(weights[taste.rows == row].sum() / weights.sum())  # of drawing this anchor
    propensities = tuple(chance * propensity for propensity in found.propensities)
    return replace(found, anchor=catalog.track(row), propensities=propensities)


def pool_for(around: Neighborhood, taste: Taste) -> Pool:
    """The candidates, nearest first, starting with the plain list."""
    catalog, near = around.catalog, around.within(NEAREST)
    rows = np.array([row for row, _ in near], np.int64)
    judged = catalog.uploads[taste.rows[taste.own]]
    return Pool(
        rows=rows,
        distances=np.array([distance for _, distance in near]),
        agreement=genre_agreement(around.analysis.probabilities, catalog.probabilities[rows]),
        known=np.isin(catalog.uploads[rows], judged),
    )


def _without_reasons(taste: Taste, catalog: Catalog, request: Request) -> Taste:
    """The taste with the artists that a request leaves out among the spurned."""
    hidden = [name.casefold() for name in request.excluded_artists]
    by_hidden = np.isin(catalog.artists[taste.rows], hidden)
    return replace(taste, by_spurned=taste.by_spurned | by_hidden)


def with_taste(
    picks: Sequence[Pick], by_taste: Sequence[ByTaste | None], catalog: Catalog
) -> tuple[Pick, ...]:
    """The picks, with the reason first where taste put one in its place.

    ``by_taste`` has as many entries.  Raises KeyError if a liked track is not in the catalog.
    """
    return tuple(
        replace(pick, reasons=(*_reason(by, catalog), *pick.reasons)[:MAX_REASONS])
        for pick, by in zip(picks, by_taste, strict=True)
    )


def still_true(
    by_taste: Sequence[ByTaste | None], taste: Taste, catalog: Catalog, request: Request
) -> tuple[ByTaste | None, ...]:
    """The same, without tracks that are no reason by now: no longer liked, hidden, or not clean."""
    rows = taste.rows[_without_reasons(taste, catalog, request).reasons]
    liked = catalog.track_ids[rows[clean(catalog)[rows]] if request.clean else rows].tolist()
    return tuple(by if by and by.liked in (None, *liked) else None for by in by_taste)


def _reason(by: ByTaste | None, catalog: Catalog) -> tuple[Reason, ...]:
    if by is None:
        return ()
    if by.liked is None:
        return (Reason(by.kind, {}),)
    liked = catalog.track(catalog.row_of(by.liked))
    return (Reason(by.kind, {"title": liked.title, "artist": liked.artist}),)


def _moved(around: Neighborhood, choice: Choice, place: int) -> ByTaste | None:
    """Why a pick is a guess or moved up; None for one that stayed or fell, and for one whose liked
    track the request would not have named.
    """
    if choice.guess and place == len(choice.places) - 1:
        return ByTaste("guess")
    row = int(choice.because[place])
    if choice.places[place] <= place or row < 0:
        return None
    if around.request.clean and not clean(around.catalog)[row]:
        return None
    return ByTaste("liked_before", int(around.catalog.track_ids[row]))
