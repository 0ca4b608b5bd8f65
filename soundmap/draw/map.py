"""The map as a picture: all tracks as a faint cloud, with a sound, a list, a path or a taste on it.

It is a dark panel with round corners, readable on dark and light backgrounds.  The colors of
genres are safe for color blindness, and marks differ in shape and number as well as in color.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from soundmap.draw.canvas import ACCENT, COOL, INK, MUTED, PANEL, rounded
from soundmap.draw.cloud import Pixels, draw_cloud
from soundmap.draw.legend import draw_legend, draw_title, legend_height
from soundmap.draw.marks import DOT, STAR, Marks, Place, marked
from soundmap.draw.pen import Pen, Places, spread
from soundmap.map.atlas import Atlas, rgb_of
from soundmap.types import Floats

WIDTH, HEIGHT, WHOLE_HEIGHT = 800, 600, 860
LARGE = 1.25  # scale of pictures meant to be looked at closely
MOST_BYTES = 200_000

_HEAD, _CORNER = 64, 28
_LEAST_REACH = 0.22  # smallest view, as a share of the whole map
_EDGE = 12  # pixels around what must be in view
_QUIET, _QUIET_WHOLE, _FAINT = 0.8, 0.5, 0.12
_COLORS = (240, 96, 32)  # tried in order until the file is small enough
_STEP = 17  # of 255, between the levels of transparency at a corner


@dataclass(frozen=True, slots=True)
class _View:
    """The part of the map in view: ``middle`` lies at the center of ``size`` pixels."""

    middle: tuple[float, float]
    pixels_a_unit: float
    size: tuple[int, int]

    def pixels(self, places: Floats | Sequence[Place]) -> Places:
        """Places on the map as pixels (n, 2) from the top left."""
        offset = np.asarray(places, np.float64).reshape(-1, 2) - self.middle
        return np.asarray(np.array(self.size) / 2 + offset * (1, -1) * self.pixels_a_unit)


def draw_map(atlas: Atlas, marks: Marks, scale: float = 1.0) -> bytes:
    """Draws a PNG of ``scale`` times ``WIDTH`` x ``HEIGHT`` pixels; equal marks give equal bytes.

    Where the whole map is shown, the height is ``WHOLE_HEIGHT``.
    """
    legend = {} if marks.liking is not None else atlas.genres
    head, foot = (round(it * scale) for it in (_HEAD, legend_height(legend)))
    height = WHOLE_HEIGHT if marks.shows_all else HEIGHT
    page = Image.new("RGB", (round(WIDTH * scale), round(height * scale)), PANEL)
    view = _view(atlas.layout, marks, (page.width, page.height - head - foot))
    field = Image.fromarray(_cloud(atlas, marks, view))
    _draw_marks(Pen(field, scale), view, marks)
    page.paste(field, (0, head))
    pen = Pen(page, scale)
    draw_title(pen, marks, head / 2)
    draw_legend(pen, legend, page.height - foot, WIDTH)
    return _png(page, round(_CORNER * scale))


def _view(layout: Floats, marks: Marks, size: tuple[int, int]) -> _View:
    """The whole map, or the surroundings of the marks with room for them at the edges."""
    extent = np.ptp(layout, axis=0).max() / 2 or 1.0
    shown = layout if marks.shows_all else np.array(marks.around, np.float32)
    low, high = shown.min(axis=0), shown.max(axis=0)
    least = 0.0 if marks.shows_all else _LEAST_REACH * extent
    reach = np.maximum((high - low) / 2, least)
    edge = (_EDGE if marks.shows_all else _EDGE + STAR) * size[0] / WIDTH
    unit = float(((np.array(size) / 2 - edge) / np.maximum(reach, 1e-6)).min())
    half = (np.array(size) / 2 - edge) / unit
    middle = _within((low + high) / 2, half, np.vstack([layout, shown])).tolist()
    return _View((middle[0], middle[1]), unit, size)


def _within(middle: Floats, half: Places, points: Floats) -> Places:
    """The center (2,) of a view that reaches ``half`` (2,) to each side, moved so that it shows
    nothing beyond ``points`` or, where it is larger than they are, all of them.
    """
    low, high = points.min(axis=0) + half, points.max(axis=0) - half
    return np.where(low > high, (low + high) / 2, np.clip(middle, low, high))


def _cloud(atlas: Atlas, marks: Marks, view: _View) -> Pixels:
    colors, ground = atlas.colors, np.array(rgb_of(PANEL), np.float32)
    quiet = _QUIET_WHOLE if marks.shows_all else _QUIET
    opacity: Floats = np.full(len(colors), quiet, np.float32)
    if marks.liking is not None:
        colors, opacity = _warmth(marks.liking)
    points = view.pixels(atlas.layout).astype(np.float32)
    return draw_cloud(points, colors, opacity, view.size, ground)


def _warmth(liking: Floats) -> tuple[Floats, Floats]:
    """Colors (n, 3) from cool through neutral to warm and opacity (n,), both by ``liking`` (n,)."""
    warm, cool, none = (np.array(rgb_of(it), np.float32) for it in (ACCENT, COOL, MUTED))
    much = np.abs(liking)[:, None]
    inks = np.where(liking[:, None] > 0, warm, cool)
    colors = none + much * (inks - none)
    opacity = _FAINT + (1 - _FAINT) * much[:, 0]
    return colors.astype(np.float32), opacity.astype(np.float32)


def _draw_marks(pen: Pen, view: _View, marks: Marks) -> None:
    """Draws the marks, most important on top; a line leads from a moved one to its true place."""
    for places, fill, sign in ((marks.dislikes, COOL, "-"), (marks.likes, ACCENT, "+")):
        for x, y in view.pixels(places).tolist():
            pen.button((x, y), DOT, fill, sign)
    shapes = marked(marks)
    if not shapes:
        return
    true = view.pixels([mark.at for mark in shapes])
    radii = [mark.radius * pen.scale for mark in shapes]
    shown = spread(true, radii, view.size, 1 if marks.star else 0, _EDGE * pen.scale)
    stops = [(float(x), float(y)) for x, y in shown]
    if marks.ends:
        pen.line([stops[0], *stops[2:], stops[1]], 5, INK)
    for stop, (x, y), mark in zip(stops, true.tolist(), shapes, strict=True):
        if np.hypot(stop[0] - x, stop[1] - y) > mark.radius * pen.scale / 2:
            pen.line([stop, (x, y)], 3, MUTED)
            pen.disc((x, y), 5, INK)
    for stop, mark in reversed(list(zip(stops, shapes, strict=True))):
        if mark.text:
            pen.button(stop, mark.radius, mark.fill, mark.text)
        else:
            pen.star(stop, mark.radius)


def _png(page: Image.Image, radius: int) -> bytes:
    """Encodes the page with round corners, in as many colors as ``MOST_BYTES`` allow."""
    cover = rounded(page.width, page.height, radius)
    for colors in _COLORS:
        few = page.quantize(colors, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        numbers = np.where(cover < 255, colors + cover // _STEP, np.asarray(few)).astype(np.uint8)
        picture, file = Image.fromarray(numbers), BytesIO()
        known = (few.getpalette() or [])[: 3 * colors]
        ground = rgb_of(PANEL) * (256 - len(known) // 3)
        picture.putpalette([*known, *ground])
        steps = bytes(range(0, 255, _STEP))
        picture.save(file, "PNG", transparency=b"\xff" * colors + steps)
        if file.tell() <= MOST_BYTES:
            break
    return file.getvalue()
