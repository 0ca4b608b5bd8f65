"""Expected liking of every track of a catalog, for the colors of the map."""

from __future__ import annotations

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.taste.bayes import LinearModel
from soundmap.taste.likeness import likeness_of
from soundmap.taste.taste import Taste
from soundmap.types import Floats

_BLOCK = 8_192  # rows computed at a time
_STRONG = 98  # percentile of absolute liking that is shown as full color


def liking_of(taste: Taste, catalog: Catalog) -> Floats:
    """Liking of each track as the linear model expects it, float32 (n,), -1 (disliked) to 1.

    All 0 if nothing was judged.  Values are scaled so that the strongest 2 % are -1 or 1.
    """
    expected = np.zeros(len(catalog), np.float32)
    if not len(taste.rows):
        return expected
    likeness = likeness_of(catalog)
    model = LinearModel.of(taste, likeness.of(taste.rows))
    for start in range(0, len(catalog), _BLOCK):
        here = likeness.of(np.arange(start, min(start + _BLOCK, len(catalog))))
        pull = model.pull(here.likeness(model.there))
        expected[start : start + _BLOCK] = pull.sum(axis=1)
    strong = float(np.percentile(np.abs(expected), _STRONG)) or 1.0
    return np.asarray(np.clip(expected / strong, -1, 1), dtype=np.float32)
