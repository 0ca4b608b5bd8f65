"""The songs of the catalogs that are served: by id, by words, and what is near them."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.audio.lengths import told_seconds
from soundmap.bundle.manifest import Manifest
from soundmap.catalog.names import name_of, rows_like
from soundmap.catalog.shelf import SHIPPED, Shelf
from soundmap.catalog.table import Catalog
from soundmap.errors import BadRequest
from soundmap.paths.find import End
from soundmap.search.exact import distances_to
from soundmap.types import Floats, Track

_NUMBER_DIGITS = 18
_QUERY_LETTERS = 200
_PLACES = 6
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Folder:
    """A catalog as a music folder, ``number`` from 1; ``music`` is where its files lie, if any."""

    number: int
    name: str
    catalog: Catalog
    music: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Song:
    """A row of a folder's catalog."""

    folder: Folder
    row: int

    @property
    def track(self) -> Track:
        """The track at the row."""
        return self.folder.catalog.track(self.row)

    @property
    def id(self) -> str:
        """The name of the catalog and the number of the track, such as ``mine.12``."""
        return f"{self.folder.name}.{self.folder.catalog.track_ids[self.row]}"

    @property
    def embedding(self) -> Floats:
        """Where it lies, float32 (d,)."""
        return np.array(self.folder.catalog.points.values[self.row])

    def file(self) -> Path:
        """Its file.  Raises BadRequest ``no_file`` if there is none."""
        name, music = self.track.file, self.folder.music
        if not name or not music or not (music / name).is_file():
            raise BadRequest("no_file", id=self.id)
        return music / name

    def child(self) -> dict[str, Any]:
        """The song as a ``Child`` of the API."""
        track = self.track
        facts = {"id": self.id, "isDir": False, "title": track.title or name_of(track)}
        if track.artist:
            facts |= {"artist": track.artist, "displayArtist": track.artist}
        facts |= {"genre": track.genre, "bpm": round(track.traits.tempo_bpm)}
        facts |= {"isVideo": False, "type": "music", "mediaType": "song"}
        return facts | (_file_facts(track.file, self.folder.music) if track.file else {})


class Songs:
    """All songs of some catalogs, which one bundle has heard."""

    def __init__(self, manifest: Manifest, folders: Sequence[Folder]) -> None:
        self.manifest = manifest
        self.folders = {folder.name: folder for folder in folders}

    def song(self, song_id: str) -> Song:
        """The song of an id.  Raises BadRequest ``unknown_song``."""
        name, _, number = song_id.rpartition(".")
        folder = self.folders.get(name)
        if folder and number.isascii() and number.isdecimal() and len(number) <= _NUMBER_DIGITS:
            try:
                return Song(folder, folder.catalog.row_of(int(number)))
            except KeyError:
                pass
        raise BadRequest("unknown_song", id=song_id[:_QUERY_LETTERS])

    def end(self, song: Song) -> End:
        """The song as an end of a path, heard as its catalog has it."""
        return End(self.manifest.analysis_of(song.folder.catalog, song.row), song.track)

    def found(self, query: str, folder_number: int | None, offset: int, count: int) -> list[Song]:
        """Songs whose names have every word of a query, or all; ``count`` from ``offset`` on.

        Raises BadRequest ``unknown_folder``.
        """
        words = query.strip(' "')[:_QUERY_LETTERS]
        songs = (it for folder in self._chosen(folder_number) for it in _within(folder, words))
        return list(islice(songs, offset, offset + count))

    def _chosen(self, number: int | None) -> list[Folder]:
        chosen = [it for it in self.folders.values() if number in (None, it.number)]
        if not chosen:
            raise BadRequest("unknown_folder", id=number)
        return chosen


def songs_of(
    manifest: Manifest, shipped: Callable[[], Catalog], shelf: Shelf, names: Sequence[str]
) -> Songs:
    """The songs of catalogs by name, or of the bundle's own, ``shipped``, if none is named.

    Raises what ``Shelf.open`` raises.
    """
    folders = []
    for number, name in enumerate(dict.fromkeys(names or [SHIPPED]), start=1):
        if name == SHIPPED:
            folders.append(Folder(number, name, shipped()))
        else:
            catalog = shelf.open(name, manifest.space)
            folders.append(Folder(number, name, catalog, Path(shelf.entry(name).folder)))
    return Songs(manifest, folders)


def matches(start: Song, songs: Sequence[Song]) -> list[dict[str, Any]]:
    """Songs as ``sonicMatch`` of the API, with their similarity to ``start``, 0..1.

    The similarity falls evenly with the distance: 1 for the song itself, 0 for the track of its
    catalog that is furthest from it, and for all beyond.
    """
    here = start.embedding
    scale = _furthest(start) or 1.0
    found = []
    for song in songs:
        (distance,) = distances_to(song.embedding[None], here)
        similarity = round(max(0.0, 1.0 - float(distance) / scale), _PLACES)
        found.append({"entry": song.child(), "similarity": similarity})
    return found


def _furthest(song: Song) -> float:
    """The largest distance of a track of its catalog; in blocks, since a catalog may be large."""
    points, here = song.folder.catalog.points.values, song.embedding
    blocks = (points[at : at + _BLOCK] for at in range(0, len(points), _BLOCK))
    return max(float(distances_to(block, here).max()) for block in blocks)


def _within(folder: Folder, words: str) -> Iterator[Song]:
    catalog = folder.catalog
    rows = rows_like(words, catalog, len(catalog)) if words.strip() else range(len(catalog))
    return (Song(folder, row) for row in rows)


def _file_facts(name: str, music: Path | None) -> dict[str, Any]:
    """What is told of a file; its length and size if they can be seen."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    facts = {"path": name, "suffix": Path(name).suffix[1:].casefold(), "contentType": kind}
    with suppress(OSError, ValueError):
        path = (music or Path()) / name
        seconds = told_seconds(path)
        return {**facts, "size": path.stat().st_size, **({"duration": seconds} if seconds else {})}
    return facts
