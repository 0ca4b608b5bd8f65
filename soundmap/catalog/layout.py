"""Positions of a catalog's tracks on the map."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from soundmap.errors import BadBundle
from soundmap.files import replacing
from soundmap.types import Floats

LAYOUT = "layout.npy"


def read_layout(folder: Path) -> Floats:
    """Positions, float32 (n, 2) in -1..1: x to the right and y upwards, one row per track.

    Raises BadBundle ``no_layout`` if the bundle has none, or ``bad_layout``.
    """
    if not (folder / LAYOUT).exists():
        raise BadBundle("no_layout", path=folder)
    try:
        layout = np.load(folder / LAYOUT, allow_pickle=False)
        if layout.ndim != 2 or layout.shape[1] != 2 or layout.dtype != np.float32:
            raise ValueError("its numbers have another shape")
        if not (np.abs(layout) <= 1).all():
            raise ValueError("its points are not in -1..1")
        if len(layout) != len(np.load(folder / "embeddings.npy", mmap_mode="r")):
            raise ValueError("it is of another catalog")
    except Exception as error:  # a damaged file raises errors with no common base
        raise BadBundle("bad_layout", path=folder / LAYOUT, bundle=folder, reason=error) from error
    return np.asarray(layout)


def write_layout(folder: Path, layout: Floats) -> None:
    """Writes a layout atomically.  The same layout always gives the same bytes."""
    with replacing(folder / LAYOUT) as part, part.open("wb") as file:
        np.save(file, layout.astype(np.float32))
