"""What can run an inference graph: ONNX Runtime everywhere, OpenVINO where it is installed.

Which is faster depends on the processor, so it is measured, once for a graph on a machine, and
remembered.  OpenVINO (the ``fast`` extra) counts only if it is clearly faster and its embeddings
are as near to ONNX Runtime's in float32 as any two machines' are.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.errors import BadBundle, NotInstalled
from soundmap.types import Floats

# ONNX Runtime 1.29 and later report to their maker and write to the home folder, unless this
# stands in the process's environment, where its native code looks as it is loaded.
os.putenv("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

Engine = Callable[[Floats], tuple[Floats, Floats]]
"""Tiles (n, 1, n_mels, n_columns) to embeddings (n, size) and logits (n, n_genres)."""
PORTABLE, FAST, HALF = "onnxruntime", "openvino", "openvino-f16"
TOLERANCE = 1e-3
"""Largest difference of an embedding, relative to its length, between machines or engines."""
_CLEARLY = 0.9  # of the time: OpenVINO takes longer to open
_ROUNDS, _N_PROBES = 5, 4
_MOST_S = 60.0
_OUTPUTS = ("embeddings", "logits")


def opened(name: str, graph: Path, threads: int = 1) -> Engine:
    """An engine with a graph; ``threads`` 0 means all cores.  Raises BadBundle ``bad_graph``, or
    NotInstalled ``needs_openvino``.
    """
    if name != PORTABLE and not _has_openvino():
        raise NotInstalled("needs_openvino")
    try:
        return _onnxruntime(graph, threads) if name == PORTABLE else _openvino(name, graph, threads)
    except Exception as error:  # neither library's errors share a base
        raise BadBundle("bad_graph", path=graph) from error


def fastest(graph: Path, threads: int = 1, memory: Path | None = None) -> str:
    """Name of the engine to use for a graph.  ``memory`` is the file that remembers."""
    if not _has_openvino() or not graph.is_file():
        return PORTABLE
    memory, key = memory or default_memory(), _key(graph, threads)
    if (known := _remembered(memory).get(key)) in (PORTABLE, FAST, HALF):
        return str(known)
    if (name := _measured_aside(graph, threads)) is None:
        return PORTABLE
    _remember(memory, key, name)
    return name


def measured(graph: Path, threads: int = 1) -> str:
    """Name of the engine that is fastest here among those that agree; takes half a second.

    What cannot be opened is no candidate, but ONNX Runtime has to be.
    """
    candidates = {PORTABLE: opened(PORTABLE, graph, threads)}
    for name in (FAST, HALF):
        with suppress(BadBundle, NotInstalled):
            candidates[name] = opened(name, graph, threads)
    probes = _probes(graph)
    expected = candidates[PORTABLE](probes)[0]
    seconds = {
        name: np.inf
        for name, engine in candidates.items()
        if difference(engine(probes)[0], expected) <= TOLERANCE
    }
    for _ in range(_ROUNDS):
        for name in seconds:
            seconds[name] = min(seconds[name], _seconds(candidates[name], probes[:1]))
    best = min(seconds, key=lambda name: seconds[name])
    return best if seconds[best] < _CLEARLY * seconds[PORTABLE] else PORTABLE


def _measured_aside(graph: Path, threads: int) -> str | None:
    """The same by another process, so that this one does not keep what it opens; None where that
    fails.
    """
    code = "import sys; from pathlib import Path; from soundmap.engines import measured;"
    code += "print(measured(Path(sys.argv[1]), int(sys.argv[2])))"
    command = [sys.executable, "-c", code, str(graph.resolve()), str(threads)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_MOST_S, check=True, text=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def difference(embeddings: Floats, expected: Floats) -> float:
    """Largest distance of an embedding (n, size) from the expected one, relative to its length."""
    moved = np.linalg.norm(embeddings - expected, axis=1)
    return float((moved / np.linalg.norm(expected, axis=1)).max())


def default_memory() -> Path | None:
    """The file that remembers, None for a user without a home."""
    try:
        return Path.home() / ".cache" / "soundmap" / "engines.json"
    except RuntimeError:
        return None


def _onnxruntime(graph: Path, threads: int) -> Engine:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def run(tiles: Floats) -> tuple[Floats, Floats]:
        embeddings, logits = session.run(list(_OUTPUTS), {"tiles": tiles})
        return np.asarray(embeddings), np.asarray(logits)

    return run


def _openvino(name: str, graph: Path, threads: int) -> Engine:
    """Whole tiles, which are as wide as high; narrower ones go to ONNX Runtime, since OpenVINO
    loses their number where the width may change (seen in 2026.4).
    """
    # As it is imported its converter reports to its maker; without it nothing does.
    sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]
    import openvino

    precision = "f16" if name == HALF else "f32"  # else it takes bf16 where the processor has it
    settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads}
    core = openvino.Core()
    model = core.read_model(graph)
    width = model.input("tiles").partial_shape[2].get_length()
    model.reshape({"tiles": [-1, 1, width, width]})
    request = core.compile_model(
        model, "CPU", {**settings, "NUM_STREAMS": 1}
    ).create_infer_request()
    narrow = cache(lambda: _onnxruntime(graph, threads))

    def run(tiles: Floats) -> tuple[Floats, Floats]:
        if tiles.shape[3] != width:
            return narrow()(tiles)
        found = request.infer({"tiles": tiles})
        embeddings, logits = (np.array(found[output]) for output in _OUTPUTS)
        return embeddings, logits

    return run


def _has_openvino() -> bool:
    return importlib.util.find_spec("openvino") is not None


def _probes(graph: Path) -> Floats:
    """Tiles of the height that the graph takes, float32 (``_N_PROBES``, 1, n_mels, n_mels)."""
    n_mels = onnxruntime.InferenceSession(str(graph)).get_inputs()[0].shape[2]
    noise = np.random.default_rng(0).random((_N_PROBES, 1, n_mels, n_mels), np.float32)
    return np.asarray(noise.cumsum(axis=2) / n_mels, dtype=np.float32)


def _seconds(engine: Engine, tiles: Floats) -> float:
    started = time.perf_counter()
    engine(tiles)
    return time.perf_counter() - started


def _key(graph: Path, threads: int) -> str:
    """All that may change which is fastest."""
    file = graph.stat()
    versions = [importlib.metadata.version(name) for name in ("onnxruntime", "openvino")]
    machine = (platform.node(), platform.machine(), os.cpu_count(), threads)
    facts = (graph.resolve(), file.st_size, file.st_mtime_ns, *machine, *versions)
    return " ".join(map(str, facts))


def _remembered(memory: Path | None) -> Mapping[str, Any]:
    try:
        facts = json.loads(memory.read_text(encoding="utf-8")) if memory else {}
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _remember(memory: Path | None, key: str, name: str) -> None:
    """At once; where nothing can be written it is measured again next time."""
    if memory is None:
        return
    with suppress(OSError):
        memory.parent.mkdir(parents=True, exist_ok=True)
        beside = memory.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps({**_remembered(memory), key: name}, indent=1), "utf-8")
        beside.replace(memory)
