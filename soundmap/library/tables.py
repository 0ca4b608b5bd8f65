"""Makes a catalog from what was heard in files and what their tags and tables say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import numpy as np

from soundmap.catalog.licenses import NOT_STATED, license_class
from soundmap.catalog.table import COLUMNS, FILE_COLUMN, Catalog, trait_cells
from soundmap.library.jobs import HeardFile
from soundmap.library.published import Published
from soundmap.library.tags import Tags, completed

Rows = Iterable[tuple[int, str, HeardFile]]


def catalog_of(rows: Rows, labels: tuple[str, ...], about: Published | None) -> Catalog | None:
    """A catalog of rows (track id, path, what was heard) sorted by id; None if there are none.

    A track's genre is the first of its stated genres that is among ``labels``, or else the one
    heard.  Its sub-genres are that one and all stated ones.  Files with equal tiles share one
    upload.
    """
    embeddings, probabilities, cells = [], [], []
    uploads: dict[str, int] = {}
    for track_id, path, heard in rows:
        embeddings.append(heard.embedding)
        probabilities.append(heard.probabilities)
        tags = _said(path, heard.tags, about)
        upload = uploads.setdefault(heard.same, track_id)
        cells.append((str(track_id), *_cells(path, heard, tags, labels, upload)))
    if not cells:
        return None
    columns = dict(zip((*COLUMNS, FILE_COLUMN), zip(*cells, strict=True), strict=True))
    return Catalog(np.array(embeddings), np.array(probabilities), columns)


def _said(path: str, tags: Tags, about: Published | None) -> Tags:
    """Facts of a file: from the tables, or else its tags, or else its name."""
    if about and (track_id := about.track_id(path)) is not None:
        return about.facts[track_id]
    return completed(tags, PurePosixPath(path))


def _cells(
    path: str, heard: HeardFile, tags: Tags, labels: tuple[str, ...], upload: int
) -> Iterator[str]:
    """The cells of a track, without the id, in the order of the columns."""
    genre = _genre(heard, tags.genres, labels)
    yield from (tags.title, tags.artist, genre)
    yield "|".join(dict.fromkeys((genre, *tags.genres)))
    yield tags.license or NOT_STATED
    yield license_class(tags.license)
    yield tags.page
    yield str(upload)
    yield str(int(heard.audible))
    yield from trait_cells(heard.traits)
    yield path


def _genre(heard: HeardFile, said: tuple[str, ...], labels: tuple[str, ...]) -> str:
    known = {_bare(label): label for label in labels}
    own = (known[_bare(name)] for name in said if _bare(name) in known)
    return next(own, labels[int(heard.probabilities.argmax())])


def _bare(name: str) -> str:
    """``Hip Hop`` and ``Hip-Hop`` are one genre."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
