"""Colors of genres: eight that the color blind tell apart (Okabe and Ito, 2008), then gray."""

from __future__ import annotations

from collections.abc import Sequence

NIGHT, DAY = "dark", "light"
GRAY = {NIGHT: "#8b8a99", DAY: "#8a8894"}
_COLORS = ("e69f00", "56b4e9", "009e73", "f0e442", "0072b2", "d55e00", "cc79a7", "000000")
_SHADES = {NIGHT: {"000000": "d9d7e3"}, DAY: {"f0e442": "d0ba00"}}  # what its ground would hide


def genre_colors(genres: Sequence[str], ground: str = NIGHT) -> dict[str, str]:
    """``#rrggbb`` of each genre on a dark or a light ground; ``GRAY`` from the ninth on."""
    shades = _SHADES[ground]
    colors = [f"#{shades.get(color, color)}" for color in _COLORS]
    colors += [GRAY[ground]] * max(0, len(genres) - len(colors))
    return dict(zip(genres, colors, strict=False))
