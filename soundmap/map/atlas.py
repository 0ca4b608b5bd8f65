"""A catalog with its layout: the data that pictures and pages of the map are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from soundmap.catalog.layout import read_layout
from soundmap.catalog.table import Catalog
from soundmap.map.placing import place
from soundmap.types import Floats

NIGHT, DAY = "dark", "light"
ACCENT = "#fb8761"
GRAY = {NIGHT: "#8b8a99", DAY: "#8a8894"}
_COLORS = ("e69f00", "56b4e9", "009e73", "f0e442", "0072b2", "d55e00", "cc79a7", "000000")
_SHADES = {NIGHT: {"000000": "d9d7e3"}, DAY: {"f0e442": "d0ba00"}}  # for those it would hide

Colors = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Atlas:
    """A catalog whose tracks lie at ``layout`` (n, 2) in -1..1, x to the right, y upwards."""

    catalog: Catalog
    layout: Floats

    @cached_property
    def genres(self) -> dict[str, str]:
        """``#rrggbb`` of each genre, sorted by name."""
        return genre_colors(sorted(set(self.catalog.columns["genre"])))

    @cached_property
    def colors(self) -> Colors:
        """Color of each track's genre, float32 (n, 3) in 0..255."""
        known = {genre: rgb_of(color) for genre, color in self.genres.items()}
        return np.array([known[genre] for genre in self.catalog.columns["genre"]], np.float32)

    def place(self, embedding: Floats) -> tuple[float, float]:
        """Place (x, y) of a sound with ``embedding`` (d,)."""
        return place(embedding, self.catalog, self.layout)


@lru_cache(maxsize=2)
def atlas_of(catalog: Catalog, bundle: Path) -> Atlas:
    """The map of a bundle's catalog, kept for the next call.  Raises BadBundle if it has none."""
    return Atlas(catalog, read_layout(bundle))


def rgb_of(color: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``, 0..255."""
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue


def genre_colors(genres: Sequence[str], ground: str = NIGHT) -> dict[str, str]:
    """``#rrggbb`` of each genre on a dark or light background; gray from the ninth on.

    The colors are safe for color blindness (Okabe and Ito, *Color Universal Design*, 2008).
    """
    shades = _SHADES[ground]
    colors = [f"#{shades.get(color, color)}" for color in _COLORS]
    colors += [GRAY[ground]] * max(0, len(genres) - len(colors))
    return dict(zip(genres, colors, strict=False))
