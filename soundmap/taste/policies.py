"""Which of the tracks near a sound somebody is shown: what is near, weighed with what is liked.

The models of taste score a candidate by a weighted sum of its likenesses to judged tracks.  No
policy brings in a track that is not near the sound, and every list keeps to the sound's genres:
see ``guarded``.
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
NEARNESS = 0.2  # what the middle of the candidates lacks against the nearest one
_DOUBT = 1.0  # signals' worth, in a mean over few
_DRAWS = 63
_KNOWN = 1e3
_PULLS = (0.0, *np.geomspace(0.02, 64, 26).tolist())


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates, nearest first, no artist and no recording twice: ``rows`` int64 (n,);
    ``distances`` float64 (n,); ``agreement`` float64 (n,) 0..1 with the sound's genres;
    ``known`` bool (n,) where the person has judged a track already.
    """

    rows: Rows
    distances: Vector
    agreement: Vector
    known: npt.NDArray[np.bool_]

    @property
    def head_start(self) -> Vector:
        """What is added to liking, <= 0: the nearer the more; what is known comes last."""
        beyond = self.distances - self.distances[0]
        return np.asarray(-NEARNESS * beyond / (beyond.mean() or 1.0) - _KNOWN * self.known)


@dataclass(frozen=True, slots=True)
class Choice:
    """What to show: ``places`` int64 (k,) in the pool; ``propensities`` float64 (k,) 0..1, how
    probable each was where it is; ``because`` int64 (k,) the row of the own liked track that
    speaks most for it, or -1; ``guess`` where the last one was drawn and not believed in.
    """

    places: Places
    propensities: Vector
    because: Rows
    guess: bool = False


def genre_agreement(ours: npt.NDArray[np.floating], theirs: npt.NDArray[np.floating]) -> Vector:
    """Overlap of what was heard, sum over genres of min(p, q): float64 (n,) 0..1.

    ``ours`` (n_genres,) of the sound, ``theirs`` (n, n_genres) of the candidates.  It is one
    less the total variation distance.
    """
    return np.asarray(np.minimum(ours, theirs).sum(axis=1), dtype=np.float64)


def guarded(scores: Vector, agreement: Vector, count: int) -> Places:
    """The ``count`` best of ``scores`` (n,) whose mean agreement is at most two points under that
    of the first ``count`` candidates, the plain list.

    Agreement is added to the scores, ever more of it, until that holds; in the end the plain
    list is what is left.  So it holds whatever the scores are.
    """
    least = least_agreement(agreement, count)
    for pull in _PULLS:
        best = np.argsort(-(scores + pull * agreement), kind="stable")[:count]
        if agreement[best].sum() >= least:
            return best
    return np.arange(min(count, len(scores)))


def least_agreement(agreement: Vector, count: int) -> float:
    """The sum of agreement that a list of ``count`` must have."""
    return float(agreement[:count].sum() - AGREEMENT_SLACK * min(count, len(agreement)))


def choose(
    pool: Pool, taste: Taste, likeness: Likeness, count: int, rng: np.random.Generator
) -> Choice:
    """What the ladder shows from ``pool``: see ``taste``."""
    if taste.rung == "plain" or not len(pool.rows):
        places = np.arange(min(count, len(pool.rows)))
        return Choice(places, np.ones(len(places)), np.full(len(places), -1))
    if taste.rung == "rocchio":
        return rocchio(pool, taste, likeness, count)
    return thompson(pool, taste, likeness, count, rng)


def rocchio(pool: Pool, taste: Taste, likeness: Likeness, count: int) -> Choice:
    """Towards the liked and, less so, away from the disliked (Rocchio 1971, with the query's own
    term as nearness): mean likeness to those less a share of mean likeness to these.
    """
    said = taste.weights * taste.values
    to, away = np.maximum(said, 0), np.maximum(-said, 0)
    weights = to / (to.sum() + _DOUBT) - DISLIKE_SHARE * away / (away.sum() + _DOUBT)
    pull = likeness.of(pool.rows).likeness(likeness.of(taste.rows)) * weights
    places = guarded(pull.sum(axis=1) + pool.head_start, pool.agreement, count)
    return Choice(places, np.ones(len(places)), _because(pull[places], taste))


def thompson(
    pool: Pool, taste: Taste, likeness: Likeness, count: int, rng: np.random.Generator
) -> Choice:
    """What is believed to be liked and, last in the list, one guess: the best by a taste drawn
    from all that the signals leave possible (Thompson, Biometrika 25, 1933; Agrawal & Goyal,
    Thompson sampling for contextual bandits with linear payoffs, ICML 2013).

    The guess's propensity is its share of ``_DRAWS`` further draws and itself.
    """
    model = LinearModel.of(taste, likeness.of(taste.rows))
    here = likeness.of(pool.rows)
    alike = here.likeness(model.there)
    pull = model.pull(alike)
    places = guarded(pull.sum(axis=1) + pool.head_start, pool.agreement, count)
    propensities = np.ones(len(places))
    if guess := len(places) > 1:
        open_to = _open_to(pool, places[:-1], count)
        draws = model.draws(here.at(open_to), alike[open_to], _DRAWS + 1, rng)
        drawn = (draws.T + pool.head_start[open_to]).argmax(axis=1)
        places[-1] = open_to[drawn[0]]
        propensities[-1] = (drawn == drawn[0]).mean()
    return Choice(places, propensities, _because(pull[places], taste), guess)


def _open_to(pool: Pool, others: Places, count: int) -> Places:
    """Places a guess may take beside ``others``: the list keeps to the genres with each."""
    missing = least_agreement(pool.agreement, count) - pool.agreement[others].sum()
    fits = pool.agreement >= missing - 1e-9  # the one that was last fits, whatever is rounded
    fits[others] = False
    return np.flatnonzero(fits)


def _because(pull: Matrix, taste: Taste) -> Rows:
    """The row of the own liked track with the most pull on each, -1 where none has any."""
    pull = np.where(taste.likes, pull, 0)
    if not pull.size:
        return np.full(len(pull), -1)
    return np.where(pull.max(axis=1) > 0, taste.rows[pull.argmax(axis=1)], -1)
