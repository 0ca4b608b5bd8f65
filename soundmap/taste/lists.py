"""Personal lists: the tracks near a sound, ordered by taste, with reasons."""

from __future__ import annotations

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
from soundmap.types import Pick, Reason, Recommendation, Track

NEAREST = 100
"""No taste brings up a track from further away than this many are from the sound."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A list and how it was made.

    ``propensities`` are the probabilities, 0..1, of each pick being at its rank: 1 if chance played
    no part.  ``rung`` is ``plain``, ``rocchio`` or ``bayes``: see ``Taste``.  ``anchor`` is the
    liked track that the list is built around if no sound was given.
    """

    recommendation: Recommendation
    propensities: tuple[float, ...]
    rung: str
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
    return Personal(around.recommendation(_picks(around, pool, choice)), chances, taste.rung)


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


def _picks(around: Neighborhood, pool: Pool, choice: Choice) -> tuple[Pick, ...]:
    """The chosen picks.  If taste moved one up, that reason comes first."""
    near = [(int(pool.rows[i]), float(pool.distances[i])) for i in choice.places]
    picks = around.picks(near)
    moved = [_moved(around, choice, place) for place in range(len(picks))]
    return tuple(
        replace(pick, reasons=(*why, *pick.reasons)[:MAX_REASONS])
        for pick, why in zip(picks, moved, strict=True)
    )


def _moved(around: Neighborhood, choice: Choice, place: int) -> tuple[Reason, ...]:
    """The reason for a guess or a pick that moved up; none for one that stayed or fell.

    Nor for one whose liked track the request would not have named.
    """
    if choice.guess and place == len(choice.places) - 1:
        return (Reason("guess", {}),)
    row = int(choice.because[place])
    if choice.places[place] <= place or row < 0:
        return ()
    if around.request.clean and not clean(around.catalog)[row]:
        return ()
    liked = around.catalog.track(row)
    return (Reason("liked_before", {"title": liked.title, "artist": liked.artist}),)
