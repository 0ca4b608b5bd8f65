"""What 8 bits change in the answers of a bundle, on real tiles (the ``bench`` extra)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.analyze import Listener
from soundmap.bench.quantize import quantize
from soundmap.dataset import arrays_of
from soundmap.engines import PORTABLE, difference
from soundmap.evaluate import run_all
from soundmap.runtime import Runtime
from soundmap.search import Rows
from soundmap.tiles import Steps, levels_of
from soundmap.types import Floats

N_NEIGHBORS = 10
_TYPICAL = 150


def agreement(listener: Listener, data: Path) -> dict[str, Any]:
    """Validation tiles heard in 8 bits as in float32: how many of the ten nearest tracks, the
    sound's own aside, and of the first genres are the same.  Raises BadDataset.
    """
    training, _ = _tiles(data / "tiles-training.npz")
    tiles, own = _tiles(data / "tiles-validation.npz")
    graph = listener.folder / "model.onnx"
    with tempfile.TemporaryDirectory(prefix="soundmap-") as folder:
        target = Path(folder) / "model.onnx"
        quantize(graph, target, levels_of(training[:: max(1, len(training) // _TYPICAL)]))
        (exact, logits), (rough, rough_logits) = (
            run_all(Runtime(path, engine=PORTABLE), tiles) for path in (graph, target)
        )
    kept = [
        len(_near(listener, a, track) & _near(listener, b, track)) / N_NEIGHBORS
        for a, b, track in zip(exact, rough, own, strict=True)
    ]
    same = logits.argmax(axis=1) == rough_logits.argmax(axis=1)
    return {
        "spec": f"{listener.manifest.spec.name}-int8",
        "bundle": listener.manifest.id,
        "tiles": len(tiles),
        "recall_at_10": float(np.mean(kept)),
        "same_genre": float(same.mean()),
        "largest_difference": difference(rough, exact),
    }


def _tiles(path: Path) -> tuple[Steps, Rows]:
    """Tiles and their track ids."""
    arrays = arrays_of(path, ("track_id", "tile"))
    return arrays["tile"].astype(np.uint8, copy=False), arrays["track_id"].astype(np.int64)


def _near(listener: Listener, embedding: Floats, own: int) -> set[int]:
    catalog = listener.catalog
    rows, _ = catalog.points.nearest(embedding, N_NEIGHBORS, keep=catalog.track_ids != own)
    return set(rows.tolist())
