"""What is asked of a list, and its check."""

from __future__ import annotations

from dataclasses import dataclass, replace

from soundmap.errors import BadRequest
from soundmap.search.exact import METRICS

LICENSES = ("any", "permissive")
ROAM_STRIDES = {"closer": 1, "wide": 4, "wider": 16}
MAX_COUNT = 100


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: ``count`` 1..100 picks, by ``metric``; ``genre`` one of the bundle's or
    None; ``license`` ``any`` or ``permissive``; ``include_self`` keeps the query's own track;
    ``roam`` ``closer`` takes the nearest, ``wide`` and ``wider`` every 4th and 16th on the way
    outwards; ``catalog`` names the catalog, empty for the one that is meant where nothing is
    said; ``excluded_tracks`` (ids) and ``excluded_artists`` (names) are left out.
    """

    count: int = 5
    genre: str | None = None
    license: str = "any"
    metric: str = "euclidean"
    include_self: bool = False
    roam: str = "closer"
    catalog: str = ""
    excluded_tracks: tuple[int, ...] = ()
    excluded_artists: tuple[str, ...] = ()

    def checked(self, labels: tuple[str, ...]) -> Request:
        """The request with its genre spelled as in ``labels``.  Raises BadRequest."""
        if not 1 <= self.count <= MAX_COUNT:
            raise BadRequest("bad_count", count=self.count, most=MAX_COUNT)
        for value, known in (
            (self.license, LICENSES),
            (self.metric, METRICS),
            (self.roam, ROAM_STRIDES),
        ):
            if value not in known:
                raise BadRequest("bad_choice", choice=value, known=", ".join(known))
        if self.genre is None:
            return self
        by_name = {label.casefold(): label for label in labels}
        if (genre := by_name.get(self.genre.casefold())) is None:
            raise BadRequest("unknown_genre", genre=self.genre, known=", ".join(labels))
        return replace(self, genre=genre)
