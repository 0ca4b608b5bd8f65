"""The picture of a simulation: like rate against votes, one line per policy."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from soundmap.draw.canvas import ACCENT, CREAM, GRID, INK, MUTED, PANEL, ROSE, font_of

WIDTH, HEIGHT = 800, 560
Box = tuple[float, float, float, float]
Point = tuple[float, float]

_FINE = 3  # drawn larger and shrunk, for smooth edges
_MARGIN, _CORNER, _GAP = 28, 28, 12
_TITLE_SIZE, _TEXT_SIZE, _TICK_SIZE = 36, 26, 24
_NAME_WIDTH, _SCALE_WIDTH = 128, 60
_LINE, _DOT, _WHISKER = 5, 8, 2
_STEPS = (0.05, 0.1, 0.2)
_BESIDE = {"none": -6, "rule": -2, "rocchio": 2, "thompson": 6}  # whiskers side by side
_COLORS = {"none": MUTED, "rule": ROSE, "rocchio": ACCENT, "thompson": CREAM}


def draw_curves(report: dict[str, Any]) -> bytes:
    """Draws the report of ``simulate`` as a PNG of ``WIDTH`` x ``HEIGHT`` pixels.

    Whiskers are the report's 95 % intervals.
    """
    page = Image.new("RGBA", (WIDTH * _FINE, HEIGHT * _FINE))
    pen = ImageDraw.Draw(page)
    pen.rounded_rectangle(_fine((0, 0, WIDTH - 1, HEIGHT - 1)), _CORNER * _FINE, PANEL)
    _text(pen, (_MARGIN, _MARGIN), "Liked, of five picks", INK, "lt", _TITLE_SIZE)
    rates, intervals = report["like_rate_at_5"], report["interval95"]
    most = max(high for by_votes in intervals.values() for _, high in by_votes.values())
    top = _grid(pen, [int(votes) for votes in rates["none"]], max(most, 0.05))
    ends = {}
    for policy, by_votes in rates.items():
        ends[policy] = _curve(pen, policy, by_votes, intervals[policy], top)
    for policy, y in _apart({policy: y for policy, (_, y) in ends.items()}).items():
        _text(pen, (_box()[2] + 2 * _GAP, y), policy, _COLORS[policy], "lm", _TEXT_SIZE)
    return _png(page)


def _box() -> Box:
    """Left, top, right and bottom of the plot."""
    top = _MARGIN + _TITLE_SIZE + 2 * _GAP
    bottom = HEIGHT - _MARGIN - 2 * _TICK_SIZE - _GAP
    return _MARGIN + _SCALE_WIDTH, top, WIDTH - _MARGIN - _NAME_WIDTH, bottom


def _at(votes: float, rate: float, most_votes: float, top_rate: float) -> Point:
    left, top, right, bottom = _box()
    x = left + (right - left) * votes / most_votes
    return x, bottom - (bottom - top) * rate / top_rate


def _grid(pen: ImageDraw.ImageDraw, votes: list[int], most: float) -> tuple[float, float]:
    """Draws scales and grid; returns the votes at the right edge and the rate at the top."""
    left, _, right, bottom = _box()
    step = next((step for step in _STEPS if most / step <= 6), _STEPS[-1])
    n_steps = int(most / step) + 1
    for i in range(n_steps + 1):
        _, y = _at(0, i * step, 1, n_steps * step)
        pen.line(_fine((left, y, right, y)), GRID, 2 * _FINE)
        _text(pen, (left - _GAP, y), f"{i * step:.0%}", MUTED, "rm", _TICK_SIZE)
    for vote in votes:
        x, _ = _at(vote, 0, votes[-1], 1)
        _text(pen, (x, bottom + _GAP), str(vote), MUTED, "mt", _TICK_SIZE)
    below = (right, bottom + _GAP + _TICK_SIZE + 4)
    _text(pen, below, "votes given", MUTED, "rt", _TICK_SIZE)
    return votes[-1], n_steps * step


def _curve(
    pen: ImageDraw.ImageDraw,
    policy: str,
    by_votes: dict[str, float],
    intervals: dict[str, list[float]],
    top: tuple[float, float],
) -> Point:
    """Draws whiskers, line and dots of a policy; returns its last point."""
    color = _COLORS[policy]
    points = [_at(int(votes), rate, *top) for votes, rate in by_votes.items()]
    for (x, _), (low, high) in zip(points, intervals.values(), strict=True):
        beside = x + _BESIDE[policy]
        ends = (beside, _at(0, low, *top)[1], beside, _at(0, high, *top)[1])
        pen.line(_fine(ends), color, _WHISKER * _FINE)
    pen.line([_fine(point) for point in points], color, _LINE * _FINE, joint="curve")
    for x, y in points:
        pen.ellipse(_fine((x - _DOT, y - _DOT, x + _DOT, y + _DOT)), color)
    return points[-1]


def _apart(heights: dict[str, float]) -> dict[str, float]:
    """Heights of the names, moved down until none overlap, then all up into the plot."""
    placed: dict[str, float] = {}
    floor = float("-inf")
    for policy in sorted(heights, key=lambda name: heights[name]):
        floor = placed[policy] = max(heights[policy], floor + _TEXT_SIZE + 2)
    spare = max(0.0, floor - _box()[3])
    return {policy: y - spare for policy, y in placed.items()}


def _text(
    pen: ImageDraw.ImageDraw, at: Point, text: str, color: str, anchor: str, size: int
) -> None:
    font = font_of(size * _FINE)
    x, y = _fine(at)
    pen.text((x, y), text, color, font, anchor=anchor)


def _fine(numbers: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(number * _FINE for number in numbers)


def _png(page: Image.Image) -> bytes:
    """Scales the page down to its size and encodes it in 128 colors."""
    small, file = page.resize((WIDTH, HEIGHT), Image.Resampling.BOX), BytesIO()
    small.quantize(128, Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return file.getvalue()
