"""``soundmap dataset fetch``: downloads, verifies and unpacks the archives of the FMA data set.

The SHA-1 sums are those its authors publish (github.com/mdeff/fma).  A download that was
interrupted is resumed by the next run.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soundmap.errors import BadDataset
from soundmap.files import DISK_FULL, replacing
from soundmap.lab.datasets.download import Download
from soundmap.lab.datasets.fma import SHA1
from soundmap.lab.datasets.sources import check_archive
from soundmap.types import Progress

MIRROR = "https://os.unil.cloud.switch.ch/fma/"
_GIB = 2**30
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file: its SHA-1, and its size in bytes to within 3 %."""

    name: str
    sha1: str
    size: int


ARCHIVES = {
    name: Archive(name, SHA1[f"{name}.zip"], size)
    for name, size in {
        "fma_metadata": 358_412_441,
        "fma_small": 7_679_594_875,
        "fma_medium": 22 * _GIB,
        "fma_large": 100_306_112_191,
        "fma_full": 879 * _GIB,
    }.items()
}


@dataclass(frozen=True, slots=True)
class Fetch:
    """Fetches an archive into the folder ``out`` and, if ``unpacked``, unpacks it there.

    ``mirror`` is an address that ends with a slash; ``pause_s`` is that of Download.
    """

    archive: Archive
    out: Path
    progress: Progress
    mirror: str = MIRROR
    unpacked: bool = True
    pause_s: float = 1.0

    def run(self) -> dict[str, Any]:
        """Downloads, verifies and unpacks whatever is missing; returns what is there now.

        Raises BadDataset ``fetch_failed``, ``other_size``, ``no_room``, ``disk_full``,
        ``bad_archive`` or ``fetch_busy``.
        """
        path = self.out / f"{self.archive.name}.zip"
        with _full_disk_reported():
            self.out.mkdir(parents=True, exist_ok=True)
            with alone(path.with_suffix(".lock")):
                if not check_archive(path, self.archive.sha1):
                    self._download(path)
                n_files = self._unpack(path) if self.unpacked else 0
        facts = {"archive": str(path), "bytes": path.stat().st_size, "files": n_files}
        return {**facts, "folder": str(self.out / self.archive.name) if self.unpacked else ""}

    def _download(self, path: Path) -> None:
        """Names the archive only once it is whole and verified; deletes a wrong one, which cannot
        be resumed.
        """
        part, size = path.with_suffix(".zip.part"), self.archive.size
        url, spare = f"{self.mirror}{path.name}", size if self.unpacked else 0
        with self.progress("Fetching, MiB", size // _MIB) as advance:
            download = Download(url, part, size, spare, self.pause_s)
            download.run(lambda n_bytes: advance(n_bytes // _MIB))
        try:
            check_archive(part, self.archive.sha1)
        except BadDataset:
            part.unlink()
            raise
        part.rename(path)

    def _unpack(self, path: Path) -> int:
        """Unpacks the files that are missing; returns how many the archive has."""
        with zipfile.ZipFile(path) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            with self.progress("Unpacking", len(files)) as advance:
                for done, info in enumerate(files, start=1):
                    self._unpack_one(archive, info)
                    advance(done)
        return len(files)

    def _unpack_one(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        target = (self.out / info.filename).resolve()
        if not target.is_relative_to(self.out.resolve()):
            raise BadDataset("bad_member", path=archive.filename, member=info.filename)
        if target.is_file() and target.stat().st_size == info.file_size:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as packed, replacing(target) as part, part.open("wb") as file:
            shutil.copyfileobj(packed, file)


@contextmanager
def _full_disk_reported() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise BadDataset("disk_full") from error
        raise


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keeps other processes away from an archive.

    Raises BadDataset ``fetch_busy`` while another process is inside for the same ``path``.
    """
    with path.open("wb") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # a system without such locks
            pass
        except BlockingIOError as error:
            raise BadDataset("fetch_busy", name=path.stem) from error
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
