"""Points drawn to lie like those of a catalog, to measure sizes that no catalog at hand has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from soundmap.search.exact import Points
from soundmap.types import Floats

NEIGHBORS = 24
CHUNK = 16_384


class Crowd:
    """Draws around ``points`` (n, d): around each from a normal distribution as wide in every
    direction as its ``NEIGHBORS`` nearest lie apart.

    So the distance from a drawn point to the nearest of the points is about that between the points
    themselves.  Where all points have one length, as embeddings on a sphere do, so have the drawn
    ones.
    """

    def __init__(self, points: Floats) -> None:
        self._points = np.asarray(points)
        lengths = np.linalg.norm(self._points, axis=1)
        self._radius = float(lengths.mean()) if np.ptp(lengths) < 1e-3 * lengths.mean() else 0.0
        search = Points(self._points)
        k = min(NEIGHBORS, len(points) - 1)
        near = [search.nearest(point, k + 1)[0][1:] for point in self._points]
        self._offsets = self._points[np.array(near)] - self._points[:, None]

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """``n`` points, float32 (n, d)."""
        chosen = rng.integers(len(self._points), size=n)
        weights = rng.standard_normal((n, 1, self._offsets.shape[1]), np.float32)
        weights /= np.sqrt(np.float32(self._offsets.shape[1]))
        drawn: Floats = self._points[chosen] + (weights @ self._offsets[chosen])[:, 0]
        if self._radius:
            drawn *= self._radius / np.linalg.norm(drawn, axis=1, keepdims=True)
        return drawn

    def chunks(self, n: int, rng: np.random.Generator) -> Iterator[Floats]:
        """``n`` points, at most ``CHUNK`` at a time."""
        for start in range(0, n, CHUNK):
            yield self.draw(min(CHUNK, n - start), rng)
