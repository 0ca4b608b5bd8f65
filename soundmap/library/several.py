"""Listens to several files at once; one that cannot be heard does not lose the others."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import as_completed
from pathlib import Path

from soundmap.errors import BadSound, SoundMapError
from soundmap.library.jobs import Failure, HeardFile
from soundmap.library.processes import Processes
from soundmap.types import Progress, silent


def listen_to(
    paths: Sequence[Path],
    bundle: Path,
    workers: int,
    progress: Progress = silent,
    what: str = "Listening",
) -> list[HeardFile | SoundMapError]:
    """What was heard in each file, or why it cannot be heard, in the order of ``paths``.

    Up to ``workers`` processes listen with the bundle in a folder; a file that stands there twice
    is heard once.
    """
    once = list(dict.fromkeys(paths))
    if not once:
        return []
    with Processes(bundle, min(workers, len(once))) as processes, progress(what, len(once)) as told:
        futures = {path: processes.submit(path) for path in once}
        for done, _ in enumerate(as_completed(futures.values()), start=1):
            told(done)
        heard = {path: _heard(path, future.result()) for path, future in futures.items()}
    return [heard[path] for path in paths]


def _heard(path: Path, outcome: HeardFile | Failure) -> HeardFile | SoundMapError:
    if isinstance(outcome, Failure):
        return BadSound(outcome.code, **{**outcome.facts, "path": path})
    return outcome
