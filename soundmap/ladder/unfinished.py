"""What a stopped ``soundmap dataset prepare`` had cut already; the next one goes on from there."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from soundmap.ladder.cut import Cut, Job

FOLDER = "unfinished"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Cuts in a folder, a file each, named by what they were made of."""

    folder: Path

    def read(self, job: Job) -> Cut | None:
        """The cut of a job; None where there is none, or its audio has changed since."""
        try:
            with np.load(self._path(job), allow_pickle=False) as arrays:
                tempo = float(arrays["tempo_bpm"])
                return Cut(arrays["tiles"], arrays["mfcc"], tempo)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def keep(self, job: Job, cut: Cut) -> None:
        """Written beside, then renamed: a kill at any moment leaves all of it or nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(job)
        beside = path.with_suffix(".tmp")
        with beside.open("wb") as file:
            np.savez(file, **asdict(cut))
        beside.replace(path)

    def forget(self) -> None:
        """All is written where it belongs."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, job: Job) -> Path:
        """Raises OSError where the audio is gone."""
        file = job.entry.path.stat()
        number = job.entry.track_id
        return self.folder / f"{number}-{file.st_size}-{file.st_mtime_ns}-{job.spec}.npz"
