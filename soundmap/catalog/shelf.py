"""Where catalogs stand, each in a folder of its own, chosen by name.

``catalog.json`` says whose ears heard it and in which folder of tables it is now: a new one is
written beside the old one and named at once, so whoever reads meanwhile has one of the two whole.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from soundmap.catalog.table import FILE_COLUMN, Catalog, Space, read_catalog, write_catalog
from soundmap.errors import BadRequest, SoundMapError
from soundmap.files import replacing

SHIPPED = "fma"
"""The name of the catalog that comes with the bundle."""
MANIFEST = "catalog.json"
FORMAT = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_TABLES = "tables-"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a shelf knows of a catalog: the ``bundle`` that heard it, the ``folder`` its files lie
    in, the folder of its ``tables`` (empty before it is made), how many ``tracks`` it has.
    """

    name: str
    bundle: str
    folder: str
    tables: str = ""
    tracks: int = 0


class Shelf:
    """The catalogs in a folder, which need not be there yet.  Their tracks are files by their
    paths within the library, or by their ``whole_paths`` where those are nobody's secret.
    """

    def __init__(self, folder: Path | None = None, whole_paths: bool = False) -> None:
        self.folder = folder or default_folder()
        self._whole_paths = whole_paths

    def entries(self) -> list[Entry]:
        """Every catalog, by name; those whose manifest cannot be read are left out."""
        found = (self.find(path.parent.name) for path in self.folder.glob(f"*/{MANIFEST}"))
        return sorted((entry for entry in found if entry), key=lambda entry: entry.name)

    def find(self, name: str) -> Entry | None:
        """The catalog of a name, None where there is none.  Raises BadRequest ``bad_name``."""
        try:
            text = (self.home(name) / MANIFEST).read_text(encoding="utf-8")
            facts = json.loads(text)
            return Entry(**facts) if facts.pop("format") == FORMAT else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def entry(self, name: str) -> Entry:
        """The catalog of a name.  Raises BadRequest ``bad_name`` or ``unknown_catalog``."""
        if (entry := self.find(name)) is None:
            known = ", ".join([SHIPPED, *(entry.name for entry in self.entries())])
            raise BadRequest("unknown_catalog", name=name, known=known)
        return entry

    def finished(self, name: str) -> Entry:
        """The catalog of a name, which has tables.  Raises BadRequest ``bad_name``,
        ``unknown_catalog`` or ``unfinished_catalog``.
        """
        if not (entry := self.entry(name)).tables:
            raise BadRequest("unfinished_catalog", name=name)
        return entry

    def home(self, name: str) -> Path:
        """The folder of a catalog.  Raises BadRequest ``bad_name``."""
        if not _NAME.fullmatch(name) or name == SHIPPED:
            raise BadRequest("bad_name", name=name, taken=SHIPPED)
        return self.folder / name

    def open(self, name: str, space: Space) -> Catalog:
        """The catalog of a name, if it lies in the space of the bundle in use.

        Raises BadRequest ``bad_name``, ``unknown_catalog``, ``unfinished_catalog`` or
        ``other_ears``, or BadBundle ``bad_catalog``.
        """
        entry = self.finished(name)
        if entry.bundle != space.bundle_id:
            raise BadRequest("other_ears", name=name, found=entry.bundle)
        try:
            catalog = read_catalog(self.tables(entry), space)
        except SoundMapError:
            if (again := self.entry(name)) == entry:
                raise
            catalog = read_catalog(self.tables(again), space)  # it was made anew just now
        return _with_whole_paths(catalog, Path(entry.folder)) if self._whole_paths else catalog

    def tables(self, entry: Entry) -> Path:
        """The folder of a catalog's tables."""
        return self.home(entry.name) / entry.tables

    def publish(self, entry: Entry, catalog: Catalog) -> Entry:
        """Puts a catalog in the place of an earlier one of its name."""
        entry = replace(entry, tables=f"{_TABLES}{secrets.token_hex(4)}", tracks=len(catalog))
        folder = self.tables(entry)
        folder.mkdir(parents=True)
        write_catalog(folder, catalog)
        self.write(entry)
        for old in folder.parent.glob(f"{_TABLES}*"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
        return entry

    def write(self, entry: Entry) -> None:
        """Writes the manifest of a catalog, at once."""
        home = self.home(entry.name)
        home.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"format": FORMAT, **asdict(entry)}, indent=2)
        with replacing(home / MANIFEST) as part:
            part.write_text(text + "\n", encoding="utf-8")


def default_folder() -> Path:
    """Where a user's data lies on this system."""
    home = Path.home()
    places = {
        "darwin": home / "Library" / "Application Support",
        "win32": home / "AppData" / "Local",
    }
    return places.get(sys.platform, home / ".local" / "share") / "soundmap" / "catalogs"


def _with_whole_paths(catalog: Catalog, folder: Path) -> Catalog:
    paths = tuple(str(folder / path) for path in catalog.columns[FILE_COLUMN])
    columns = {**catalog.columns, FILE_COLUMN: paths}
    return Catalog(catalog.points, catalog.probabilities, columns, catalog.space)
