"""Title and legend of a picture of the map: what its marks mean, and the colors of genres."""

from __future__ import annotations

from soundmap.draw.canvas import ACCENT, COOL, INK, MUTED
from soundmap.draw.marks import Marks
from soundmap.draw.pen import Pen

MOST_SHOWN_GENRES = 8
MARGIN, ROW, COLUMNS = 28, 38, 4
_WORDS, _NAMES, _INDENT = 30, 25, 26


def legend_height(genres: dict[str, str]) -> int:
    """Height of the legend in pixels at scale 1, margin included."""
    return -(-min(len(genres), MOST_SHOWN_GENRES) // COLUMNS) * ROW + MARGIN


def draw_title(pen: Pen, marks: Marks, middle: float) -> None:
    """Draws each kind of mark with its meaning beside it, on a line centered at ``middle``."""
    x = MARGIN * pen.scale
    for shape, words in _meanings(marks):
        if shape == "★":
            pen.star((x + 15 * pen.scale, middle), 17)
        elif shape:
            pen.button((x + 15 * pen.scale, middle), 16, *shape)
        x += 44 * pen.scale if shape else 0
        x += pen.words((x, middle), words, _WORDS) + 30 * pen.scale


def _meanings(marks: Marks) -> list[tuple[str | tuple[str, str], str]]:
    if marks.liking is not None:
        judged = [((ACCENT, "+"), "liked"), ((COOL, "-"), "not")]
        return [("", "What you may like"), *judged[: 1 + bool(marks.dislikes)]]
    if marks.ends:
        return [((ACCENT, "A"), "from"), ((ACCENT, "B"), "to"), ((INK, "1"), "by way of")]
    found: list[tuple[str | tuple[str, str], str]] = [("★", "your sound")] if marks.star else []
    return [*found, *([((INK, "1"), "the list")] if marks.picks else [])]


def draw_legend(pen: Pen, genres: dict[str, str], top: float, page_width: int) -> None:
    """Draws color and name of each genre, in columns as wide as their names."""
    names = list(genres)[:MOST_SHOWN_GENRES]
    columns = [names[at::COLUMNS] for at in range(COLUMNS)]
    widths = [max((pen.width(name, _NAMES) for name in column), default=0.0) for column in columns]
    gap = (page_width - 2 * MARGIN) * pen.scale - sum(widths) - len(widths) * _INDENT * pen.scale
    x = MARGIN * pen.scale
    for column, width in zip(columns, widths, strict=True):
        for row, name in enumerate(column):
            y = top + (MARGIN / 2 + (row + 0.5) * ROW) * pen.scale
            pen.disc((x + 9 * pen.scale, y), 9, genres[name])
            pen.words((x + _INDENT * pen.scale, y), name, _NAMES, MUTED)
        x += width + _INDENT * pen.scale + max(0.0, gap) / (COLUMNS - 1)
