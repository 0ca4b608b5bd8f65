"""The MNN engine.  It converts a graph into MNN's format once and keeps it in the user's cache."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.engines.base import MNN, OUTPUTS, Engine, release_of
from soundmap.files import cache_folder, replacing, sha256_of
from soundmap.scratch import scratch
from soundmap.types import Floats

CONVERTER = "import sys, _tools; _tools.mnnconvert(sys.argv)"
"""Calls the converter's library: the command around it installs a package with telemetry."""
_ENDING, _UNFINISHED = ".mnn", ".part"
_KEPT = 8  # converted graphs, one per bundle
_MOST_S, _OLD_S = 60.0, 600.0
_OPENING = threading.Lock()  # silencing affects the whole process


def opened(graph: Path, threads: int) -> Engine:
    """Opens a graph; ``threads`` 0 means all cores.  The engine takes one caller at a time.

    Tiles run one by one: in batches, MNN 3.6 computes wrong results for networks that pool
    frequency ranges separately, and it is no faster.
    """
    with _OPENING, _silence():
        from MNN import expr, nn

        settings = {"backend": "CPU", "precision": "high", "numThread": threads or os.cpu_count()}
        rules = {"runtime_manager": nn.create_runtime_manager((settings,)), "shape_mutable": True}

        def load(path: Path) -> Any:
            return nn.load_module_from_file(str(path), ["tiles"], list(OUTPUTS), **rules)

        module = _loaded(graph.resolve(), load)
    height = module.get_info()["inputs"][0].shape[2]
    alone = threading.Lock()

    def run_one(tile: Floats) -> list[Floats]:
        given = expr.const(tile, [1, *tile.shape], expr.NCHW, expr.float)
        found = module.onForward([given])
        if not found:  # MNN has printed its own message
            raise MemoryError("MNN failed to allocate memory")
        return [np.array(expr.convert(out, expr.NCHW).read()) for out in found]

    def run(tiles: Floats) -> tuple[Floats, Floats]:
        with alone:
            found = [run_one(tile) for tile in np.ascontiguousarray(tiles)]
        embeddings, logits = (
            np.array(rows).reshape(len(tiles), -1) for rows in zip(*found, strict=True)
        )
        return embeddings, logits

    # The shape of the first input decides how MNN computes from then on.  So that is a whole tile:
    # otherwise results would depend on what was heard before, and narrow tiles would make it slow.
    run(np.zeros((1, 1, height, height), np.float32))
    return run


def _loaded(graph: Path, load: Callable[[Path], Any]) -> Any:
    """Loads the converted graph from the cache or, if that fails, converts it and caches it."""
    folder = cache_folder()
    kept = folder and folder / f"{sha256_of(graph)[:32]}-{release_of(MNN)}{_ENDING}"
    if kept and kept.is_file():
        with suppress(Exception):  # a broken file: it is converted again
            return load(kept)
    with scratch() as name:
        module = load(made := _convert(graph, name))
        if kept:
            with suppress(OSError):
                _keep(made, kept)
        return module


def _convert(graph: Path, folder: Path) -> Path:
    """Converts in another process, which frees the converter's memory and may crash.

    It runs in a folder of its own, since the converter writes weights to a fixed name in the
    current one.
    """
    target = folder / f"graph{_ENDING}"
    words = ("-f", "ONNX", "--modelFile", graph, "--MNNModel", target, "--bizCode", "soundmap")
    command = [sys.executable, "-P", "-c", CONVERTER, *map(str, words)]
    subprocess.run(command, capture_output=True, timeout=_MOST_S, check=True, cwd=folder)
    if not target.is_file():
        raise ValueError(f"{graph} is no graph")
    return target


def _keep(made: Path, kept: Path) -> None:
    """Copies a converted graph into the cache, atomically."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    _make_room(kept.parent)
    with replacing(kept) as part:
        shutil.copyfile(made, part)


def _make_room(folder: Path) -> None:
    """Deletes the oldest graphs to make room for one, and unfinished files of dead processes."""
    with suppress(OSError):
        kept = sorted(folder.glob(f"*{_ENDING}"), key=_changed)
        given_up = [
            path for path in folder.glob(f"*{_UNFINISHED}") if time.time() - _changed(path) > _OLD_S
        ]
        for path in [*kept[: max(0, len(kept) - _KEPT + 1)], *given_up]:
            path.unlink()


def _changed(path: Path) -> float:
    return path.stat().st_mtime


@contextmanager
def _silence() -> Iterator[None]:
    """Discards the process's standard output meanwhile: MNN prints facts of the processor.

    What it printed waits in C's own buffer, which would be emptied after the block: into a pipe,
    ahead of our JSON.  So it is emptied within.
    """
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
        _flush_c()
        os.dup2(spoken, 1)
        os.close(spoken)
        os.close(nothing)


def _flush_c() -> None:
    """Writes out what C's standard output holds."""
    library = "ucrtbase" if sys.platform == "win32" else None
    with suppress(OSError, AttributeError):
        ctypes.CDLL(library).fflush(None)
