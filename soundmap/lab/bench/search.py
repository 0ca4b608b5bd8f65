"""Measures how fast, how accurately and in how much memory millions of tracks are searched."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.engines.threads import use_one_thread
from soundmap.errors import BadDataset
from soundmap.files import replacing
from soundmap.lab.bench.synthetic import CHUNK, Crowd
from soundmap.search.build import build_index, recall
from soundmap.search.exact import Mask, Points, Rows
from soundmap.search.indexed import INDEX, TUNED_FOR, points_of
from soundmap.types import Floats, Progress

COMPARED_ROWS = 106_574  # tracks of FMA, searched exactly
KEPT_SHARES = (0.5, 0.01)
_QUERIES, _WARMING, _CHECKED = 1_000, 500, 200
_MIB = 1 << 20


def bench_search(catalog: Floats, rows: int, folder: Path, progress: Progress) -> dict[str, Any]:
    """Measures the search among ``rows`` points drawn to lie like those of a ``catalog`` (n, d).

    Points and index stay in the folder and are reused by the next run.  Times are those of a fresh
    process with one thread: ``p50_ms`` and ``p99_ms`` of wall-clock time, ``cpu_*`` of processor
    time, which other programs do not lengthen.  Raises NotInstalled, or BadDataset
    ``bench_unwritable``.
    """
    crowd, build_s = Crowd(catalog), 0.0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        values = _make_points(crowd, rows, folder / "embeddings.npy", progress)
    except OSError as error:
        raise BadDataset("bench_unwritable", path=folder, reason=error) from error
    if type(points_of(folder, values)) is Points:
        began = time.perf_counter()
        build_index(folder, progress, least=0)
        build_s = time.perf_counter() - began
    queries = crowd.draw(_QUERIES + _WARMING, np.random.default_rng(1))
    use_one_thread()  # in the process to be started: here numpy is loaded already
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        found, facts = fresh.submit(_measure, folder, queries).result()
    checked = queries[_WARMING:][:_CHECKED]
    return {
        "rows": rows,
        "size": values.shape[1],
        **facts,
        "recall_at_10": recall(found[:_CHECKED], _truth(values, checked)),
        "filters": [_filtered(folder, values, checked, share) for share in KEPT_SHARES],
        "index_mb": (folder / INDEX).stat().st_size / _MIB,
        "build_s": build_s,
    }


def _make_points(crowd: Crowd, rows: int, path: Path, progress: Progress) -> Floats:
    """``rows`` points in a file, float32 (rows, d); a file that holds them already is reused."""
    first = next(crowd.chunks(rows, np.random.default_rng(0)))
    with suppress(OSError, ValueError):
        there = np.load(path, mmap_mode="r")
        if len(there) == rows and np.array_equal(there[: len(first)], first):
            return np.asanyarray(there)
    chunks = crowd.chunks(rows, np.random.default_rng(0))
    with progress("Drawing", rows) as advance, replacing(path) as part:
        values = np.lib.format.open_memmap(part, "w+", np.float32, (rows, first.shape[1]))
        for start, chunk in zip(range(0, rows, CHUNK), chunks, strict=True):
            values[start : start + len(chunk)] = chunk
            advance(start + len(chunk))
        values.flush()
    return np.asanyarray(np.load(path, mmap_mode="r"))


def _measure(folder: Path, queries: Floats) -> tuple[Rows, dict[str, float]]:
    """Runs in a fresh process: the rows found for each query, (n, 10), and what that took."""
    values = np.load(folder / "embeddings.npy", mmap_mode="r")
    import faiss  # noqa: F401  (its import is not part of loading)

    began = time.perf_counter()
    points = points_of(folder, values)
    load_ms = 1e3 * (time.perf_counter() - began)
    for query in queries[:_WARMING]:
        points.nearest(query, TUNED_FOR)
    asked = queries[_WARMING:]
    found, wall, cpu = _timed(points, asked)
    rss_mb = _resident_mb()
    few = Points(np.array(values[:: max(1, len(values) // COMPARED_ROWS)][:COMPARED_ROWS]))
    _, _, few_cpu = _timed(few, asked)
    facts = {
        "load_ms": load_ms,
        **_percentiles("", wall),
        **_percentiles("cpu_", cpu),
        "rss_mb": rss_mb,
        "exact_rows": len(few.values),
        **_percentiles("exact_cpu_", few_cpu),
        "ratio_to_exact": float(np.median(few_cpu) / np.median(cpu)),
    }
    return found, facts


def _timed(
    points: Points, queries: Floats
) -> tuple[Rows, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The ten nearest rows to each query, and the wall-clock and processor seconds of each."""
    found, seconds = [], []
    for query in queries:
        began = time.perf_counter(), time.thread_time()
        rows, _ = points.nearest(query, TUNED_FOR)
        ended = time.perf_counter(), time.thread_time()
        found.append(rows)
        seconds.append([ended[0] - began[0], ended[1] - began[1]])
    wall, cpu = np.array(seconds).T
    return np.array(found), wall, cpu


def _percentiles(name: str, seconds: npt.NDArray[np.float64]) -> dict[str, float]:
    return {f"{name}p{at}_ms": float(np.percentile(1e3 * seconds, at)) for at in (50, 99)}


def _resident_mb() -> float:
    """Resident memory of this process in MiB, mapped files too; 0 where the system does not say."""
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        line = next(line for line in lines if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return 0.0


def _truth(values: Floats, queries: Floats) -> Rows:
    import faiss

    found: Rows = faiss.knn(queries, values, TUNED_FOR)[1]
    return found


def _filtered(folder: Path, values: Floats, queries: Floats, share: float) -> dict[str, float]:
    """The search where only a ``share`` of the rows may be found; ``full`` is the share of queries
    that get ten.
    """
    keep: Mask = np.random.default_rng(2).random(len(values)) < share
    points, rows, seconds = points_of(folder, values), np.flatnonzero(keep), []
    right = rows[_truth(np.ascontiguousarray(values[rows]), queries)]
    found = []
    for query in queries:
        began = time.thread_time()
        found.append(points.nearest(query, TUNED_FOR, keep=keep)[0])
        seconds.append(time.thread_time() - began)
    full = float(np.mean([len(one) == TUNED_FOR for one in found]))
    facts = {"kept": share, "recall_at_10": recall(found, right), "full": full}
    return {**facts, **_percentiles("cpu_", np.array(seconds))}
