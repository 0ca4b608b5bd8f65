"""MNN, by way of a copy of the graph in its own format, made once and kept in the user's cache."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

import numpy as np

from soundmap.bundle import sha256_of
from soundmap.engines import OUTPUTS, Engine
from soundmap.engines.cache import cache_folder
from soundmap.types import Floats

_ENDING = ".mnn"
_KEPT = 8  # converted graphs, of as many bundles
_MOST_S = 60.0


def opened(graph: Path, threads: int) -> Engine:
    """A module with a graph.

    Tiles go through one by one: of several at once it gets networks wrong that keep ranges of
    frequency apart (seen in 3.6), and is no faster.  It takes one caller at a time.
    """
    with _silence():
        from MNN import expr, nn

        settings = {"backend": "CPU", "precision": "high", "numThread": threads or os.cpu_count()}
        manager = nn.create_runtime_manager((settings,))
        with _converted(graph) as path:
            module = nn.load_module_from_file(
                str(path), ["tiles"], list(OUTPUTS), runtime_manager=manager, shape_mutable=True
            )
    height = module.get_info()["inputs"][0].shape[2]
    alone = threading.Lock()

    def run_one(tile: Floats) -> list[Floats]:
        given = expr.const(tile, [1, *tile.shape], expr.NCHW, expr.float)
        found = module.onForward([given])
        if not found:  # it has said so, in words of its own, to the process's output
            raise MemoryError("MNN failed to allocate memory")
        return [np.array(expr.convert(out, expr.NCHW).read()) for out in found]

    def run(tiles: Floats) -> tuple[Floats, Floats]:
        with alone:
            found = [run_one(tile) for tile in np.ascontiguousarray(tiles)]
        embeddings, logits = (
            np.array(rows).reshape(len(tiles), -1) for rows in zip(*found, strict=True)
        )
        return embeddings, logits

    # What it sees first decides how it computes from then on, so that is a whole tile: else a
    # sound's numbers would depend on what was heard before it, and narrow ones made it slow.
    run(np.zeros((1, 1, height, height), np.float32))
    return run


@contextmanager
def _converted(graph: Path) -> Iterator[Path]:
    """The graph as MNN reads it, from the cache or made; gone afterwards if it cannot be kept."""
    folder = cache_folder()
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="soundmap-") as name:
            yield _convert(graph, Path(name) / f"graph{_ENDING}")
        return
    kept = folder / f"{sha256_of(graph)[:32]}-{version('MNN')}{_ENDING}"
    if not kept.is_file():
        _forget_oldest(folder)
        beside = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        _convert(graph, beside).replace(kept)
    try:
        yield kept
    except Exception:  # half a file, from a full disk: the next try makes it anew
        kept.unlink(missing_ok=True)
        raise


def _convert(graph: Path, target: Path) -> Path:
    """By another process, so that this one does not keep the converter, nor end with it."""
    # Its library, since the program around it installs a package that reports to its maker.
    code = "import sys, _tools; _tools.mnnconvert(sys.argv)"
    words = ("-f", "ONNX", "--modelFile", graph, "--MNNModel", target, "--bizCode", "soundmap")
    command = [sys.executable, "-c", code, *map(str, words)]
    subprocess.run(command, capture_output=True, timeout=_MOST_S, check=True)
    if not target.is_file():
        raise ValueError(f"{graph} is no graph")
    return target


def _forget_oldest(folder: Path) -> None:
    """Leaves room for one more, where another process does not do so meanwhile."""
    with suppress(OSError):
        kept = sorted(folder.glob(f"*{_ENDING}"), key=lambda path: path.stat().st_mtime)
        for path in kept[: max(0, len(kept) - _KEPT + 1)]:
            path.unlink()


@contextmanager
def _silence() -> Iterator[None]:
    """Nothing is written to the process's output meanwhile: MNN tells it about the processor."""
    try:
        spoken = os.dup(1)
    except OSError:  # closed, as a service's may be
        yield
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 1)
        yield
    finally:
        os.dup2(spoken, 1)
        os.close(spoken)
        os.close(nothing)
