"""Scores a bundle on a tile file: one answer a track, as in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from soundmap.bundle.listener import Listener
from soundmap.catalog.table import Catalog
from soundmap.engines.runtime import softmax
from soundmap.errors import BadDataset
from soundmap.lab.datasets.arrays import TileSet
from soundmap.lab.evaluation.by_artist import by_artist
from soundmap.lab.evaluation.metrics import Targets, summarize
from soundmap.lab.evaluation.retrieval import UNKNOWN, Found, Tracks, find, measures
from soundmap.search.exact import Rows
from soundmap.types import Floats, Progress, silent


@dataclass(frozen=True, slots=True)
class Heard:
    """What a bundle heard in n tiles: ``embeddings`` (n, size) and calibrated ``probabilities`` (n,
    n_genres), beside ``targets`` (n,), the genres they have.
    """

    embeddings: Floats
    probabilities: Floats
    targets: Targets


def evaluate(listener: Listener, tiles: TileSet, progress: Progress = silent) -> dict[str, Any]:
    """Every measure of :func:`soundmap.lab.evaluation.metrics.summarize` on the tiles, with the
    bundle's id, under ``retrieval`` the measures of its neighbors, and under ``by_artist`` the
    scores with each artist counted once, where the file tells artists.

    Raises BadDataset ``unknown_labels`` or ``other_bands`` where the bundle does not fit the tiles.
    """
    return scores(listener, tiles, hear_all(listener, tiles, progress))


def hear_all(listener: Listener, tiles: TileSet, progress: Progress = silent) -> Heard:
    """Runs the bundle on every tile.  Raises what ``evaluate`` raises."""
    manifest = listener.manifest
    targets = tiles.targets(manifest.labels)
    found, expected = tiles.tiles.shape[1], manifest.spec.n_mels
    if found != expected:
        raise BadDataset("other_bands", found=found, expected=expected)
    with progress("Listening", len(tiles)) as advance:
        rate_hz = manifest.spec.sample_rate_hz
        embeddings, logits, conditions = listener.ears.run_all(tiles.tiles, rate_hz, advance)
    temperatures = np.array([manifest.temperature_in(condition) for condition in conditions])
    return Heard(embeddings, softmax(logits / temperatures[:, None]), targets)


def scores(listener: Listener, tiles: TileSet, heard: Heard) -> dict[str, Any]:
    """The document of ``evaluate``, from what was heard."""
    summary = summarize(heard.probabilities, heard.targets, listener.manifest.labels)
    found = neighbors_of(listener.catalog, tiles, heard.embeddings)
    right = heard.probabilities.argmax(axis=1) == heard.targets
    near = found[1].hits[:, :5].mean(axis=1) if found else None
    artists = by_artist(tiles.artists, tiles.genres, right, near)
    return {
        "bundle": listener.manifest.id,
        **summary,
        "retrieval": _retrieval(*found) if found else None,
        **({"by_artist": artists} if artists else {}),
    }


def neighbors_of(
    catalog: Catalog, tiles: TileSet, embeddings: Floats
) -> tuple[Tracks, Found] | None:
    """The tiles as queries, and what each finds in the catalog; None where no row is left.

    The tracks of the tile file are left out and, for each query, other uploads of its recording and
    other tracks of its artist; the catalog knows both of its own tracks.
    """
    rows = others(catalog, tiles)
    if not len(rows):
        return None
    queries, known = tracks_of(catalog, tiles, embeddings)
    return queries, find(queries, part(known, rows))


def retrieval_of(catalog: Catalog, tiles: TileSet, embeddings: Floats) -> dict[str, Any] | None:
    """Measures of what ``neighbors_of`` finds; None where it finds nothing.

    ``known_artists`` counts the queries whose artist is known, from the catalog or the tile file.
    """
    neighbors = neighbors_of(catalog, tiles, embeddings)
    return _retrieval(*neighbors) if neighbors else None


def _retrieval(queries: Tracks, found: Found) -> dict[str, Any]:
    n_known = int((queries.artists != UNKNOWN).sum())
    return {"metric": "euclidean", **measures(found), "known_artists": n_known}


def others(catalog: Catalog, tiles: TileSet) -> Rows:
    """Rows of the catalog whose track is not in the tile file."""
    return np.flatnonzero(~np.isin(catalog.track_ids, tiles.track_ids))


def part(tracks: Tracks, rows: Rows) -> Tracks:
    """The tracks in some rows."""
    known = (tracks.genres[rows], tracks.recordings[rows], tracks.artists[rows])
    return Tracks(tracks.values[rows], *known)


def tracks_of(catalog: Catalog, tiles: TileSet, embeddings: Floats) -> tuple[Tracks, Tracks]:
    """The tiles as queries, and the whole catalog, with the same numbers for the same names."""
    rows = {int(track_id): row for row, track_id in enumerate(catalog.track_ids)}
    own = np.array([rows.get(int(track_id), UNKNOWN) for track_id in tiles.track_ids])
    recordings = np.where(own == UNKNOWN, UNKNOWN, catalog.uploads[own])
    told = np.array([name.strip().casefold() for name in tiles.artists or [""] * len(tiles)])
    artists = np.where((told == "") & (own != UNKNOWN), catalog.artists[own], told)
    query_artists, artists_there = _numbered(artists, catalog.artists)
    genres, genres_there = _numbered(np.array(tiles.genres), np.array(catalog.columns["genre"]))
    queries = Tracks(embeddings, genres, recordings, query_artists)
    return queries, Tracks(catalog.points.values, genres_there, catalog.uploads, artists_there)


def _numbered(*names: np.ndarray[Any, np.dtype[np.str_]]) -> list[Rows]:
    """A number for each name, the same in all arrays; ``UNKNOWN`` for the empty one."""
    together = np.concatenate(names)
    numbers = np.unique(together, return_inverse=True)[1].astype(np.int64)
    numbers[together == ""] = UNKNOWN
    return np.split(numbers, np.cumsum([len(some) for some in names])[:-1])
