"""The request for a list of tracks, and its validation."""

from __future__ import annotations

from dataclasses import dataclass, replace

from soundmap.errors import BadRequest
from soundmap.search.exact import METRICS

LICENSES = ("any", "permissive")
ROAM_STRIDES = {"closer": 1, "wide": 4, "wider": 16}
MAX_COUNT = 100


@dataclass(frozen=True, slots=True)
class Request:
    """A request for ``count`` picks, 1..100.

    ``genre`` is one of the bundle's genres, None for all.  ``license`` is ``any`` or
    ``permissive``.  ``metric`` is ``euclidean`` or ``cosine``.  ``include_self`` keeps the track
    that is the query itself.  ``roam`` is ``closer`` for the nearest tracks, ``wide`` or ``wider``
    for every 4th or 16th on the way out.  ``catalog`` is the name of the catalog, empty for the
    default one.  ``excluded_tracks`` (ids) and ``excluded_artists`` (names) are left out.
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
        """The request, its genre spelled as in ``labels``.  Raises BadRequest if it is invalid."""
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
