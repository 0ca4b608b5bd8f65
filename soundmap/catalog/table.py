"""The tracks that can be recommended: embeddings, genre probabilities and metadata."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from soundmap.catalog.licenses import license_class, license_of
from soundmap.catalog.searches import search_of
from soundmap.errors import BadBundle
from soundmap.search.exact import Mask, Points, Rows
from soundmap.search.indexed import points_of
from soundmap.types import Floats, Track, Traits

AUDIBLE_SHARE = 0.05  # least share of a tile above silence that can be recommended
TRAIT_NAMES = tuple(field.name for field in fields(Traits))
COLUMNS = (
    "track_id",
    "title",
    "artist",
    "genre",
    "subgenres",
    "license",
    "license_class",
    "page_url",
    "upload",
    "audible",
    *TRAIT_NAMES,
)
FILE_COLUMN = "file"
"""An extra column if the tracks are local files: their paths within the music folder."""


@dataclass(frozen=True, slots=True)
class Space:
    """The space of one bundle's embeddings.

    Points no further apart than ``same_sound_distance`` are the same recording.
    """

    bundle_id: str = ""
    same_sound_distance: float = 0.0


NOWHERE = Space()
Part = TypeVar("Part")


class Catalog:
    """A table of n tracks, sorted by track id.

    ``embeddings`` are float32 (n, d), or ``Points`` with their own search; ``probabilities`` are
    float32 (n, n_genres).  ``columns`` maps each of ``COLUMNS`` to n texts.  ``space`` is that of
    the embeddings.
    """

    def __init__(
        self,
        embeddings: Floats | Points,
        probabilities: Floats,
        columns: dict[str, tuple[str, ...]],
        space: Space = NOWHERE,
    ) -> None:
        self.points = embeddings if isinstance(embeddings, Points) else Points(embeddings)
        self.probabilities = probabilities
        self.columns, self.space = columns, space
        self.track_ids = np.array(columns["track_id"], dtype=np.int64)

    def __len__(self) -> int:
        return len(self.track_ids)

    def track(self, row: int) -> Track:
        """The track at a row."""
        at = {name: values[row] for name, values in self.columns.items()}
        license_, file = license_of(at["license"]), at.get(FILE_COLUMN, "")
        return Track(
            track_id=int(at["track_id"]),
            title=at["title"],
            artist=at["artist"],
            genre=at["genre"],
            subgenres=tuple(at["subgenres"].split("|")),
            license=license_.name,
            license_class=license_class(at["license"]),
            page_url=at["page_url"],
            traits=Traits(*(float(at[name]) for name in TRAIT_NAMES)),
            file=file,
            search_url="" if file else search_of(at["artist"], at["title"]),
            license_url=license_.url,
        )

    def nearest(
        self, embedding: Floats, k: int, metric: str = "euclidean", keep: Mask | None = None
    ) -> tuple[Rows, npt.NDArray[np.float64]]:
        """The ``k`` rows nearest to ``embedding`` (d,), nearest first, and their distances.

        ``keep``, bool (n,), restricts the search to some rows.
        """
        return self.points.nearest(embedding, k, metric, keep)

    def where(self, column: str, value: str) -> Mask:
        """Rows whose ``column`` is ``value``, bool (n,)."""
        mask: Mask = np.array(self.columns[column]) == value
        return mask

    @cached_property
    def audible(self) -> Mask:
        """Rows that are not mostly silent, bool (n,): see ``AUDIBLE_SHARE``."""
        return self.where("audible", "1")

    @cached_property
    def uploads(self) -> npt.NDArray[np.int64]:
        """A number per row, int64 (n,), shared by all uploads of the same recording."""
        return np.array(self.columns["upload"], dtype=np.int64)

    @cached_property
    def artists(self) -> npt.NDArray[np.str_]:
        """Case-folded artist of each row, str (n,), to tell artists apart.

        A track whose artist is unknown gets a unique value.
        """
        pairs = zip(self.columns["artist"], self.columns["track_id"], strict=True)
        return np.array([name.casefold() or f"\n{track_id}" for name, track_id in pairs])

    def row_of(self, track_id: int) -> int:
        """The row of a track.  Raises KeyError if the catalog does not have it."""
        row = int(np.searchsorted(self.track_ids, track_id))
        if row == len(self) or self.track_ids[row] != track_id:
            raise KeyError(track_id)
        return row

    def trait_rank(self, name: str, value: float) -> float:
        """Share of tracks, 0..1, whose trait ``name`` is below ``value``."""
        return float(np.searchsorted(self._sorted_traits[name], value) / len(self))

    @cached_property
    def _sorted_traits(self) -> dict[str, npt.NDArray[np.float64]]:
        return {name: np.sort(np.array(self.columns[name], float)) for name in TRAIT_NAMES}


def trait_cells(traits: Traits) -> Iterator[str]:
    """A track's traits as table cells, in the order of ``TRAIT_NAMES``."""
    yield f"{traits.tempo_bpm:g}"
    yield f"{traits.brightness_hz:.0f}"
    yield f"{traits.bass_share:.3f}"
    yield f"{traits.dynamics_db:.1f}"
    yield f"{traits.noisiness:.4f}"


def read_catalog(folder: Path, space: Space = NOWHERE) -> Catalog:
    """Reads a catalog; embeddings are memory-mapped.  Raises BadBundle ``bad_catalog``."""
    embeddings = _read(folder / "embeddings.npy", partial(_numbers, mapped=True))
    probabilities = _read(folder / "genres.npy", _numbers)
    columns = _read(folder / "tracks.csv.gz", _columns)

    def fitted(folder: Path) -> Catalog:
        if not len(embeddings) == len(probabilities) == len(columns["track_id"]) > 0:
            raise ValueError("its tables do not fit together")
        return Catalog(points_of(folder, embeddings), probabilities, columns, space)

    return _read(folder, fitted)


def _read(path: Path, reader: Callable[[Path], Part]) -> Part:
    try:
        return reader(path)
    except Exception as error:  # the readers' errors have no common base
        raise BadBundle("bad_catalog", path=path, reason=error) from error


def _numbers(path: Path, mapped: bool = False) -> Floats:
    numbers: Floats = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    if numbers.ndim != 2:
        raise ValueError("its numbers have another shape")
    return numbers


def _columns(path: Path) -> dict[str, tuple[str, ...]]:
    with gzip.open(path, "rt", encoding="utf-8", errors="surrogateescape", newline="") as file:
        header, *rows = csv.reader(file)
    if tuple(header) not in (COLUMNS, (*COLUMNS, FILE_COLUMN)):
        raise ValueError("it has other columns")
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def write_catalog(folder: Path, catalog: Catalog) -> None:
    """Writes the three files of a catalog.  The same catalog always gives the same bytes."""
    np.save(folder / "embeddings.npy", catalog.points.values)
    np.save(folder / "genres.npy", catalog.probabilities)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    names = [name for name in (*COLUMNS, FILE_COLUMN) if name in catalog.columns]
    writer.writerow(names)
    writer.writerows(zip(*(catalog.columns[name] for name in names), strict=True))
    packed = gzip.compress(table.getvalue().encode(errors="surrogateescape"), mtime=0)
    (folder / "tracks.csv.gz").write_bytes(packed)
