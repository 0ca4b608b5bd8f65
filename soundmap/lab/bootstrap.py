"""Resampling with replacement, for bootstrap intervals (Efron, Annals of Statistics 7, 1979)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

RESAMPLES = 2_000


def resampled(n: int, shares: npt.NDArray[np.float64], seed: int = 0) -> npt.NDArray[np.int64]:
    """How often each of k values is drawn when ``n`` are drawn: int64 (``RESAMPLES``, k).

    ``shares`` float64 (k,) are the probabilities of the values and sum to 1.  Equal seeds give
    equal draws.
    """
    return np.random.default_rng(seed).multinomial(n, shares, size=RESAMPLES)
