"""Bundles made of the shipped one."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from soundmap.bundle.listener import Listener
from soundmap.catalog.table import Catalog, write_catalog

N, STEP = 240, 29


def small_bundle(folder: Path, listener: Listener) -> Listener:
    """The shipped bundle with few of its tracks."""
    catalog = listener.catalog
    rows = np.arange(N) * STEP
    columns = {name: tuple(values[row] for row in rows) for name, values in catalog.columns.items()}
    shutil.copytree(listener.folder, folder, ignore=shutil.ignore_patterns("report"))
    write_catalog(
        folder, Catalog(catalog.points.values[rows], catalog.probabilities[rows], columns)
    )
    return Listener(folder)
