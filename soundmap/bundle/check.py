"""Verifies a bundle: file hashes, plausible numbers, and the same answers on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from soundmap.bundle.golden import golden_differences
from soundmap.bundle.listener import Listener
from soundmap.bundle.manifest import TRAINING_FILES, bundle_id
from soundmap.catalog.layout import LAYOUT, read_layout
from soundmap.errors import SoundMapError
from soundmap.files import sha256_of

Finding = tuple[str, bool, str]
"""(what was checked, whether it passed, what was found)."""


def check_bundle(folder: Path) -> Iterator[Finding]:
    """Yields a finding for each check.  Raises BadBundle if the manifest cannot be read."""
    listener = Listener(folder)
    manifest = listener.manifest
    sealed = True
    for name, sha256 in manifest.files.items():
        passed, found = _compared(folder / name, sha256)
        sealed &= passed
        yield name, passed, found
    same = bundle_id(manifest.name, manifest.spec, manifest.files) == manifest.id
    yield "id", same, manifest.id
    if sealed:  # an altered file may hold anything, so none is opened
        yield from _answers(listener)


def _compared(path: Path, sha256: str) -> tuple[bool, str]:
    """Whether a file is as it was sealed, or is one that an installed package leaves out."""
    if path.name in TRAINING_FILES and not path.exists():
        return True, "left out: only training reads it"
    same = path.is_file() and sha256_of(path) == sha256
    return same, "as sealed" if same else "missing or altered"


def _answers(listener: Listener) -> Iterator[Finding]:
    try:
        yield _shapes(listener)
        if LAYOUT in listener.manifest.files:
            read_layout(listener.folder)
        differences = golden_differences(listener, listener.folder / "golden.npz")
        yield "golden probe", not differences, "; ".join(differences) or "gives the sealed answer"
    except (SoundMapError, KeyError, ValueError) as error:
        yield "answers", False, str(error)


def _shapes(listener: Listener) -> Finding:
    catalog, manifest = listener.catalog, listener.manifest
    n, size = len(catalog), manifest.network["embedding_size"]
    embeddings, probabilities = catalog.points.values, catalog.probabilities
    shaped = embeddings.shape == (n, size) and probabilities.shape == (n, len(manifest.labels))
    sane = bool(np.isfinite(embeddings).all() and np.allclose(probabilities.sum(1), 1, atol=1e-4))
    ordered = bool((np.diff(catalog.track_ids) > 0).all())
    return "catalog", shaped and sane and ordered, f"{n:,} tracks, {size} numbers each, finite"
