"""A Bayesian linear model of taste in its dual form: it uses likenesses, not feature weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soundmap.taste.likeness import Features, Matrix
from soundmap.taste.taste import DISLIKE_SHARE, Taste, Vector

_NOISE = 2.0  # noise variance of a fresh like; a track's prior variance is 2 too (``Shares``)
_SPREAD = 0.3  # scales prior and noise in the draws; the mean does not depend on it


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Linear regression of signals on features with a Gaussian prior.

    See Rasmussen & Williams 2006, equations 2.25 and 2.26.  ``there`` are the features of the n
    judged tracks and ``noise`` (n,) the noise variance of each; weak signals (old ones and
    dislikes) have a larger one.  ``precision``, float64 (n, n), is the inverse of the likeness
    matrix plus ``noise`` on its diagonal.
    """

    taste: Taste
    there: Features
    noise: Vector
    precision: Matrix

    @classmethod
    def of(cls, taste: Taste, there: Features) -> LinearModel:
        """Fits the model to a taste."""
        noise = _NOISE / (taste.weights * np.where(taste.values > 0, 1.0, DISLIKE_SHARE))
        precision = np.linalg.inv(there.likeness(there) + np.diag(noise))
        return cls(taste, there, noise, np.asarray(precision, dtype=np.float64))

    def pull(self, likeness: Matrix) -> Matrix:
        """What each judged track adds to the mean of each candidate, float64 (n_here, n).

        ``likeness`` (n_here, n) is that of candidates to judged tracks.
        """
        return likeness * (self.precision @ self.taste.values)

    def draws(self, here: Features, likeness: Matrix, n: int, rng: np.random.Generator) -> Matrix:
        """``n`` draws of the candidates' liking from the posterior, float64 (n_here, n).

        Each is a draw from the prior, corrected by its error on the signals (Matheron's rule;
        Wilson et al., *Efficiently sampling functions from Gaussian process posteriors*, ICML
        2020).  This avoids the covariance matrix of the candidates.
        """
        prior_here, prior_there = _prior(here, self.there, n, rng)
        noise = rng.standard_normal(prior_there.shape) * np.sqrt(self.noise)[:, None]
        wrong = self.taste.values[:, None] - _SPREAD * (prior_there + noise)
        corrected = likeness @ (self.precision @ wrong)
        return np.asarray(_SPREAD * prior_here + corrected)


def _prior(
    here: Features, there: Features, n: int, rng: np.random.Generator
) -> tuple[Matrix, Matrix]:
    """``n`` joint draws of the liking of both sets of tracks, whose covariance is ``likeness``."""
    axes = rng.standard_normal((here.values.shape[1], n))
    numbers, at = np.unique(np.append(here.artists, there.artists), return_inverse=True)
    artists = np.sqrt(here.artist_share) * rng.standard_normal((len(numbers), n))[at]
    split = len(here.artists)
    return here.values @ axes + artists[:split], there.values @ axes + artists[split:]
