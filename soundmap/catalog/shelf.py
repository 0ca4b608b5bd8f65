"""A folder of catalogs, one subfolder each, opened by name.

``catalog.json`` records which bundle heard a catalog and which folder holds its tables.  A new
version is written beside the old one, then ``catalog.json`` switches to it in one atomic step, so
a reader always gets one complete version.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from soundmap.catalog.table import FILE_COLUMN, Catalog, Space, read_catalog, write_catalog
from soundmap.errors import BadBundle, BadRequest
from soundmap.files import data_folder, replacing
from soundmap.wording.guessing import meant

SHIPPED = "fma"
"""The name of the catalog that comes with the bundle; reserved."""
FOLDER = "catalogs"
"""Its name among what SoundMap keeps."""
MANIFEST = "catalog.json"
FORMAT = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_TABLES = "tables-"
_REMOVED = ".removed-"


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of one catalog, as ``catalog.json`` stores it.

    ``bundle`` is the id of the bundle that heard it and ``folder`` the folder of its music.
    ``tables`` is the name of the folder with its tables, empty until they are written.  ``tracks``
    is the number of tracks.  ``windows`` is in how many windows long files were heard: 1 in
    catalogs of earlier versions.
    """

    name: str
    bundle: str
    folder: str
    tables: str = ""
    tracks: int = 0
    windows: int = 1


class Shelf:
    """The catalogs in ``folder``, which need not exist yet.

    Tracks name their files by paths relative to the music folder, or by absolute paths if
    ``whole_paths`` is true: for the command line and the console, where these are no secret.
    """

    def __init__(self, folder: Path | None = None, whole_paths: bool = False) -> None:
        self.folder = folder or default_folder()
        self._whole_paths = whole_paths

    def entries(self) -> list[Entry]:
        """All catalogs, sorted by name, except those whose manifest cannot be read and folders
        whose name no catalog can have.
        """
        names = sorted(path.parent.name for path in self.folder.glob(f"*/{MANIFEST}"))
        found = (self.find(name) for name in names if _is_name(name))
        return [entry for entry in found if entry]

    def find(self, name: str) -> Entry | None:
        """The entry of a catalog, None if there is none.  Raises BadRequest ``bad_name``."""
        try:
            text = (self.home(name) / MANIFEST).read_text(encoding="utf-8")
            facts = json.loads(text)
            return Entry(**{**facts, "name": name}) if facts.pop("format") == FORMAT else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def entry(self, name: str) -> Entry:
        """The entry of a catalog.  Raises BadRequest ``unknown_catalog``."""
        if (entry := self.find(name) if _is_name(name) else None) is None:
            known = [SHIPPED, *(entry.name for entry in self.entries())]
            near = meant(name, known)
            raise BadRequest("unknown_catalog", name=name, known=", ".join(known), meant=near)
        return entry

    def finished(self, name: str) -> Entry:
        """The entry of a catalog that has tables.

        Raises BadRequest ``unknown_catalog`` or ``unfinished_catalog``.
        """
        if not (entry := self.entry(name)).tables:
            raise BadRequest("unfinished_catalog", name=name)
        return entry

    def own(self, name: str) -> Entry:
        """Like ``entry``.  Raises BadRequest ``shipped_catalog`` for the bundle's catalog."""
        if name == SHIPPED:
            raise BadRequest("shipped_catalog", name=name)
        return self.entry(name)

    def changed(self, entry: Entry) -> datetime:
        """When a catalog was last written, in local time."""
        seconds = (self.home(entry.name) / MANIFEST).stat().st_mtime
        return datetime.fromtimestamp(seconds).astimezone()

    def home(self, name: str) -> Path:
        """The folder of a catalog.  Raises BadRequest ``bad_name``."""
        if not _is_name(name):
            raise BadRequest("bad_name", name=name, taken=SHIPPED)
        return self.folder / name

    def open(self, name: str, space: Space) -> Catalog:
        """Opens a catalog that the bundle of ``space`` has heard.

        Raises BadRequest ``unknown_catalog``, ``unfinished_catalog`` or ``other_ears``, or
        BadBundle ``bad_own_catalog``.
        """
        entry = self.finished(name)
        if entry.bundle != space.bundle_id:
            raise BadRequest("other_ears", name=name, found=entry.bundle)
        try:
            catalog = read_catalog(self.tables(entry), space)
        except BadBundle as error:
            if (again := self.entry(name)) == entry:
                path, reason = error.facts["path"], error.facts["reason"]
                raise BadBundle("bad_own_catalog", name=name, path=path, reason=reason) from error
            catalog = read_catalog(self.tables(again), space)  # it was replaced in between
        return _with_whole_paths(catalog, Path(entry.folder)) if self._whole_paths else catalog

    def tables(self, entry: Entry) -> Path:
        """The folder of a catalog's tables."""
        return self.home(entry.name) / entry.tables

    def publish(self, entry: Entry, catalog: Catalog) -> Entry:
        """Replaces the catalog of a name and deletes its earlier tables.  Returns the new entry."""
        entry = replace(entry, tables=f"{_TABLES}{secrets.token_hex(4)}", tracks=len(catalog))
        folder = self.tables(entry)
        folder.mkdir(parents=True)
        write_catalog(folder, catalog)
        self.write(entry)
        for old in folder.parent.glob(f"{_TABLES}*"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
        return entry

    def rename(self, name: str, new: str) -> None:
        """Gives a catalog a new name, in one atomic step.

        Raises BadRequest ``bad_name``, ``shipped_catalog``, ``unknown_catalog`` or
        ``catalog_exists``, or OSError.
        """
        home, target = self.home(self.own(name).name), self.home(new)
        if target.exists():
            raise BadRequest("catalog_exists", name=new)
        home.rename(target)

    def remove(self, name: str) -> None:
        """Deletes a catalog: at once it is gone from the shelf, then file by file.

        Raises BadRequest like ``rename``, or OSError.
        """
        home = self.home(self.own(name).name)
        home.rename(self.folder / f"{_REMOVED}{secrets.token_hex(4)}")
        for folder in self.folder.glob(f"{_REMOVED}*"):  # also what a killed process left
            shutil.rmtree(folder, ignore_errors=True)

    def write(self, entry: Entry) -> None:
        """Writes the manifest of a catalog atomically."""
        home = self.home(entry.name)
        home.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"format": FORMAT, **asdict(entry)}, indent=2)
        with replacing(home / MANIFEST) as part:
            part.write_text(text + "\n", encoding="utf-8")


def _is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and name != SHIPPED


def default_folder() -> Path:
    """The folder for catalogs among what SoundMap keeps.

    Raises RuntimeError for a user without a home.
    """
    if home := data_folder():
        return home / FOLDER
    raise RuntimeError("there is no home to keep catalogs in: name a folder for them")


def _with_whole_paths(catalog: Catalog, folder: Path) -> Catalog:
    paths = tuple(str(folder / path) for path in catalog.columns[FILE_COLUMN])
    columns = {**catalog.columns, FILE_COLUMN: paths}
    return Catalog(catalog.points, catalog.probabilities, columns, catalog.space)
