"""The golden probe: a sound and its expected results, stored in the bundle to check any machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.audio.demo import demo_clip
from soundmap.bundle.listener import Listener
from soundmap.engines.base import TOLERANCE, difference
from soundmap.features.condition import NOISY
from soundmap.features.tiles import tiles_of
from soundmap.types import Clip, Floats

PROBE_SECONDS = 4
N_NEIGHBORS = 10


def write_golden(listener: Listener, path: Path) -> None:
    """Writes the probe (the first 4 s of the demo sound), its tiles, embedding and neighbors."""
    demo = demo_clip()
    probe = demo.samples[: PROBE_SECONDS * demo.sample_rate_hz]
    samples = np.round(probe * 32_767).astype(np.int16)
    tiles, embeddings, neighbors = _answer(listener, samples, demo.sample_rate_hz)
    np.savez_compressed(
        path,
        samples=samples,
        sample_rate_hz=demo.sample_rate_hz,
        tiles=np.round(tiles * 255).astype(np.uint8),
        **dict[str, Any](embeddings),
        neighbors=neighbors,
    )


def golden_differences(listener: Listener, path: Path) -> list[str]:
    """How the probe's results on this machine differ from the stored ones; empty if they agree."""
    with np.load(path, allow_pickle=False) as golden:
        expected = {name: golden[name] for name in golden.files}
    tiles, embeddings, neighbors = _answer(
        listener, expected["samples"], int(expected["sample_rate_hz"])
    )
    steps = np.abs(np.round(tiles * 255) - expected["tiles"])
    found = []
    if steps.max() > 1:
        found.append(f"the probe's tile differs by {steps.max():.0f} of 255")
    for name, embedding in embeddings.items():
        relative = difference(embedding[None], expected.get(name, embedding)[None])
        if not relative <= TOLERANCE:
            found.append(f"the probe's {name.replace('_', ' ')} differs by {relative:.1e}")
    if not np.array_equal(neighbors, expected["neighbors"]):
        found.append("the probe's nearest tracks differ")
    return found


def _answer(
    listener: Listener, samples: npt.NDArray[np.int16], sample_rate_hz: int
) -> tuple[Floats, dict[str, Floats], npt.NDArray[np.int64]]:
    clip = Clip(np.divide(samples, 32_767, dtype=np.float32), sample_rate_hz)
    tiles, _ = tiles_of(clip, listener.manifest.spec, again=True)
    embedding, _ = listener.embed(tiles)
    degraded, _ = listener.embed(tiles, NOISY)
    rows, _ = listener.catalog.points.nearest(embedding, N_NEIGHBORS)
    embeddings = {"embedding": embedding, "degraded_embedding": degraded}
    return tiles, embeddings, listener.catalog.track_ids[rows]
