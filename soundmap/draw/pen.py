"""Shapes with smooth edges: discs, stars, lines, words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from soundmap.draw.canvas import ACCENT, INK, PANEL, fitted, font_of

_FINE = 4  # times larger a shape is drawn before it is scaled down
_STAR = 10  # corners, every other one an inner one
_INNER = 0.45
_LETTERS = {"+": 2.0, "-": 2.6}  # font size on a disc, in radii
_WIDEST = 300  # pixels at scale 1; names of genres may be long

Pixel = tuple[float, float]
Places = npt.NDArray[np.float64]


class Pen:
    """Draws on a page.  Sizes are for a page 800 pixels wide and grow with ``scale``."""

    def __init__(self, page: Image.Image, scale: float) -> None:
        self._page, self.scale = page, scale
        self._draw = ImageDraw.Draw(page)

    def disc(self, at: Pixel, radius: float, fill: str) -> None:
        """Draws a disc."""
        self._stamp(at, _disc(round(radius * self.scale, 2)), fill)

    def star(self, at: Pixel, radius: float) -> None:
        """Draws a star with one point up, and a light and a dark rim around it."""
        for more, fill in ((7, PANEL), (4, INK), (0, ACCENT)):
            self._stamp(at, _star(round((radius + more) * self.scale, 2)), fill)

    def button(self, at: Pixel, radius: float, fill: str, text: str) -> None:
        """Draws a disc with a dark rim and one or two letters on it."""
        self.disc(at, radius + 3, PANEL)
        self.disc(at, radius, fill)
        size = radius * _LETTERS.get(text, 1.4 if len(text) == 1 else 1.15)
        self.words((at[0], at[1]), text, size, PANEL, anchor="mm")

    def line(self, stops: Sequence[Pixel], width: float, fill: str) -> None:
        """Draws a line through ``stops``, in pixels of the page."""
        fine = Image.new("L", (self._page.width * 2, self._page.height * 2))
        bent = [(2 * x, 2 * y) for x, y in stops]
        ImageDraw.Draw(fine).line(bent, 255, round(2 * width * self.scale), joint="curve")
        self._page.paste(fill, (0, 0), fine.reduce(2))

    def words(
        self, at: Pixel, text: str, size: float, fill: str = INK, anchor: str = "lm"
    ) -> float:
        """Writes on one line, at a Pillow anchor; returns the width in pixels of the page."""
        font = font_of(round(size * self.scale))
        self._draw.text(at, self._fitted(text, size), fill, font, anchor=anchor)
        return self.width(text, size)

    def width(self, text: str, size: float) -> float:
        """Width of a text in pixels of the page."""
        return float(font_of(round(size * self.scale)).getlength(self._fitted(text, size)))

    def _fitted(self, text: str, size: float) -> str:
        return fitted(text, font_of(round(size * self.scale)), _WIDEST * self.scale)

    def _stamp(self, at: Pixel, mask: Image.Image, fill: str) -> None:
        corner = round(at[0] - mask.width / 2), round(at[1] - mask.height / 2)
        self._page.paste(fill, corner, mask)


def spread(
    places: Places,
    radii: Sequence[float],
    size: tuple[int, int],
    fixed: int = 0,
    edge: float = 0.0,
) -> Places:
    """Moves ``places`` (n, 2), in pixels, just enough that discs of ``radii`` (n,) do not overlap.

    All stay inside ``size`` (width, height), ``edge`` from its sides; the first ``fixed`` do not
    move.  Where there is
    too little room, discs still overlap.
    """
    reach = np.array(radii)
    apart = reach[:, None] + reach
    np.fill_diagonal(apart, 0)
    moved = places + np.arange(len(places))[:, None] * (1e-3, 2e-3)  # equal places: no direction
    low = reach[:, None] + edge
    high = np.array(size) - low
    for _ in range(80):
        between = moved[:, None] - moved
        far = np.hypot(*np.moveaxis(between, -1, 0))
        short = np.maximum(apart - far, 0) / np.maximum(far, 1e-9)
        moved = np.clip(moved + 0.5 * (between * short[..., None]).sum(axis=1), low, high)
        moved[:fixed] = places[:fixed]
    return np.asarray(moved)


@lru_cache(maxsize=64)
def _disc(radius: float) -> Image.Image:
    fine = _blank(radius)
    ImageDraw.Draw(fine).ellipse(
        [fine.width / 2 + sign * radius * _FINE for sign in (-1, -1, 1, 1)], 255
    )
    return fine.reduce(_FINE)


@lru_cache(maxsize=16)
def _star(radius: float) -> Image.Image:
    fine = _blank(radius)
    turns = np.arange(_STAR) * 2 * np.pi / _STAR
    reach = radius * _FINE * np.where(np.arange(_STAR) % 2, _INNER, 1)
    corners = fine.width / 2 + np.stack([np.sin(turns), -np.cos(turns)], axis=1) * reach[:, None]
    ImageDraw.Draw(fine).polygon([(x, y) for x, y in corners.tolist()], 255)
    return fine.reduce(_FINE)


def _blank(radius: float) -> Image.Image:
    side = 2 * (int(radius) + 2) * _FINE
    return Image.new("L", (side, side))
