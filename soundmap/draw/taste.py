"""The picture of a taste: bars to the right for what is liked, to the left for what is not."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from soundmap.draw.canvas import ACCENT, AXIS, COOL, INK, MUTED, PANEL, font_of
from soundmap.taste.beliefs import Belief

WIDTH, ROW = 800, 62
_MARGIN, _HEAD, _MIDDLE, _REACH = 28, 58, 545, 210
_MOST_LETTERS = 22


def draw_taste(beliefs: Sequence[Belief]) -> bytes:
    """Draws beliefs, at least one, as a PNG ``WIDTH`` pixels wide, a row of ``ROW`` pixels each."""
    height = _HEAD + ROW * len(beliefs) + _MARGIN
    image = Image.new("RGBA", (WIDTH, height))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, WIDTH - 1, height - 1), 28, fill=PANEL)
    small = font_of(20)
    pen.text((_MIDDLE - 14, 22), "dislikes", fill=MUTED, font=small, anchor="ra")
    pen.text((_MIDDLE + 14, 22), "likes", fill=MUTED, font=small)
    pen.line((_MIDDLE, 22, _MIDDLE, height - _MARGIN), fill=AXIS, width=3)
    for index, belief in enumerate(beliefs):
        _draw_row(pen, belief, _HEAD + index * ROW)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_row(pen: ImageDraw.ImageDraw, belief: Belief, top: int) -> None:
    font, small = font_of(30), font_of(20)
    name = belief.name if len(belief.name) <= _MOST_LETTERS else f"{belief.name[:21]}…"
    pen.text((_MARGIN, top + 4), name, fill=INK, font=font)
    pen.text((_MARGIN, top + 38), belief.kind, fill=MUTED, font=small)
    reach = max(6, round(abs(belief.weight) * _REACH))
    left, right = (_MIDDLE, _MIDDLE + reach) if belief.weight > 0 else (_MIDDLE - reach, _MIDDLE)
    color = ACCENT if belief.weight > 0 else COOL
    pen.rounded_rectangle((left, top + 12, right, top + 42), 6, fill=color)
