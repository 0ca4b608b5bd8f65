"""One file listened to for a catalog: a job that any process can do, answered with data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from soundmap.bundle.listener import Listener
from soundmap.catalog.table import AUDIBLE_SHARE
from soundmap.errors import SoundMapError
from soundmap.library.tags import NO_TAGS, Tags, read_tags
from soundmap.types import Floats, Traits
from soundmap.wording import shown_facts

_LETTERS = 16  # of a hash: 64 bits tell a million files apart


@dataclass(frozen=True, slots=True)
class HeardFile:
    """What a bundle heard in a file: ``embedding`` float32 (d,), ``probabilities`` float32
    (n_genres,), ``traits``, what the file says of itself in its ``tags``; ``same`` is equal for
    files whose tiles are, and ``audible`` false where there is little but silence in them.
    """

    bundle_id: str
    sha256: str
    embedding: Floats
    probabilities: Floats
    traits: Traits
    same: str
    audible: bool
    tags: Tags = NO_TAGS


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file could not be heard: ``code`` names the sentence, ``facts`` fill it; no path."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Executor(Protocol):
    """Where files are listened to.  ``slots`` is how many it hears at once, which may change; a
    future fails only where all of it is gone: whatever else goes wrong is a Failure,
    ``worker_died`` or ``worker_deadline`` (``seconds``) where the file ended the process that
    heard it.
    """

    @property
    def slots(self) -> int:
        """At least 1."""

    def submit(self, path: Path) -> Future[HeardFile | Failure]:
        """Has a file heard."""


def hear_file(bundle: Path, path: Path) -> HeardFile | Failure:
    """Hears a file with the bundle in a folder; raises nothing."""
    try:
        return _heard(_listener(bundle), path)
    except SoundMapError as error:
        return Failure(error.code, _plain(error.facts))
    except MemoryError:
        return Failure("worker_memory")
    except Exception as error:
        return Failure("worker_failed", {"reason": f"{type(error).__name__}: {error}"})


def _heard(listener: Listener, path: Path) -> HeardFile:
    heard = listener.hear(path)
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
    )


@lru_cache(maxsize=1)
def _listener(bundle: Path) -> Listener:
    """One that stays open for the next file of the same process."""
    return Listener(bundle)


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts that can be sent anywhere, without the path, which is another one elsewhere."""
    known = {name: fact for name, fact in facts.items() if name != "path"}
    told = shown_facts(known).items()
    return {name: fact if isinstance(fact, int | float) else str(fact) for name, fact in told}
