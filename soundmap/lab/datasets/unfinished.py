"""What a stopped ``soundmap dataset prepare`` had cut already, for the next run."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap import __version__
from soundmap.files import replacing
from soundmap.lab.datasets.cut import Cut, Job

FOLDER = "unfinished"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Cuts in a folder, one file each, named by a hash of what they were made from."""

    folder: Path

    def read(self, job: Job) -> Cut | None:
        """The cut of a job; None where there is none, or its audio has changed since."""
        try:
            with self._path(job).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                tempo = float(arrays["tempo_bpm"])
                return Cut(arrays["tiles"], arrays["mfcc"], tempo)
        except Exception:  # missing, or damaged, which numpy reports in many ways
            return None

    def keep(self, job: Job, cut: Cut) -> None:
        """Keeps a cut; a kill leaves all of its file or nothing.  Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        save(self._path(job), **asdict(cut))

    def forget(self) -> None:
        """Deletes the folder, once the final files are written."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, job: Job) -> Path:
        """Raises OSError where the audio is gone."""
        file = job.entry.path.stat()
        asked = (job.spec, job.rate_hz, job.seconds, __version__)
        made_of = (job.entry.path.resolve(), file.st_size, file.st_mtime_ns, *asked)
        digest = hashlib.sha256(repr(made_of).encode()).hexdigest()
        return self.folder / f"{job.entry.track_id}-{digest[:32]}.npz"


def save(path: Path, **arrays: npt.NDArray[Any]) -> None:
    """Writes arrays as one compressed ``.npz`` file, whole or not at all."""
    with replacing(path) as part, part.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
