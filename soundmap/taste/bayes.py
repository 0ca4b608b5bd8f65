"""A Bayesian linear model of taste, in its dual form: likenesses and signals, no weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soundmap.taste.likeness import Features, Matrix
from soundmap.taste.taste import DISLIKE_SHARE, Taste, Vector

_NOISE = 2.0  # variance of a fresh like's noise, where a track's liking has 2 (``Shares``)
_SPREAD = 0.3  # standard deviation of one unit of both: only the draws see it


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Linear regression of signals on features with a Gaussian prior (Rasmussen & Williams 2006,
    equations 2.25 and 2.26): ``there`` the n judged tracks', ``precision`` float64 (n, n) the
    inverse of their likenesses plus ``noise`` (n,), a variance for each.

    The less a signal says, being old or a dislike, the larger the variance of its noise.
    """

    taste: Taste
    there: Features
    noise: Vector
    precision: Matrix

    @classmethod
    def of(cls, taste: Taste, there: Features) -> LinearModel:
        """The model of a taste."""
        noise = _NOISE / (taste.weights * np.where(taste.values > 0, 1.0, DISLIKE_SHARE))
        precision = np.linalg.inv(there.likeness(there) + np.diag(noise))
        return cls(taste, there, noise, np.asarray(precision, dtype=np.float64))

    def pull(self, likeness: Matrix) -> Matrix:
        """What each judged track adds to each candidate's mean, float64 (n_here, n), from the
        likeness (n_here, n) of the two.
        """
        return likeness * (self.precision @ self.taste.values)

    def draws(self, here: Features, likeness: Matrix, n: int, rng: np.random.Generator) -> Matrix:
        """Liking of the candidates drawn ``n`` times from the posterior, float64 (n_here, n).

        A draw from the prior, corrected by what it gets wrong about the signals (Matheron's
        rule; Wilson et al., Efficiently sampling functions from Gaussian process posteriors,
        ICML 2020): no covariance of the candidates is needed.
        """
        prior_here, prior_there = _prior(here, self.there, n, rng)
        noise = rng.standard_normal(prior_there.shape) * np.sqrt(self.noise)[:, None]
        wrong = self.taste.values[:, None] - _SPREAD * (prior_there + noise)
        corrected = likeness @ (self.precision @ wrong)
        return np.asarray(_SPREAD * prior_here + corrected)


def _prior(
    here: Features, there: Features, n: int, rng: np.random.Generator
) -> tuple[Matrix, Matrix]:
    """Liking of both kinds of tracks, drawn ``n`` times with covariance ``likeness``."""
    axes = rng.standard_normal((here.values.shape[1], n))
    numbers, at = np.unique(np.append(here.artists, there.artists), return_inverse=True)
    artists = np.sqrt(here.artist_share) * rng.standard_normal((len(numbers), n))[at]
    split = len(here.artists)
    return here.values @ axes + artists[:split], there.values @ axes + artists[split:]
