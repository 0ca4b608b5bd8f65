"""Chooses the engine that runs a graph; if several are installed, measures them once.

Which one is fastest depends on the processor.  An engine other than ONNX Runtime is chosen only if
it is clearly faster and its embeddings are within ``TOLERANCE`` of ONNX Runtime's.  Without ONNX
Runtime there is no reference to compare with: then it is MNN if installed, otherwise OpenVINO.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from soundmap.engines.base import (
    PACKAGES,
    PORTABLE,
    TOLERANCE,
    Engine,
    difference,
    installed,
    release_of,
)
from soundmap.engines.cache import can_write, remember, remembered
from soundmap.engines.opening import opened
from soundmap.errors import BadBundle, NotInstalled
from soundmap.files import cache_folder, sha256_of
from soundmap.types import Floats

MEMORY = "engines.json"
_CLEARLY = 0.9  # of ONNX Runtime's time, since others take longer to open
_ROUNDS, _N_PROBES = 5, 4
_MOST_S = 60.0
_ANSWER = "fastest engine: "
_ROOT = Path(__file__).resolve().parents[2]


def fastest(graph: Path, threads: int = 1) -> str:
    """Name of the engine to use for a graph; ``threads`` 0 means all cores.

    If there is a choice but the result cannot be saved, it is ONNX Runtime, which needs no
    measurement and no converted graph.
    """
    names = candidates()
    if len(names) < 2 or PORTABLE not in names:
        return next(iter(names), PORTABLE)
    folder = cache_folder()
    if folder is None or not graph.is_file():
        return PORTABLE
    memory, key = folder / MEMORY, _key(graph, threads)
    if (known := remembered(memory).get(key)) in names:
        return str(known)
    if not can_write(folder):
        return PORTABLE
    if (name := _measured_aside(graph, threads)) is None:
        return PORTABLE
    remember(memory, key, name)
    return name


def opened_fastest(graph: Path, threads: int = 1) -> tuple[str, Engine]:
    """The fastest engine's name, and the graph opened with it; ONNX Runtime if this system does not
    load that one, as after an upgrade.  Raises like ``opened``.
    """
    name = fastest(graph, threads)
    try:
        return name, opened(name, graph, threads)
    except NotInstalled:
        if name == PORTABLE or not installed(PORTABLE):
            raise
    return PORTABLE, opened(PORTABLE, graph, threads)


def candidates() -> list[str]:
    """Names of the engines that are installed."""
    return [name for name in PACKAGES if installed(name)]


def measured(graph: Path, threads: int = 1) -> str:
    """Name of the fastest engine here whose embeddings agree; takes about a second.

    Engines that cannot be opened are skipped, except ONNX Runtime, whose errors are raised.
    """
    from soundmap.engines.with_onnxruntime import height

    engines = {PORTABLE: opened(PORTABLE, graph, threads)}
    for name in candidates():
        with suppress(BadBundle, NotInstalled):
            engines[name] = engines.get(name) or opened(name, graph, threads)
    probes = _probes(height(graph))
    expected = engines[PORTABLE](probes)[0]
    seconds = {
        name: np.inf
        for name, engine in engines.items()
        if difference(engine(probes)[0], expected) <= TOLERANCE
    }
    for _ in range(_ROUNDS):
        for name in seconds:
            seconds[name] = min(seconds[name], _seconds(engines[name], probes[:1]))
    best = min(seconds, key=lambda name: seconds[name])
    return best if seconds[best] < _CLEARLY * seconds[PORTABLE] else PORTABLE


def _measured_aside(graph: Path, threads: int) -> str | None:
    """``measured`` in another process, which frees the memory and may crash; None if it fails."""
    code = "import sys; from pathlib import Path; from soundmap.engines.choice import measured;"
    code += f"print('\\n{_ANSWER}' + measured(Path(sys.argv[1]), int(sys.argv[2])))"
    command = [sys.executable, "-c", code, str(graph.resolve()), str(threads)]
    try:  # cwd: ``python -c`` imports from there first
        done = subprocess.run(
            command, cwd=_ROOT, capture_output=True, timeout=_MOST_S, check=True, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    answers = [line for line in done.stdout.splitlines() if line.startswith(_ANSWER)]
    return answers[-1].removeprefix(_ANSWER) if answers else None


def _probes(n_mels: int) -> Floats:
    """Tiles float32 (``_N_PROBES``, 1, n_mels, n_mels)."""
    noise = np.random.default_rng(0).random((_N_PROBES, 1, n_mels, n_mels), np.float32)
    return np.asarray(noise.cumsum(axis=2) / n_mels, dtype=np.float32)


def _seconds(engine: Engine, tiles: Floats) -> float:
    started = time.perf_counter()
    engine(tiles)
    return time.perf_counter() - started


def _key(graph: Path, threads: int) -> str:
    """A key of everything that may change which engine is fastest; copies of a graph share it."""
    packages = [f"{name}-{release_of(name)}" for name in candidates()]
    machine = (platform.node(), platform.machine(), os.cpu_count(), threads)
    facts = (sha256_of(graph), *machine, *packages)
    return " ".join(map(str, facts))
