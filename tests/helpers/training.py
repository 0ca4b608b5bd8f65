"""Data to train on in seconds: three "genres" that differ in the bands in which they are loud."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.features.tiles import Steps

GENRES = ("Bass", "Middle", "Treble")


def banded(rng: np.random.Generator, kinds: npt.NDArray[np.integer[Any]]) -> Steps:
    """A tile (128, 32) for each kind, a place in ``GENRES``, of noise that is loud in its band."""
    tiles = rng.integers(0, 90, (len(kinds), 128, 32))
    for tile, kind in zip(tiles, kinds, strict=True):
        tile[40 * kind : 40 * kind + 40] += 120
    return tiles.astype(np.uint8)
