"""The golden probe: a sound and its expected results, stored in the bundle to check any machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from soundmap.audio.demo import demo_clip
from soundmap.bundle.listener import Listener
from soundmap.engines.base import TOLERANCE
from soundmap.features.tiles import tiles_of
from soundmap.types import Clip, Floats

PROBE_SECONDS = 4
N_NEIGHBORS = 10


def write_golden(listener: Listener, path: Path) -> None:
    """Writes the probe (the first 4 s of the demo sound), its tiles, embedding and neighbors."""
    demo = demo_clip()
    probe = demo.samples[: PROBE_SECONDS * demo.sample_rate_hz]
    samples = np.round(probe * 32_767).astype(np.int16)
    tiles, embedding, neighbors = _answer(listener, samples, demo.sample_rate_hz)
    np.savez_compressed(
        path,
        samples=samples,
        sample_rate_hz=demo.sample_rate_hz,
        tiles=np.round(tiles * 255).astype(np.uint8),
        embedding=embedding,
        neighbors=neighbors,
    )


def golden_differences(listener: Listener, path: Path) -> list[str]:
    """How the probe's results on this machine differ from the stored ones; empty if they agree."""
    with np.load(path, allow_pickle=False) as golden:
        expected = {name: golden[name] for name in golden.files}
    tiles, embedding, neighbors = _answer(
        listener, expected["samples"], int(expected["sample_rate_hz"])
    )
    steps = np.abs(np.round(tiles * 255) - expected["tiles"])
    moved = np.linalg.norm(embedding - expected["embedding"])
    relative = float(moved / np.linalg.norm(expected["embedding"]))
    found = []
    if steps.max() > 1:
        found.append(f"the probe's tile differs by {steps.max():.0f} of 255")
    if not relative <= TOLERANCE:
        found.append(f"the probe's embedding differs by {relative:.1e}")
    if not np.array_equal(neighbors, expected["neighbors"]):
        found.append("the probe's nearest tracks differ")
    return found


def _answer(
    listener: Listener, samples: npt.NDArray[np.int16], sample_rate_hz: int
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    clip = Clip(np.divide(samples, 32_767, dtype=np.float32), sample_rate_hz)
    tiles, _ = tiles_of(clip, listener.manifest.spec)
    embedding, _ = listener.embed(tiles)
    rows, _ = listener.catalog.points.nearest(embedding, N_NEIGHBORS)
    return tiles, embedding, listener.catalog.track_ids[rows]
