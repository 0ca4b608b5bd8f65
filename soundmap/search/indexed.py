"""Nearest neighbors among millions: an index names candidates, their true distances order them.

``nearest.faiss`` is an inverted file of FAISS with 8 bits a number; it is searched where it lies
on disk, as are the embeddings, so that opening it takes no time and little memory.
``nearest.json`` says which embeddings it is of.
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
TUNED_FOR = 10  # neighbors of which the index was made to find nearly all
_GROWTH = 0.3  # of the lists to be looked at, with the neighbors wanted: measured 0.23
_MOST_NEIGHBORS = 20_000  # beyond, every row is looked at
_FEW_ROWS = 2_000  # to choose from, which are all looked at
_USUAL_SHARE = 0.5  # of the rows is kept where it is cheaper to leave out afterwards
_SAMPLE = 256
_log = logging.getLogger(__name__)

Nearest = tuple[Rows, npt.NDArray[np.float64]]
Mapped: TypeAlias = "np.memmap[tuple[int, int], np.dtype[np.float32]]"


@dataclass(frozen=True, slots=True)
class Facts:
    """Of an index: its ``n_bytes``, a hash of a ``sample`` of the embeddings; how many lists
    (``probes``) of ``lists`` are looked at for ten neighbors, and the ``recall`` that gave;
    ``radius`` is the length of all embeddings, 0 where they differ.
    """

    n_bytes: int
    sample: str
    lists: int
    probes: int
    recall: float
    radius: float


class Indexed(Points):
    """``values`` float32 (n, d), memory-mapped from a file, with their index."""

    def __init__(self, values: Mapped, index: faiss.IndexIVF, facts: Facts) -> None:
        super().__init__(values)
        self._index, self._facts = index, facts
        self._table = _Table(values)

    def nearest(
        self, query: Floats, k: int, metric: str = "euclidean", keep: Mask | None = None
    ) -> Nearest:
        """As of ``Points``, but of the first ten some one in a hundred may be missed; whatever
        comes back has its true distance, and lists are as long.
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
        """Looks at twice the lists until that changes nothing, since those that are kept may lie
        elsewhere than the query.
        """
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
        """Rows that may be the first ``k``, twice as many: 8 bits do not order them finely."""
        import faiss

        how = faiss.SearchParametersIVF(sel=allowed, nprobe=probes or self._probes(k))
        _, rows = self._index.search(aim[None], 2 * k + 16, params=how)
        found: Rows = rows[0]
        return found[(found >= 0) & (found < len(self.values))]

    def _probes(self, k: int) -> int:
        """Lists to look at; at least as many as there are, where ``k`` is large."""
        growth = float(max(1.0, k / TUNED_FOR) ** _GROWTH)
        return min(self._facts.lists, round(self._facts.probes * growth))

    def _aim(self, query: Floats, metric: str) -> Floats | None:
        """The point whose neighbors by Euclid are the query's by ``metric``; None without one.
        On a sphere the order of angles is that of distances from the query's place on it.
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
    """Rows of a mapped file, read by calls instead: a page that is looked at in a map stays in the
    process's memory, two megabytes of its neighborhood with it.
    """

    def __init__(self, values: Mapped) -> None:
        self._values = values
        self._file = os.open(str(values.filename), os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def read(self, rows: Rows) -> Floats:
        """float32 (n, d)."""
        if not hasattr(os, "pread"):
            return self._values[rows]
        file, first, width = self._file, self._values.offset, self._values.strides[0]
        cells = b"".join(os.pread(file, width, first + row * width) for row in rows.tolist())
        return np.frombuffer(cells, np.float32).reshape(len(rows), self._values.shape[1])


def points_of(folder: Path, values: Floats) -> Points:
    """The embeddings of the catalog in a folder, to be searched by its index where it has one.

    One that cannot be used is said in the log, and every row is looked at instead.
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
    """Raises one of what ``points_of`` catches."""
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

    faiss.omp_set_num_threads(1)  # more only wait for each other over one query
    index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    lists = faiss.downcast_InvertedLists(index.invlists)
    lists.prefetch_nthread = 0  # threads that are started for each query
    return index


def sample_of(values: Mapped) -> str:
    """A hash of the number of rows and of some of them."""
    rows = np.linspace(0, len(values) - 1, _SAMPLE).astype(np.int64)
    some = _Table(values).read(rows).tobytes()
    return hashlib.sha256(repr(values.shape).encode() + some).hexdigest()
