"""Policies that choose tracks near a sound by nearness and taste.

The taste models score a candidate by a weighted sum of its likenesses to judged tracks.  No policy
adds a track that is not near the sound, and every list keeps to the sound's genres and, until a
person has voted often, to most of the plain list: see ``guarded``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from soundmap.search.exact import Rows
from soundmap.taste.bayes import LinearModel
from soundmap.taste.likeness import Likeness, Matrix
from soundmap.taste.taste import DISLIKE_SHARE, Taste, Vector

Places = npt.NDArray[np.int64]

AGREEMENT_SLACK = 0.02
NEARNESS = 0.2  # the score that a candidate at the mean extra distance loses to the nearest
_DOUBT = 1.0  # one neutral signal in each mean, so that few signals count less
_DRAWS = 63
_KNOWN = 1e3
_PULLS = (0.0, *np.geomspace(0.02, 64, 26).tolist())


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates, nearest first, with no artist or recording twice.

    ``rows`` are int64 (n,) and ``distances`` float64 (n,).  ``agreement``, float64 (n,) in 0..1, is
    with the sound's genres: see ``genre_agreement``.  ``known``, bool (n,), marks tracks that the
    person has already judged.
    """

    rows: Rows
    distances: Vector
    agreement: Vector
    known: npt.NDArray[np.bool_]

    @property
    def head_start(self) -> Vector:
        """A score to add to liking, float64 (n,), <= 0: higher if nearer, far lower if known."""
        beyond = self.distances - self.distances[0]
        return np.asarray(-NEARNESS * beyond / (beyond.mean() or 1.0) - _KNOWN * self.known)


@dataclass(frozen=True, slots=True)
class Choice:
    """The k candidates to show.

    ``places``, int64 (k,), are positions in the pool.  ``propensities``, float64 (k,) in 0..1, are
    the probabilities of each being at its rank.  ``because``, int64 (k,), is the row of the
    ``Taste.reasons`` that contributed most to each, -1 if none did.  ``guess`` is true if the last
    one was drawn at random to learn from, rather than for its score.
    """

    places: Places
    propensities: Vector
    because: Rows
    guess: bool = False


def genre_agreement(ours: npt.NDArray[np.floating], theirs: npt.NDArray[np.floating]) -> Vector:
    """Overlap of genre probabilities, sum over genres of min(p, q): float64 (n,) in 0..1.

    ``ours`` (n_genres,) are those of the sound, ``theirs`` (n, n_genres) those of the candidates.
    It equals 1 minus the total variation distance.
    """
    return np.asarray(np.minimum(ours, theirs).sum(axis=1), dtype=np.float64)


def guarded(scores: Vector, agreement: Vector, count: int, stay: int = 0) -> Places:
    """The ``count`` best places by ``scores`` (n,) that keep to the sound and its genres.

    At least ``stay`` of them are of the plain list, the first ``count`` candidates.  Their mean
    agreement is at most 0.02 below that of the plain list.  To ensure this, agreement is added to
    the scores with increasing weight; if no weight suffices, the plain list is returned.
    """
    least = least_agreement(agreement, count)
    for pull in _PULLS:
        best = _best(scores + pull * agreement, count, stay)
        if agreement[best].sum() >= least:
            return best
    return np.arange(min(count, len(scores)))


def _best(scores: Vector, count: int, stay: int) -> Places:
    """The ``count`` best places, best first, at most ``count - stay`` of them newcomers."""
    order = np.argsort(-scores, kind="stable")
    is_new = order >= count
    return order[~is_new | (np.cumsum(is_new) <= count - stay)][:count]


def least_agreement(agreement: Vector, count: int) -> float:
    """The least sum of agreement that a list of ``count`` may have."""
    return float(agreement[:count].sum() - AGREEMENT_SLACK * min(count, len(agreement)))


def choose(
    pool: Pool, taste: Taste, likeness: Likeness, count: int, rng: np.random.Generator
) -> Choice:
    """Chooses ``count`` from ``pool`` by the policy of the taste's rung: see ``Taste``."""
    if taste.rung == "plain" or not len(pool.rows):
        places = np.arange(min(count, len(pool.rows)))
        return Choice(places, np.ones(len(places)), np.full(len(places), -1))
    if taste.rung == "rocchio":
        return rocchio(pool, taste, likeness, count)
    return thompson(pool, taste, likeness, count, rng)


def rocchio(pool: Pool, taste: Taste, likeness: Likeness, count: int) -> Choice:
    """Moves toward liked tracks and, less strongly, away from disliked ones (Rocchio 1971).

    The score is the mean likeness to the liked tracks minus a share of that to the disliked ones;
    nearness to the sound stands for Rocchio's query term.
    """
    said = taste.weights * taste.values
    to, away = np.maximum(said, 0), np.maximum(-said, 0)
    weights = to / (to.sum() + _DOUBT) - DISLIKE_SHARE * away / (away.sum() + _DOUBT)
    pull = likeness.of(pool.rows).likeness(likeness.of(taste.rows)) * weights
    scores = pull.sum(axis=1) + pool.head_start
    places = guarded(scores, pool.agreement, count, taste.stays(count))
    return Choice(places, np.ones(len(places)), _because(pull[places], taste))


def thompson(
    pool: Pool, taste: Taste, likeness: Likeness, count: int, rng: np.random.Generator
) -> Choice:
    """The best by expected liking and, last in the list, one guess by Thompson sampling.

    The guess is the best candidate for one taste drawn from the posterior (Thompson, Biometrika
    25, 1933; Agrawal & Goyal, *Thompson sampling for contextual bandits with linear payoffs*, ICML
    2013).  Its propensity is its share among that draw and ``_DRAWS`` more.
    """
    model = LinearModel.of(taste, likeness.of(taste.rows))
    here = likeness.of(pool.rows)
    alike = here.likeness(model.there)
    pull = model.pull(alike)
    scores = pull.sum(axis=1) + pool.head_start
    places = guarded(scores, pool.agreement, count, taste.stays(count))
    propensities = np.ones(len(places))
    if guess := len(places) > 1:
        open_to = _open_to(pool, places[:-1], count, taste.stays(count))
        draws = model.draws(here.at(open_to), alike[open_to], _DRAWS + 1, rng)
        drawn = (draws.T + pool.head_start[open_to]).argmax(axis=1)
        places[-1] = open_to[drawn[0]]
        propensities[-1] = (drawn == drawn[0]).mean()
    return Choice(places, propensities, _because(pull[places], taste), guess)


def _open_to(pool: Pool, others: Places, count: int, stay: int) -> Places:
    """Candidates that may be the guess beside ``others`` so that the list stays ``guarded``."""
    missing = least_agreement(pool.agreement, count) - pool.agreement[others].sum()
    fits = pool.agreement >= missing - 1e-9  # the former last pick must fit despite rounding
    fits[others] = False
    if (others >= count).sum() >= count - stay:
        fits[count:] = False
    return np.flatnonzero(fits)


def _because(pull: Matrix, taste: Taste) -> Rows:
    """The row of the reason with the most pull on each, -1 if none has any."""
    pull = np.where(taste.reasons, pull, 0)
    if not pull.size:
        return np.full(len(pull), -1)
    return np.where(pull.max(axis=1) > 0, taste.rows[pull.argmax(axis=1)], -1)
