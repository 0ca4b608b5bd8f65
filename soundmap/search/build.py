"""Builds the search index of a catalog that is too large for exact search."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from soundmap.errors import BadBundle, BadRequest, NotInstalled
from soundmap.files import replacing
from soundmap.search.exact import Rows
from soundmap.search.indexed import (
    FACTS,
    FORMAT,
    INDEX,
    TUNED_FOR,
    Facts,
    Indexed,
    Mapped,
    sample_of,
)
from soundmap.types import Floats, Progress

if TYPE_CHECKING:
    import faiss

EXACT_ROWS = 1_000_000
"""Up to this many rows, exact search is too quick for a person to notice."""
RECALL = 0.99  # of the first ten neighbors, over trials harder than real queries
_LISTS_A_ROOT = 1.3  # lists per square root of the rows: 4,096 for ten million
_TRAINED_BY = 50  # training rows per list
_LEAST_A_LIST = 40  # rows per list; FAISS warns below 39
_CHUNK = 131_072
_TRIALS = 200


def build_index(folder: Path, progress: Progress, least: int = EXACT_ROWS) -> Facts:
    """Builds the index of the catalog in a folder; a new one replaces the old when it is complete.

    Raises BadRequest ``no_index_needed`` for fewer than ``least`` rows, NotInstalled
    ``needs_faiss``, or BadBundle ``bad_catalog`` or ``index_unwritable``.
    """
    try:
        import faiss
    except ImportError as error:
        raise NotInstalled("needs_faiss") from error
    values = _embeddings(folder)
    if len(values) < max(least, _LEAST_A_LIST):
        raise BadRequest("no_index_needed", rows=len(values), least=least)
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    with progress("Indexing", len(values)) as advance:
        index = _trained(values)
        for done, chunk in _chunks(values):
            index.add(chunk)
            advance(done)
    facts = _tuned(values, index)
    try:
        return _written(folder, index, facts)
    except (OSError, RuntimeError) as error:
        raise BadBundle("index_unwritable", path=folder, reason=error) from error


def _embeddings(folder: Path) -> Mapped:
    try:
        values = np.load(folder / "embeddings.npy", mmap_mode="r", allow_pickle=False)
        if values.ndim != 2 or values.dtype != np.float32 or not isinstance(values, np.memmap):
            raise ValueError("embeddings.npy is not a table of float32")
        return values
    except (OSError, ValueError) as error:
        raise BadBundle("bad_catalog", path=folder / "embeddings.npy", reason=error) from error


def _trained(values: Floats) -> faiss.IndexIVFScalarQuantizer:
    """An empty index whose lists are trained on a sample of the rows."""
    import faiss

    n, size = values.shape
    lists = min(2 ** round(math.log2(_LISTS_A_ROOT * math.sqrt(n))), n // _LEAST_A_LIST)
    quantizer = faiss.IndexFlatL2(size)
    bits = faiss.ScalarQuantizer.QT_8bit
    index = faiss.IndexIVFScalarQuantizer(quantizer, size, lists, bits)
    index.cp.max_points_per_centroid = _TRAINED_BY
    index.train(np.ascontiguousarray(values[:: max(1, n // (_TRAINED_BY * lists))]))
    return index


def _chunks(values: Floats) -> Iterator[tuple[int, Floats]]:
    for start in range(0, len(values), _CHUNK):
        chunk = np.ascontiguousarray(values[start : start + _CHUNK])
        yield start + len(chunk), chunk


def _tuned(values: Mapped, index: faiss.IndexIVF) -> Facts:
    """The facts of an index, with the fewest probes that reach ``RECALL``."""
    import faiss

    trials, truth = _trials(values)
    faiss.omp_set_num_threads(1)  # as in use: one query at a time
    lists = int(index.nlist)
    facts = Facts(0, sample_of(values), lists, lists, 1.0, _radius_of(values))
    for probes in _steps(lists):
        facts = replace(facts, probes=probes)
        search = Indexed(values, index, facts)
        found = [search.nearest(trial, TUNED_FOR)[0] for trial in trials]
        facts = replace(facts, recall=recall(found, truth))
        if facts.recall >= RECALL:
            break
    return facts


def _steps(lists: int) -> Iterator[int]:
    """Numbers of probes to try: 1, 2, 3, 4, 5, 6, 7, 8, 10, ..., ``lists``."""
    probes = 1
    while probes < lists:
        yield probes
        probes += max(1, probes // 4)
    yield lists


def _trials(values: Floats) -> tuple[Floats, Rows]:
    """Query points float32 (n, d) that are not rows, and their true neighbors int64 (n, 10).

    Each lies beyond a row, on the line from the row's tenth neighbor through it, half that
    distance further.
    """
    import faiss

    rows = np.linspace(0, len(values) - 1, _TRIALS).astype(int)
    _, near = faiss.knn(values[rows], values, TUNED_FOR + 1)
    trials = 1.5 * values[rows] - values[near[:, -1]] / 2
    return trials, faiss.knn(trials, values, TUNED_FOR)[1]


def recall(found: Iterable[Rows], truth: Iterable[Rows]) -> float:
    """Share of the ``truth`` that was found, over all queries."""
    pairs = [
        (np.isin(right, rows).sum(), len(right)) for rows, right in zip(found, truth, strict=True)
    ]
    return float(np.divide(*np.sum(pairs, axis=0)))


def _radius_of(values: Floats) -> float:
    """The common length of all rows, judged by a sample of some thousand; 0 if lengths differ."""
    lengths = np.linalg.norm(values[:: max(1, len(values) // 4096)], axis=1)
    mean = float(lengths.mean())
    return mean if np.ptp(lengths) < 1e-4 * mean else 0.0


def _written(folder: Path, index: faiss.IndexIVF, facts: Facts) -> Facts:
    """Writes the index, then its facts; without facts, a killed run leaves no valid index."""
    import faiss

    (folder / FACTS).unlink(missing_ok=True)
    with replacing(folder / INDEX) as part:
        faiss.write_index(index, str(part))
    facts = replace(facts, n_bytes=(folder / INDEX).stat().st_size)
    text = json.dumps({"format": FORMAT, **asdict(facts)}, indent=2)
    with replacing(folder / FACTS) as part:
        part.write_text(text + "\n", encoding="utf-8")
    return facts
