"""A corner of the catalog with few artists, of whom one has a strong name."""

from __future__ import annotations

import numpy as np

from soundmap.bundle.listener import Listener
from soundmap.catalog.strong import is_strong


def corner_of(listener: Listener) -> dict[str, object]:
    """Options of ``/recommend`` that let few artists pass: all of them are in one list."""
    catalog = listener.catalog
    tempos = np.array(catalog.columns["tempo_bpm"], float)
    pairs = zip(catalog.columns["artist"], catalog.columns["genre"], strict=True)
    for row, (artist, genre) in enumerate(pairs):
        low, high = int(tempos[row]), int(tempos[row]) + 1
        if not low or not is_strong(artist):
            continue
        near = (tempos >= low) & (tempos <= high) & catalog.where("genre", genre)
        if len(set(catalog.artists[near])) <= 10:
            return {"genre": genre, "tempo": f"{low}-{high}", "count": 10}
    raise AssertionError("no such corner")
