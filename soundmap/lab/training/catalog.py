"""Builds the catalog of a bundle from tile files and the track table."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping

import numpy as np

from soundmap.bundle.ears import Ears
from soundmap.catalog.licenses import short_license
from soundmap.catalog.table import AUDIBLE_SHARE, COLUMNS, Catalog, trait_cells
from soundmap.engines.runtime import softmax
from soundmap.features.tiles import Steps, TileSpec, levels_of
from soundmap.features.traits import traits_of
from soundmap.lab.datasets.arrays import TileSet
from soundmap.types import Progress, silent

TABLE_COLUMNS = (
    "track_id",
    "title",
    "artist",
    "genre",
    "subgenres",
    "licence",
    "licence_class",
    "page_url",
    "tempo_bpm",
)


def build_catalog(
    ears: Ears,
    spec: TileSpec,
    temperature: float,
    tiles: TileSet,
    table: Mapping[int, Mapping[str, str]],
    progress: Progress = silent,
) -> Catalog:
    """A catalog of all tracks of ``tiles``, in the order of their ids.

    ``table`` has the title, artist, genres, license, page and tempo of each.
    """
    order = np.argsort(tiles.track_ids, kind="stable")
    values, ids = tiles.tiles[order], tiles.track_ids[order]
    with progress("Building the catalog", len(tiles)) as advance:
        embeddings, logits, _ = ears.run_all(values, spec.sample_rate_hz, advance)
    uploads: dict[bytes, int] = {}
    rows = [
        tuple(_row(int(track_id), tile, spec, table[int(track_id)], uploads))
        for track_id, tile in zip(ids, values, strict=True)
    ]
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    return Catalog(embeddings, softmax(logits, temperature), columns)


def _row(
    track_id: int,
    tile: Steps,
    spec: TileSpec,
    facts: Mapping[str, str],
    uploads: dict[bytes, int],
) -> Iterator[str]:
    """The cells of a track, in the order of ``COLUMNS``; equal tiles are one upload."""
    yield str(track_id)
    yield from (html.unescape(facts[name]).strip() for name in ("title", "artist"))
    yield from (facts["genre"], facts["subgenres"])
    yield from (short_license(facts["licence"]), facts["licence_class"], facts["page_url"])
    yield str(uploads.setdefault(tile.tobytes(), track_id))
    yield str(int((tile > 0).mean() >= AUDIBLE_SHARE))
    traits = traits_of(levels_of(tile[None]), spec.sample_rate_hz, float(facts["tempo_bpm"]))
    yield from trait_cells(traits)
