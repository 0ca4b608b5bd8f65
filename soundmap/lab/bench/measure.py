"""The whole benchmark: contenders take turns on each file (the ``bench`` extra)."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from soundmap.audio.decode import decode
from soundmap.bundle.listener import Listener
from soundmap.engines.base import OPENVINO
from soundmap.engines.runtime import Runtime
from soundmap.features.tiles import SLICES, TileSpec, tiles_of
from soundmap.lab.bench.baseline import plain, published
from soundmap.lab.bench.cases import make_cases
from soundmap.lab.bench.fresh import recommending, workers
from soundmap.lab.bench.ours import beyond, ours
from soundmap.lab.bench.quantize import quantize
from soundmap.lab.bench.report import BEYOND, PEER, PLAIN, rows_of
from soundmap.lab.bench.timing import Pipeline, Times, spent_ms, timed
from soundmap.lab.network.genre_net import GenreNet
from soundmap.lab.network.graph import write_graph
from soundmap.scratch import scratch
from soundmap.types import Advance, Progress

ROUNDS, QUICK_ROUNDS = 7, 2


def bench(
    listener: Listener, cases: Sequence[str], audio: Path | None, quick: bool, progress: Progress
) -> dict[str, Any]:
    """The document of ``soundmap bench``.

    Raises BadSound where ``audio`` cannot be heard, NotInstalled ``needs_pyav``.
    """
    with scratch() as folder, threadpool_limits(1):
        with progress("Making files and networks", 3) as advance:
            files = make_cases(folder, cases, audio)
            advance(1)
            network, engines = _networks(listener, folder, next(iter(files.values())), advance)
            points = listener.catalog.points
            pipelines = {PLAIN: plain(network, np.array(points.values))}
            pipelines |= {name: ours(*both, points) for name, both in engines.items()}
        n_rounds = QUICK_ROUNDS if quick else ROUNDS
        with progress("Listening", len(files) * (n_rounds + 1)) as advance:
            rounds = {
                case: list(_rounds(pipelines, listener, path, n_rounds, advance, at))
                for at, (case, path) in enumerate(files.items())
            }
        path, bundle = next(iter(files.values())), listener.folder
        with progress("Starting processes", 2) as advance:
            fresh = recommending(path, bundle, quick)
            advance(1)
            fresh |= workers(path, bundle, quick)
    named = {name: runtime.engine for name, (_, runtime) in engines.items()}
    return {**rows_of(rounds), **fresh, "engines": named, "machine": _machine()}


def _networks(
    listener: Listener, folder: Path, path: Path, advance: Advance
) -> tuple[GenreNet, dict[str, tuple[TileSpec, Runtime]]]:
    """The published network in torch, and what our pipeline runs, by name: that network, the same
    in 8 bits, and the bundle's.
    """
    spec = listener.manifest.spec
    exact, rough = folder / "published.onnx", folder / "published-int8.xml"
    tiles, _ = tiles_of(decode(path), SLICES)
    network = published(tiles)
    write_graph(network, exact, SLICES.n_mels, SLICES.n_columns)
    advance(2)
    quantize(exact, rough, tiles)
    return network, {
        SLICES.name: (SLICES, Runtime(exact)),
        f"{SLICES.name}-int8": (SLICES, Runtime(rough, engine=OPENVINO)),
        spec.name: (spec, listener.runtime),
    }


def _rounds(
    pipelines: Mapping[str, Pipeline],
    listener: Listener,
    path: Path,
    n: int,
    advance: Advance,
    at: int,
) -> Iterator[dict[str, Times]]:
    """Times of every contender, round by round, after one round to warm up."""
    for number in range(n + 1):
        times = {name: timed(pipeline, path) for name, pipeline in pipelines.items()}
        times[BEYOND] = beyond(listener, path)
        if (peer := _peer_ms(path)) is not None:
            times[PEER] = {"all": peer}
        advance(at * (n + 1) + number + 1)
        if number:
            yield times


def _peer_ms(path: Path) -> float | None:
    """Milliseconds bliss-rs takes for its 23 numbers; None where bliss-audio is not installed or
    cannot read the file.
    """
    try:
        from bliss_audio import Song

        return spent_ms(lambda: Song(str(path)).analysis)[1]
    except Exception:  # its errors have no documented base class
        return None


def _machine() -> dict[str, Any]:
    return {"system": platform.platform(), "cores": os.cpu_count(), "load": _load()}


def _load() -> float | None:
    """The load average of the last minute, None where the system has none."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None
