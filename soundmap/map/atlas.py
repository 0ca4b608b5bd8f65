"""A catalog with its places on the map: what a picture of it is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from soundmap.catalog import Catalog
from soundmap.map.layout import read_layout
from soundmap.map.palette import genre_colors
from soundmap.map.placing import place
from soundmap.types import Floats

Colors = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Atlas:
    """The tracks of ``catalog`` lie at ``layout`` (n, 2) in -1..1, x to the right, y upwards."""

    catalog: Catalog
    layout: Floats

    @cached_property
    def genres(self) -> dict[str, str]:
        """``#rrggbb`` of each genre, in the order of their names."""
        return genre_colors(sorted(set(self.catalog.columns["genre"])))

    @cached_property
    def colors(self) -> Colors:
        """Color of each track's genre, float32 (n, 3) in 0..255."""
        known = {genre: rgb_of(color) for genre, color in self.genres.items()}
        return np.array([known[genre] for genre in self.catalog.columns["genre"]], np.float32)

    def place(self, embedding: Floats) -> tuple[float, float]:
        """Where a sound lands."""
        return place(embedding, self.catalog, self.layout)


@lru_cache(maxsize=2)
def atlas_of(catalog: Catalog, bundle: Path) -> Atlas:
    """The map of a bundle and its catalog, made once.  Raises BadBundle where it has none."""
    return Atlas(catalog, read_layout(bundle))


def rgb_of(color: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``, 0..255."""
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue
