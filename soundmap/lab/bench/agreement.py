"""Compares the answers of each engine, and of a graph in 8 bits, on real tiles (the ``bench``
extra).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from soundmap.bundle.listener import Listener
from soundmap.bundle.manifest import CLEAN_GRAPH
from soundmap.engines.base import OPENVINO, PORTABLE, difference
from soundmap.engines.choice import candidates
from soundmap.engines.runtime import Runtime, run_all
from soundmap.errors import BadDataset
from soundmap.features.tiles import Steps, TileSpec, levels_of
from soundmap.lab.bench.quantize import quantize
from soundmap.lab.datasets.arrays import arrays_of
from soundmap.scratch import scratch
from soundmap.search.exact import Rows
from soundmap.types import Floats

N_NEIGHBORS = 10
_TYPICAL = 256
_Heard = tuple[Floats, Floats]


def agreement(listener: Listener, data: Path) -> list[dict[str, Any]]:
    """Compares every engine, and 8 bits, with ONNX Runtime in float32 on the validation tiles.

    ``recall_at_10`` is the share of the ten nearest tracks, the sound's own aside, that both find;
    ``same_genre`` the share of tiles with the same top genre; ``largest_difference`` that between
    two embeddings.  Raises BadDataset.
    """
    spec = listener.manifest.spec
    training, _ = _tiles(data / "tiles-training.npz", spec)
    tiles, own = _tiles(data / "tiles-validation.npz", spec)
    graph = listener.folder / CLEAN_GRAPH
    exact = run_all(Runtime(graph, engine=PORTABLE), tiles)
    with scratch() as folder:
        rough = folder / "model.xml"
        quantize(graph, rough, levels_of(training[:: max(1, len(training) // _TYPICAL)]))
        others = {name: Runtime(graph, engine=name) for name in candidates() if name != PORTABLE}
        others["int8"] = Runtime(rough, engine=OPENVINO)
        heard = {name: run_all(runtime, tiles) for name, runtime in others.items()}
    return [_row(listener, name, exact, other, own) for name, other in heard.items()]


def _row(listener: Listener, name: str, exact: _Heard, other: _Heard, own: Rows) -> dict[str, Any]:
    (expected, logits), (found, other_logits) = exact, other
    kept = [
        len(_near(listener, a, track) & _near(listener, b, track)) / N_NEIGHBORS
        for a, b, track in zip(expected, found, own, strict=True)
    ]
    return {
        "spec": f"{listener.manifest.spec.name}-{name}",
        "bundle": listener.manifest.id,
        "tiles": len(own),
        "recall_at_10": float(np.mean(kept)),
        "same_genre": float((logits.argmax(axis=1) == other_logits.argmax(axis=1)).mean()),
        "largest_difference": difference(found, expected),
    }


def _tiles(path: Path, spec: TileSpec) -> tuple[Steps, Rows]:
    """Tiles uint8 (n, n_mels, n_columns) of full width, and their track ids int64 (n,)."""
    arrays = arrays_of(path, ("track_id", "tile"))
    tiles, whole = arrays["tile"], (spec.n_mels, spec.n_columns)
    if tiles.dtype != np.uint8 or tiles.shape[1:] != whole or not tiles.size:
        found = f"{tiles.dtype} {tiles.shape}"
        raise BadDataset("other_spec", found=found, expected=f"uint8 (n, {whole[0]}, {whole[1]})")
    return tiles.astype(np.uint8, copy=False), arrays["track_id"].astype(np.int64)


def _near(listener: Listener, embedding: Floats, own: int) -> set[int]:
    catalog = listener.catalog
    rows, _ = catalog.points.nearest(embedding, N_NEIGHBORS, keep=catalog.track_ids != own)
    return set(rows.tolist())
