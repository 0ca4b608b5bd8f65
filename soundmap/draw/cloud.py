"""Draws thousands of points as soft discs in one pass."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from soundmap.types import Floats

Pixels = npt.NDArray[np.uint8]
_CROWDED = 0.32  # radius of a disc, relative to the mean distance between points
_LEAST_RADIUS, _MOST_RADIUS = 1.3, 5.0


def draw_cloud(
    points: Floats, colors: Floats, opacity: Floats, size: tuple[int, int], ground: Floats
) -> Pixels:
    """Draws ``points`` (n, 2), in pixels from the top left, as discs: uint8 (height, width, 3).

    ``colors`` (n, 3) are in 0..255, ``opacity`` (n,) in 0..1, ``ground`` (3,) is the background
    and ``size`` is (width, height).  Overlapping discs mix.  The fewer points are in view, the
    larger the discs.
    """
    width, height = size
    inside = ((points > -_MOST_RADIUS) & (points < np.array(size) + _MOST_RADIUS)).all(axis=1)
    points, colors, opacity = points[inside], colors[inside], opacity[inside]
    room = np.sqrt(width * height / max(1, len(points)))
    disc, edge = _disc(float(np.clip(_CROWDED * room, _LEAST_RADIUS, _MOST_RADIUS)))
    at = np.floor(points).astype(np.int64) + edge
    across = width + 2 * edge
    index = ((at[:, 1:] + disc[:, 1]) * across + at[:, :1] + disc[:, 0]).astype(np.int64).ravel()
    cells = across * (height + 2 * edge)
    covered = (opacity[:, None] * disc[:, 2].astype(np.float32)).ravel()

    def summed(shares: Floats) -> Floats:
        """Sum over the discs in each pixel, float32 (height, width)."""
        sums = np.bincount(index, shares, cells).reshape(-1, across)
        return sums[edge : edge + height, edge : edge + width].astype(np.float32)

    weight = summed(covered)
    cover, weight = 1 - np.exp(-weight), np.maximum(weight, np.float32(1e-9))
    page = np.empty((height, width, 3), np.uint8)
    for channel, below in enumerate(ground):
        ink = summed(covered * np.repeat(colors[:, channel], len(disc))) / weight
        page[..., channel] = np.rint(below + cover * (ink - below))
    return page


@lru_cache(maxsize=64)
def _disc(radius: float) -> tuple[npt.NDArray[np.float64], int]:
    """Pixels of a disc as rows (x, y, coverage 0..1) around its center, and the padding needed."""
    edge = int(np.ceil(radius + 0.5)) + int(_MOST_RADIUS)
    reach = np.arange(-int(radius + 1), int(radius + 2))
    x, y = (axis.ravel() for axis in np.meshgrid(reach, reach))
    share = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    return np.stack([x, y, share], axis=1)[share > 0], edge
