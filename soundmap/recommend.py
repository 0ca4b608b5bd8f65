"""Neighbors to picks: pure, the same answer for the same analysis, catalog and request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from soundmap.catalog import Catalog
from soundmap.errors import BadRequest
from soundmap.reasons import reasons_for
from soundmap.search import METRICS, Mask
from soundmap.types import Analysis, Note, Pick, Recommendation

LICENSES = ("any", "permissive")
MAX_COUNT = 100


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: ``count`` 1..100 picks, by ``metric``; ``genre`` one of the bundle's or
    None; ``license`` ``any`` or ``permissive``; ``include_self`` keeps the query's own track.
    """

    count: int = 5
    genre: str | None = None
    license: str = "any"
    metric: str = "euclidean"
    include_self: bool = False

    def checked(self, labels: tuple[str, ...]) -> Request:
        """The request with its genre spelled as in ``labels``.  Raises BadRequest."""
        if not 1 <= self.count <= MAX_COUNT:
            raise BadRequest("bad_count", count=self.count, most=MAX_COUNT)
        if self.license not in LICENSES or self.metric not in METRICS:
            raise BadRequest("bad_choice", license=self.license, metric=self.metric)
        if self.genre is None:
            return self
        by_name = {label.casefold(): label for label in labels}
        if (genre := by_name.get(self.genre.casefold())) is None:
            raise BadRequest("unknown_genre", genre=self.genre, known=", ".join(labels))
        return Request(self.count, genre, self.license, self.metric, self.include_self)


def recommend(
    analysis: Analysis, catalog: Catalog, request: Request, same_sound_distance: float
) -> Recommendation:
    """Nearest tracks: audible, of the wanted genre and license, one per artist and recording.

    Tracks within ``same_sound_distance`` of the query are the query itself and are left out
    with every other upload of them, unless the request keeps them.
    """
    request = request.checked(analysis.labels)
    filters = _filters(catalog, request)
    keep = catalog.audible & np.logical_and.reduce([np.ones(len(catalog), bool), *filters.values()])
    if not request.include_self:
        keep &= ~_own(analysis, catalog, same_sound_distance)
    picks = [
        Pick(rank, catalog.track(row), distance, reasons_for(analysis, catalog, row))
        for rank, (row, distance) in enumerate(_walk(analysis, catalog, request, keep), start=1)
    ]
    return Recommendation(analysis, tuple(picks), _missing(request, len(picks), filters))


def _filters(catalog: Catalog, request: Request) -> dict[str, Mask]:
    filters = {}
    if request.genre:
        filters[f"genre {request.genre}"] = catalog.where("genre", request.genre)
    if request.license != "any":
        filters[f"license {request.license}"] = catalog.where("license_class", request.license)
    return filters


def _own(analysis: Analysis, catalog: Catalog, same_sound_distance: float) -> Mask:
    rows, distances = catalog.points.nearest(analysis.embedding, 16)
    own = catalog.uploads[rows[distances <= same_sound_distance]]
    return np.isin(catalog.uploads, own)


def _walk(
    analysis: Analysis, catalog: Catalog, request: Request, keep: Mask
) -> Iterator[tuple[int, float]]:
    """(row, distance) outwards from the query, no artist and no recording twice.

    Looks at ever more neighbors until there are enough: a prolific artist may own many.
    """
    reach = 16 * request.count
    while True:
        rows, distances = catalog.points.nearest(analysis.embedding, reach, request.metric, keep)
        found = _distinct(catalog, rows.tolist(), distances.tolist())
        if len(found) >= request.count or reach >= len(catalog):
            return iter(found[: request.count])
        reach *= 4


def _distinct(catalog: Catalog, rows: list[int], distances: list[float]) -> list[tuple[int, float]]:
    artists: set[str] = set()
    uploads: set[int] = set()
    found = []
    for row, distance in zip(rows, distances, strict=True):
        artist, upload = catalog.columns["artist"][row].casefold(), int(catalog.uploads[row])
        if artist not in artists and upload not in uploads:
            found.append((row, distance))
            artists.add(artist)
            uploads.add(upload)
    return found


def _missing(request: Request, n_picks: int, filters: dict[str, Mask]) -> tuple[Note, ...]:
    if n_picks >= request.count:
        return ()
    empty = [name for name, mask in filters.items() if not mask.any()] or list(filters)
    facts: dict[str, object] = {
        "filters": " and ".join(empty) or "what was asked",
        "count": n_picks,
    }
    return (Note("filter_emptied" if n_picks == 0 else "fewer_picks", facts),)
