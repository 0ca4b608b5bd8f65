"""Gives a bundle its layout (the ``train`` extra): computes it, says so in the card, seals."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from soundmap.bundle import Manifest, read_manifest, seal, sha256_of
from soundmap.catalog import Catalog, read_catalog
from soundmap.errors import BadBundle
from soundmap.map.described import with_map
from soundmap.map.layout import LAYOUT, write_layout
from soundmap.map.projections import Progress, compare

CARD = "card.md"
_MADE_HERE = (CARD, LAYOUT)


def survey(folder: Path, progress: Progress = lambda _: None) -> Manifest:
    """Computes the layout of a bundle anew and seals it; the bundle keeps its id.

    Raises BadBundle, ``altered_bundle`` where another of its files is not the sealed one: damage
    is not sealed.
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
    """Writes the layout of a catalog and the card's section about it; what was measured."""
    genres = catalog.columns["genre"]
    layout, facts = compare(catalog.points.values, genres, progress=progress)
    write_layout(folder, layout)
    card = folder / CARD
    text = with_map(card.read_text(encoding="utf-8"), facts)
    card.with_suffix(".tmp").write_text(text, encoding="utf-8")
    card.with_suffix(".tmp").replace(card)
    return facts


def _is_altered(path: Path, sha256: str) -> bool:
    return not path.is_file() or sha256_of(path) != sha256
