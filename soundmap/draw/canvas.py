"""What all pictures share: the palette, round corners, a font, and text cut to fit.

The colors of genres and the accent are in ``soundmap.map.atlas``: the map's page needs them too,
and it must load no Pillow.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import ImageFont

from soundmap.map.atlas import ACCENT as ACCENT

PANEL, INK, MUTED = "#16141f", "#f7f4fb", "#b7b0c4"
GRID, AXIS = "#2b2836", "#3a3547"
COOL = "#5b8ff9"  # the opposite of ACCENT; they differ in lightness, not in hue alone
MUTED_ON_WHITE = "#6b6577"
# matplotlib's magma in nine stops: even steps to the eye, and a ramp of lightness to the color
# blind.
MAGMA = (
    *("#000004", "#1c1044", "#4f127b", "#812581", "#b5367a"),
    *("#e55964", ACCENT, "#fec287", "#fcfdbf"),
)
ROSE, CREAM = MAGMA[4], MAGMA[8]


@lru_cache(maxsize=8)
def rounded(width: int, height: int, radius: float) -> npt.NDArray[np.uint8]:
    """Coverage of each pixel by a box with round corners, uint8 (height, width), 0..255."""
    across, down = (
        np.maximum(0, np.abs(np.arange(size) + 0.5 - size / 2) - size / 2 + radius)
        for size in (width, height)
    )
    distance = np.hypot(across[None], down[:, None])
    return np.asarray(np.rint(255 * np.clip(radius + 0.5 - distance, 0, 1)), dtype=np.uint8)


@lru_cache(maxsize=16)
def font_of(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's built-in font, which covers Latin letters only."""
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def fitted(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """The text on one line, ended by an ellipsis where it would exceed ``width`` pixels."""
    text = "".join(letter if letter.isprintable() else "?" for letter in text[:80])
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"
