"""Marks on a picture of the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soundmap.draw.canvas import ACCENT, INK
from soundmap.types import Floats

STAR, END, DISC, DOT = 28.0, 24.0, 20.0, 13.0
"""Radii in pixels of a picture 800 pixels wide, readable when it is scaled to 360."""
Place = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What to mark, each at its place (x, y) on the layout.

    ``star`` is a sound.  ``picks`` are numbered from 1.  ``ends`` are the two ends of a path
    through the picks.  ``likes`` and ``dislikes`` are judged tracks.  ``liking`` (n,) in -1..1
    colors the tracks by a taste instead of by genre.  ``whole`` shows the whole map rather than
    the surroundings of the marks.
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
        """The places that must be in view."""
        return [*([self.star] if self.star else []), *self.ends, *self.picks]

    @property
    def shows_all(self) -> bool:
        """Whether the whole map is shown."""
        return self.whole or not self.around


@dataclass(frozen=True, slots=True)
class Mark:
    """A disc with a text on it, or a star where the text is empty."""

    at: Place
    radius: float
    fill: str
    text: str


def marked(marks: Marks) -> list[Mark]:
    """The marks that must not overlap: ends or star first, then the picks."""
    ends = [Mark(at, END, ACCENT, letter) for at, letter in zip(marks.ends, "AB", strict=False)]
    star = [Mark(marks.star, STAR, ACCENT, "")] if marks.star else []
    picks = [Mark(at, DISC, INK, str(rank)) for rank, at in enumerate(marks.picks, start=1)]
    return [*ends, *star, *picks]
