"""What is marked on a picture of the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soundmap.draw.canvas import ACCENT, INK
from soundmap.types import Floats

STAR, END, DISC, DOT = 28.0, 24.0, 20.0, 13.0
"""Radii in pixels of a picture 800 pixels wide, to be read where it is shown 360 wide."""
Place = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What is marked, by where it lies on the layout.

    ``star`` is a sound, ``picks`` are numbered from 1; ``ends`` are the two of a path that leads by
    way of the picks.  ``likes`` and ``dislikes`` are judged tracks, and ``liking`` (n,) in -1..1
    colors the cloud by how much each track is to somebody's taste, rather than by its genre.
    ``whole`` shows all of the map and not only what is around the marks.
    """

    star: Place | None = None
    picks: Sequence[Place] = ()
    ends: Sequence[Place] = ()
    likes: Sequence[Place] = ()
    dislikes: Sequence[Place] = ()
    liking: Floats | None = None
    whole: bool = False

    @property
    def around(self) -> list[Place]:
        """What the part of the map that is shown must hold."""
        return [*([self.star] if self.star else []), *self.ends, *self.picks]

    @property
    def shows_all(self) -> bool:
        """Whether all of the map is shown."""
        return self.whole or not self.around


@dataclass(frozen=True, slots=True)
class Mark:
    """One disc with a text on it, or a star where that is empty."""

    at: Place
    radius: float
    fill: str
    text: str


def marked(marks: Marks) -> list[Mark]:
    """What makes room for one another: the ends or the star first, then the picks."""
    ends = [Mark(at, END, ACCENT, letter) for at, letter in zip(marks.ends, "AB", strict=False)]
    star = [Mark(marks.star, STAR, ACCENT, "")] if marks.star else []
    picks = [Mark(at, DISC, INK, str(rank)) for rank, at in enumerate(marks.picks, start=1)]
    return [*ends, *star, *picks]
