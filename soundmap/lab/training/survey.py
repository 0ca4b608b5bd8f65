"""Gives a bundle its layout (the ``train`` extra): computes it, describes it in the card, seals."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

from soundmap.bundle.manifest import Manifest, read_manifest, seal
from soundmap.catalog.layout import LAYOUT, write_layout
from soundmap.catalog.table import Catalog, read_catalog
from soundmap.errors import BadBundle
from soundmap.files import replacing, sha256_of
from soundmap.lab.training.projections import compare
from soundmap.types import Progress, silent

_MAP = """## Map

Where a track lies on the map (`layout.npy`) was computed once, by {method}, from the embeddings of
all {tracks:,}. A new sound lands at the weighted mean of its ten nearest tracks' places.
{compared}
"""
_COMPARED = """
| | trustworthiness | genre purity | silhouette of genres | rank of true neighbors |
|---|---|---|---|---|
{rows}

Trustworthiness of ten neighbors: 1 where the map invents none. Purity: the share of the ten nearest
on the map that have a track's genre; by all numbers of the embedding it is {genre_purity:.3f}.
Rank: {held_out:,} tracks were left out of the map and then placed on it; counted by distance from
where one landed, so far are its ten nearest tracks, in the mean (and median); {chance:,.0f} by
chance.
"""
_METHODS = {"pca": "PCA", "umap": "UMAP", "tsne": "t-SNE"}

CARD = "card.md"
_MADE_HERE = (CARD, LAYOUT)


def survey(folder: Path, progress: Progress = silent) -> Manifest:
    """Recomputes the layout of a bundle and seals it; the bundle keeps its id.

    Raises BadBundle; ``altered_bundle`` where another of its files is not the sealed one, since
    damage must not be sealed.
    """
    manifest = read_manifest(folder)
    files = {name: sha256 for name, sha256 in manifest.files.items() if name not in _MADE_HERE}
    if altered := [name for name, sha256 in files.items() if _is_altered(folder / name, sha256)]:
        raise BadBundle("altered_bundle", path=folder, files=", ".join(altered))
    facts = write_survey(folder, read_catalog(folder), progress)
    kept = {
        name: getattr(manifest, name)
        for name in (field.name for field in dataclasses.fields(manifest))
        if name not in ("id", "files", "metrics")
    }
    return seal(folder, **kept, metrics={**manifest.metrics, "map": facts})


def write_survey(folder: Path, catalog: Catalog, progress: Progress) -> dict[str, object]:
    """Writes the layout of a catalog and the card's section about it; returns what was measured."""
    genres = catalog.columns["genre"]
    layout, facts = compare(catalog.points.values, genres, progress=progress)
    write_layout(folder, layout)
    card = folder / CARD
    text = with_map(card.read_text(encoding="utf-8"), facts)
    with replacing(card) as part:
        part.write_text(text, encoding="utf-8")
    return facts


def _is_altered(path: Path, sha256: str) -> bool:
    return not path.is_file() or sha256_of(path) != sha256


def with_map(text: str, facts: dict[str, Any]) -> str:
    """The card with its section about the map, in place of an older one.

    ``facts`` are those of :func:`soundmap.lab.training.projections.compare`.
    """
    text = re.sub(r"^## Map\n.*?(?=^## )", "", text, flags=re.MULTILINE | re.DOTALL)
    section = _MAP.format(
        method=_METHODS[facts["method"]], tracks=facts["tracks"], compared=_comparison(facts)
    )
    before, network, after = text.partition("## Network\n")
    return f"{before}{section.rstrip()}\n\n{network}{after}"


def _comparison(facts: dict[str, Any]) -> str:
    """The table of methods; empty where too few tracks were there to compare them."""
    if not facts["methods"]:
        return ""
    rows = "\n".join(
        f"| {_METHODS[method]} | {row['trustworthiness']:.3f} | {row['genre_purity']:.3f} |"
        f" {row['silhouette']:.3f} | {row['mean_rank']:.0f} ({row['median_rank']:.0f}) |"
        for method, row in facts["methods"].items()
    )
    chance = (facts["tracks"] - facts["held_out"] + 1) / 2
    return _COMPARED.format(rows=rows, chance=chance, **facts)
