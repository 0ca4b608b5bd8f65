"""Neighbors to picks: pure, the same answer for the same analysis, catalog and request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from soundmap.catalog.table import Catalog
from soundmap.recommendation.reasons import reasons_for
from soundmap.recommendation.request import ROAM_STRIDES, Request
from soundmap.search.exact import Mask, Rows, distances_to
from soundmap.types import Analysis, Note, Pick, Recommendation


def recommend(
    analysis: Analysis, catalog: Catalog, request: Request, same_sound_distance: float
) -> Recommendation:
    """Nearest tracks: audible, of the wanted genre and license, one per artist and recording.

    Tracks within ``same_sound_distance`` of the query are the query itself and are left out
    with every other upload of them, unless the request keeps them.
    """
    request = request.checked(analysis.labels)
    near = candidates(analysis, catalog, request, same_sound_distance, request.count)
    return answer(analysis, catalog, request, picks_of(analysis, catalog, near))


def candidates(
    analysis: Analysis, catalog: Catalog, request: Request, same_sound_distance: float, count: int
) -> list[tuple[int, float]]:
    """The first ``count`` (row, distance) that pass, outwards; ``recommend`` takes the first ones.

    The request has been checked.  Fewer than ``count`` come back where fewer pass.
    """
    keep = passing(catalog, request)
    if not request.include_self:
        keep &= ~own_rows(analysis, catalog, same_sound_distance)
    return _walk(analysis, catalog, replace(request, count=count), keep)


def picks_of(
    analysis: Analysis, catalog: Catalog, near: Sequence[tuple[int, float]]
) -> tuple[Pick, ...]:
    """A pick for each (row, distance), in that order, with its reasons."""
    return tuple(
        Pick(rank, catalog.track(row), distance, reasons_for(analysis, catalog, row))
        for rank, (row, distance) in enumerate(near, start=1)
    )


def answer(
    analysis: Analysis, catalog: Catalog, request: Request, picks: tuple[Pick, ...]
) -> Recommendation:
    """The picks, and what a filter left out of them."""
    missing = _missing(request, len(picks), _filters(catalog, request))
    return Recommendation(analysis, picks, missing)


def explain(
    analysis: Analysis, catalog: Catalog, track_ids: Sequence[int], metric: str = "euclidean"
) -> tuple[Pick, ...]:
    """Picks again from their track ids, in that order: the distance and reasons of each.

    Raises KeyError for a track that is not in the catalog.
    """
    rows = [catalog.row_of(track_id) for track_id in track_ids]
    distances = distances_to(catalog.points.values[rows], analysis.embedding, metric)
    return picks_of(analysis, catalog, list(zip(rows, distances.tolist(), strict=True)))


def passing(catalog: Catalog, request: Request) -> Mask:
    """Rows that can be heard and that a checked request does not leave out, bool (n,)."""
    keep = catalog.audible & ~_excluded(catalog, request)
    for wanted in _filters(catalog, request).values():
        keep &= wanted
    return keep


def _filters(catalog: Catalog, request: Request) -> dict[str, Mask]:
    filters = {}
    if request.genre:
        filters[f"genre {request.genre}"] = catalog.where("genre", request.genre)
    if request.license != "any":
        filters[f"license {request.license}"] = catalog.where("license_class", request.license)
    return filters


def _excluded(catalog: Catalog, request: Request) -> Mask:
    """Rows not wanted: tracks with every other upload of them, artists by any spelling."""
    shown = np.isin(catalog.track_ids, request.excluded_tracks)
    names = {artist.casefold() for artist in request.excluded_artists}
    return np.isin(catalog.uploads, catalog.uploads[shown]) | np.isin(catalog.artists, list(names))


def own_tracks(analysis: Analysis, catalog: Catalog, same_sound_distance: float) -> tuple[int, ...]:
    """Ids of the tracks that are the sound itself, other uploads of it too."""
    own = catalog.track_ids[own_rows(analysis, catalog, same_sound_distance)]
    return tuple(int(track_id) for track_id in own)


def own_rows(analysis: Analysis, catalog: Catalog, same_sound_distance: float) -> Mask:
    """Rows that are the sound itself, other uploads of it too, bool (n,)."""
    rows, distances = catalog.points.nearest(analysis.embedding, 16)
    own = catalog.uploads[rows[distances <= same_sound_distance]]
    return np.isin(catalog.uploads, own)


def _walk(
    analysis: Analysis, catalog: Catalog, request: Request, keep: Mask
) -> list[tuple[int, float]]:
    """(row, distance) outwards from the query, no artist and no recording twice.

    Looks at ever more neighbors until there are enough: a prolific artist may own many.
    """
    stride = ROAM_STRIDES[request.roam]
    wanted = (request.count - 1) * stride + 1
    reach = max(80, 4 * wanted)
    while True:
        rows, distances = catalog.points.nearest(analysis.embedding, reach, request.metric, keep)
        found = _distinct(catalog, rows, distances, wanted)
        if len(found) >= wanted or reach >= len(catalog):
            return _spread(found, stride)[: request.count]
        reach *= 4


def _spread(found: list[tuple[int, float]], stride: int) -> list[tuple[int, float]]:
    """Every ``stride``-th, then those in between: roaming never shortens a list."""
    skipped = [pair for index, pair in enumerate(found) if index % stride]
    return found[::stride] + skipped


def _distinct(
    catalog: Catalog, rows: Rows, distances: npt.NDArray[np.float64], most: int
) -> list[tuple[int, float]]:
    """The first ``most`` in whose artist and recording none before them has a part."""
    artists: set[str] = set()
    uploads: set[int] = set()
    found: list[tuple[int, float]] = []
    columns = (rows, distances, catalog.artists[rows], catalog.uploads[rows])
    for row, distance, artist, upload in zip(*(c.tolist() for c in columns), strict=True):
        if len(found) == most:
            break
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
