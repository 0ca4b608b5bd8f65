"""Nearest neighbors among millions of rows: an index finds candidates, exact distances sort them.

``nearest.faiss`` is a FAISS inverted file with 8 bits per number.  Both it and the embeddings are
memory-mapped, so opening takes no time and little memory.  ``nearest.json`` says which embeddings
it belongs to.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from soundmap.search.exact import Mask, Points, Rows, first_of
from soundmap.types import Floats

if TYPE_CHECKING:
    import faiss

INDEX, FACTS = "nearest.faiss", "nearest.json"
FORMAT = 1
TUNED_FOR = 10  # neighbors; the index is tuned to find nearly all of them
_GROWTH = 0.3  # exponent of probes by neighbors wanted; measured 0.23
_MOST_NEIGHBORS = 20_000  # for more, search is exact
_FEW_ROWS = 2_000  # kept rows up to which search is exact
_USUAL_SHARE = 0.5  # of rows kept, from which filtering after the search is cheaper
_SAMPLE = 256
_log = logging.getLogger(__name__)

Nearest = tuple[Rows, npt.NDArray[np.float64]]
Mapped: TypeAlias = "np.memmap[tuple[int, int], np.dtype[np.float32]]"


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of an index: its size ``n_bytes`` and a hash of a ``sample`` of the embeddings.

    For ``TUNED_FOR`` neighbors it searches ``probes`` of its ``lists``, which gave ``recall``
    0..1.  ``radius`` is the common length of the embeddings, 0 if lengths differ.
    """

    n_bytes: int
    sample: str
    lists: int
    probes: int
    recall: float
    radius: float


class Indexed(Points):
    """Points with an index, ``values`` float32 (n, d) memory-mapped from a file."""

    def __init__(self, values: Mapped, index: faiss.IndexIVF, facts: Facts) -> None:
        super().__init__(values)
        self._index, self._facts = index, facts
        self._table = _Table(values)

    def nearest(
        self, query: Floats, k: int, metric: str = "euclidean", keep: Mask | None = None
    ) -> Nearest:
        """Like ``Points.nearest``, but about one in a hundred of the true neighbors may be missed.

        Distances are exact, and just as many rows are returned.
        """
        n = len(self.values)
        n_kept = n if keep is None else int(np.count_nonzero(keep))
        aim = self._aim(query, metric)
        if aim is None or not 0 < k < min(_MOST_NEIGHBORS, n_kept):
            return super().nearest(query, k, metric, keep)
        if keep is not None and n_kept <= _FEW_ROWS:
            return self._first_of(np.flatnonzero(keep), query, k, metric)
        if keep is None or n_kept >= _USUAL_SHARE * n:
            rows = self._ask(aim, round(k * n / n_kept), None)
            if len(rows := rows if keep is None else rows[keep[rows]]) >= k:
                return self._first_of(rows, query, k, metric)
        return self._widening(aim, k, metric, query, np.ones(n, bool) if keep is None else keep)

    def _widening(self, aim: Floats, k: int, metric: str, query: Floats, keep: Mask) -> Nearest:
        """Doubles the probes until the result is stable: kept rows may lie far from the query."""
        import faiss

        allowed = faiss.IDSelectorBitmap(np.packbits(keep, bitorder="little"))
        probes = self._probes(k)
        found = self._first_of(self._ask(aim, k, allowed, probes), query, k, metric)
        while probes < self._facts.lists:
            before, probes = found[0], 2 * probes
            found = self._first_of(self._ask(aim, k, allowed, probes), query, k, metric)
            if len(before) == k and np.array_equal(before, found[0]):
                break
        return found

    def _ask(
        self, aim: Floats, k: int, allowed: faiss.IDSelector | None, probes: int | None = None
    ) -> Rows:
        """Candidates for the first ``k``: over twice as many, since 8 bits order them coarsely."""
        import faiss

        how = faiss.SearchParametersIVF(sel=allowed, nprobe=probes or self._probes(k))
        _, rows = self._index.search(aim[None], 2 * k + 16, params=how)
        found: Rows = rows[0]
        return found[(found >= 0) & (found < len(self.values))]

    def _probes(self, k: int) -> int:
        """Number of lists to search for ``k`` neighbors, at most all."""
        growth = float(max(1.0, k / TUNED_FOR) ** _GROWTH)
        return min(self._facts.lists, round(self._facts.probes * growth))

    def _aim(self, query: Floats, metric: str) -> Floats | None:
        """The point whose Euclidean neighbors are the query's neighbors by ``metric``, if any.

        If all points lie on a sphere, cosine order equals Euclidean order from the query's
        projection onto it.
        """
        if metric == "euclidean":
            return np.ascontiguousarray(query, np.float32)
        length = float(np.linalg.norm(query))
        if not self._facts.radius or not length:
            return None
        return np.asarray(query * (self._facts.radius / length), np.float32)

    def _first_of(self, rows: Rows, query: Floats, k: int, metric: str) -> Nearest:
        return first_of(rows, self._table.read(rows), query, k, metric)


class _Table:
    """Reads rows of a memory-mapped file with ``pread``.

    Reading them through the map would keep each page in memory, and two megabytes around it.
    """

    def __init__(self, values: Mapped) -> None:
        self._values = values
        self._file = os.open(str(values.filename), os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def read(self, rows: Rows) -> Floats:
        """Rows float32 (n, d)."""
        if not hasattr(os, "pread"):
            return self._values[rows]
        file, first, width = self._file, self._values.offset, self._values.strides[0]
        cells = b"".join(os.pread(file, width, first + row * width) for row in rows.tolist())
        return np.frombuffer(cells, np.float32).reshape(len(rows), self._values.shape[1])


def points_of(folder: Path, values: Floats) -> Points:
    """Points of the catalog in a folder, with its index if there is one.

    If the index cannot be used, a warning is logged and search is exact.
    """
    if not isinstance(values, np.memmap) or not (folder / FACTS).exists():
        return Points(values)
    try:
        return _opened(values, folder)
    except ImportError:
        reason = "it needs a package: pip install 'soundmap[large]'"
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        reason = str(error)
    _log.warning("the search index in %s is not used, which makes it slow: %s", folder, reason)
    return Points(values)


def _opened(values: Mapped, folder: Path) -> Indexed:
    """Opens the index.  Raises what ``points_of`` catches."""
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    if not isinstance(facts, dict) or facts.pop("format", None) != FORMAT:
        raise ValueError("it is of another version of SoundMap")
    facts = Facts(**facts)
    if facts.sample != sample_of(values):
        raise ValueError("it is of another state of the catalog")
    if (folder / INDEX).stat().st_size != facts.n_bytes:
        raise ValueError("it is not complete")
    return Indexed(values, _on_disk(folder / INDEX), facts)


def _on_disk(path: Path) -> faiss.IndexIVF:
    import faiss

    faiss.omp_set_num_threads(1)  # for a single query, more threads only wait
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    lists = faiss.downcast_InvertedLists(index.invlists)
    lists.prefetch_nthread = 0  # else it starts threads for each query
    return index


def sample_of(values: Mapped) -> str:
    """A hash of the shape and of a sample of the rows."""
    rows = np.linspace(0, len(values) - 1, _SAMPLE).astype(np.int64)
    some = _Table(values).read(rows).tobytes()
    return hashlib.sha256(repr(values.shape).encode() + some).hexdigest()
