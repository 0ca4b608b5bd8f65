"""``soundmap index``: makes a catalog of a folder of music, listening only to what is new.

Each result is saved at once, so a run that was killed continues where it stopped.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from soundmap.audio.windows import DEFAULT_WINDOWS
from soundmap.bundle.listener import Listener
from soundmap.catalog.shelf import Entry, Shelf
from soundmap.catalog.table import Catalog
from soundmap.errors import BadDataset
from soundmap.files import sha256_of
from soundmap.library.jobs import Executor, Failure, HeardFile
from soundmap.library.memory import Known, Memory, remembered
from soundmap.library.published import Published, published
from soundmap.library.scan import Found, Scan, scan
from soundmap.library.tables import catalog_of
from soundmap.types import Progress
from soundmap.wording import error_sentence

_MAY_PASS = frozenset(
    {"missing_file", "unreadable_file", "needs_pyav", "worker_died", "worker_memory"}
)
_AT_HAND = 2  # files per process: the one it hears and the next

Opened = Callable[[], AbstractContextManager[Executor]]


@dataclass(frozen=True, slots=True)
class Index:
    """A run that makes or updates the catalog ``name`` on a ``shelf``.

    The music in ``folder`` is heard with the ``bundle`` in a folder, by the executor that
    ``opened`` returns.  Without ``folder`` an existing catalog is updated from the folder it was
    made of.  ``moved`` says that the catalog's files lie in ``folder`` now.  Long files are heard
    in up to ``windows`` windows; None is as the catalog was heard so far.  The report says in
    ``language`` why files cannot be heard.
    """

    shelf: Shelf
    name: str
    folder: Path | None
    bundle: Path
    opened: Opened
    progress: Progress
    moved: bool = False
    windows: int | None = None
    language: str = "en"

    def run(self) -> dict[str, Any]:
        """Makes the catalog; returns the report, ready for JSON.

        Raises BadRequest ``bad_name`` or ``unknown_catalog``; BadDataset ``no_folder``,
        ``no_sounds``, ``other_folder``, ``catalog_busy``, ``nothing_heard``, ``bad_memory``,
        ``catalog_unwritable``, or a code for broken tables of a published data set; BadBundle.
        """
        started, listener = time.monotonic(), Listener(self.bundle)
        labels, _ = listener.manifest.labels, listener.runtime  # fails early if broken
        entry = self._entry(listener.manifest.id)
        about, found = published(Path(entry.folder)), _scanned(Path(entry.folder))
        with self._remembered() as memory:
            self._entry(entry.bundle)  # again: another run may have taken the name
            counts = self._hear(memory, found, entry, about)
            memory.renew_tags(Path(entry.folder))
            catalog = catalog_of(memory.heard(entry.bundle), labels, about)
            failures = list(_failures(memory, found, self.language))
            if catalog is None:
                raise BadDataset(
                    "nothing_heard", path=entry.folder, reason=failures[0]["reason"].rstrip(".")
                )
            self.shelf.publish(entry, catalog)
        seconds = time.monotonic() - started
        return {**_facts(entry, catalog), **counts, "seconds": seconds, "failed": failures}

    def _entry(self, bundle_id: str) -> Entry:
        """The catalog's entry on the shelf."""
        known = self.shelf.find(self.name)
        windows = self.windows or (known.windows if known else DEFAULT_WINDOWS)
        if self.folder is None:
            return replace(self.shelf.entry(self.name), bundle=bundle_id, windows=windows)
        folder = str(self.folder.resolve())
        if not Path(folder).is_dir():
            raise BadDataset("no_folder", path=self.folder)
        if known and known.folder != folder and not self.moved:
            raise BadDataset("other_folder", name=self.name, path=known.folder)
        return Entry(self.name, bundle_id, folder, windows=windows)

    @contextmanager
    def _remembered(self) -> Iterator[Memory]:
        """Opens the memory in the catalog's folder."""
        home = self.shelf.home(self.name)
        try:
            home.mkdir(parents=True, exist_ok=True)
            with remembered(home) as memory:
                yield memory
        except OSError as error:
            raise BadDataset("catalog_unwritable", path=home, reason=error) from error

    def _hear(
        self, memory: Memory, found: Scan, entry: Entry, about: Published | None
    ) -> dict[str, int]:
        """Brings the memory up to date; returns counts of what was done."""
        plan = _plan(memory, found, entry)
        memory.move(plan.moved)
        memory.see([file.path for file in found.files])
        n_heard = 0
        with self.progress("Listening", len(plan.todo)) as advance:
            for done, (file, outcome) in enumerate(self._outcomes(plan.todo, entry), start=1):
                n_heard += isinstance(outcome, HeardFile)
                memory.keep(
                    file, entry.bundle, outcome, about.track_id(file.path) if about else None
                )
                advance(done)
        touched = {file.path for file in (*plan.todo, *(file for _, file in plan.moved))}
        known = memory.known().items()
        return {
            "heard": n_heard,
            "unchanged": sum(
                one.here and not one.failure and path not in touched for path, one in known
            ),
            "moved": len(plan.moved),
            "removed": plan.n_removed,
            "other_files": found.n_others,
        }

    def _outcomes(
        self, todo: Sequence[Found], entry: Entry
    ) -> Iterator[tuple[Found, HeardFile | Failure]]:
        """The outcome of each file as it arrives; only a few files are submitted ahead."""
        if not todo:
            return
        left = iter(todo)
        with self.opened() as executor:
            if self.shelf.find(self.name) is None:
                self.shelf.write(entry)  # from now on others see that it was begun
            running: dict[Future[HeardFile | Failure], Found] = {}
            while True:
                for file in islice(left, max(0, _AT_HAND * executor.slots - len(running))):
                    path = Path(entry.folder) / file.path
                    running[executor.submit(path, entry.windows)] = file
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to do: files that ``moved``, files to hear (``todo``), and how many are gone."""

    moved: tuple[tuple[Known, Found], ...]
    todo: tuple[Found, ...]
    n_removed: int


def _scanned(folder: Path) -> Scan:
    """The files of a folder.  An empty one counts as an error: its disk may not be mounted."""
    found = scan(folder)
    if not found.files:
        raise BadDataset("no_sounds", path=folder)
    return found


def _plan(memory: Memory, found: Scan, entry: Entry) -> _Plan:
    known = memory.known()
    here = {file.path for file in found.files}
    gone = [one for path, one in known.items() if path not in here]
    new = [file for file in found.files if file.path not in known]
    moved = tuple(_moved(gone, new, Path(entry.folder)))
    current = {file.path: replace(one, found=file) for one, file in moved}
    todo = (f for f in found.files if _is_to_do(f, current.get(f.path, known.get(f.path)), entry))
    n_removed = sum(one.here for one in gone) - sum(one.here for one, _ in moved)
    return _Plan(moved, tuple(todo), n_removed)


def _moved(gone: list[Known], new: list[Found], folder: Path) -> Iterator[tuple[Known, Found]]:
    """Pairs of a missing file and a new one with the same content.

    Only new files of the size of a missing one are hashed.
    """
    sizes = {one.found.size for one in gone}
    by_content: defaultdict[str, list[Known]] = defaultdict(list)
    for one in gone:
        by_content[one.sha256].append(one)
    for file in new:
        if file.size in sizes:
            with suppress(OSError):
                if alike := by_content.get(sha256_of(folder / file.path)):
                    yield alike.pop(), file


def _is_to_do(file: Found, known: Known | None, entry: Entry) -> bool:
    """Whether a file is new, changed, heard otherwise, or failed in a way that may pass."""
    if known is None or known.found != file or known.bundle_id != entry.bundle:
        return True
    if known.windows != entry.windows and not known.failure:
        return True
    return known.failure is not None and known.failure.code in _MAY_PASS


def _failures(memory: Memory, found: Scan, language: str) -> Iterator[dict[str, str]]:
    """Folders that cannot be read and files that cannot be heard, with the reasons."""
    for path, reason in found.closed:
        yield {"path": path, "code": "unreadable_folder", "reason": f"{reason}."}
    for path, one in sorted(memory.known().items()):
        if one.here and (why := one.failure):
            reason = error_sentence(why.code, {**why.facts, "path": path}, language)
            yield {"path": path, "code": why.code, "reason": reason}


def _facts(entry: Entry, catalog: Catalog) -> dict[str, Any]:
    twice = len(catalog) - len(set(catalog.columns["upload"]))
    names = {"catalog": entry.name, "bundle": entry.bundle, "folder": entry.folder}
    return {**names, "windows": entry.windows, "tracks": len(catalog), "twice": twice}
