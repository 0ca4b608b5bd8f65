"""Listens to one file for a catalog: a job for any process, whose result is plain data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from soundmap.audio.windows import DEFAULT_WINDOWS, Look
from soundmap.bundle.listener import Listener
from soundmap.catalog.table import AUDIBLE_SHARE
from soundmap.errors import SoundMapError
from soundmap.library.tags import NO_TAGS, Tags, read_tags
from soundmap.types import Analysis, Floats, Traits
from soundmap.wording import shown_facts

_LETTERS = 16  # hex digits of a hash: 64 bits tell a million files apart


@dataclass(frozen=True, slots=True)
class HeardFile:
    """What a bundle heard in a file.

    ``embedding`` is float32 (d,), ``probabilities`` float32 (n_genres,).  ``same`` is equal for
    files with equal tiles.  ``audible`` is false for a file that is nearly all silence.  ``tags``
    are the file's own.  ``windows`` is in how many windows a long file was to be heard.
    ``analysis`` is all that was heard; what is remembered of a file does without.
    """

    bundle_id: str
    sha256: str
    embedding: Floats
    probabilities: Floats
    traits: Traits
    same: str
    audible: bool
    tags: Tags = NO_TAGS
    windows: int = 1
    analysis: Analysis | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file could not be heard: ``code`` names a sentence that ``facts`` and its path fill."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Executor(Protocol):
    """Listens to files, up to ``slots`` at once.

    A future raises only if the whole executor is gone.  Any other error is a Failure as its
    result: ``worker_died`` or ``worker_deadline`` (``seconds``) if the file ended its process.
    """

    @property
    def slots(self) -> int:
        """How many files are heard at once, at least 1; may change."""

    def submit(self, path: Path, windows: int = DEFAULT_WINDOWS) -> Future[HeardFile | Failure]:
        """Queues a file, to be heard in up to ``windows`` windows."""


def hear_file(bundle: Path, path: Path, windows: int = DEFAULT_WINDOWS) -> HeardFile | Failure:
    """Listens to a file with the bundle in a folder, in up to ``windows`` windows; never raises."""
    try:
        return _heard(_listener(bundle), path, windows)
    except SoundMapError as error:
        return Failure(error.code, _plain(error.facts))
    except MemoryError:
        return Failure("worker_memory")
    except Exception as error:
        return Failure("worker_failed", {"reason": f"{type(error).__name__}: {error}"})


def _heard(listener: Listener, path: Path, windows: int) -> HeardFile:
    heard = listener.hear(path, look=Look(windows))
    analysis, tiles = heard.analysis, heard.tiles
    return HeardFile(
        bundle_id=analysis.bundle_id,
        sha256=analysis.clip_sha256,
        embedding=analysis.embedding,
        probabilities=analysis.probabilities,
        traits=analysis.traits,
        same=hashlib.sha256(tiles.tobytes()).hexdigest()[:_LETTERS],
        audible=bool((tiles > 0).mean() >= AUDIBLE_SHARE),
        tags=read_tags(path),
        windows=windows,
        analysis=analysis,
    )


@lru_cache(maxsize=1)
def _listener(bundle: Path) -> Listener:
    """A listener that stays open for the next file of this process."""
    return Listener(bundle)


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as text and numbers, without the path, which differs on other machines."""
    known = {name: fact for name, fact in facts.items() if name != "path"}
    told = shown_facts(known).items()
    return {name: fact if isinstance(fact, int | float) else str(fact) for name, fact in told}
