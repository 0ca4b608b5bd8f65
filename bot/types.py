"""What crosses between the mouths, the service, the workers and the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from soundmap.catalog.table import Catalog
from soundmap.paths.find import SoundPath
from soundmap.recommendation.request import Request
from soundmap.taste.beliefs import Beliefs
from soundmap.types import Analysis, Origin, Recommendation, Track


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody gets no answer, as data: ``code`` names the sentence, ``facts`` fill it."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)


class Refused(Exception):
    """A refusal on its way out of the service, which hands it to the mouth as a value."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.refusal = Refusal(code, facts)


class BadToken(Exception):
    """A chat platform does not know the token it was given."""

    def __init__(self, platform: str, setting: str, where: str) -> None:
        super().__init__(f"{platform} does not accept {setting}. Copy it again from {where}.")


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done: ``queued`` (behind ``place`` others), ``fetching``, ``listening`` or
    ``comparing``.
    """

    stage: str
    place: int = 0


Watcher = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a chat platform keeps for a person; ``url`` is the platform's own word.
    ``authorization`` is the header that opens it, a secret; empty where none is needed.
    """

    url: str
    name: str
    size_bytes: int
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a person wrote: anything may be behind it."""

    url: str


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of this machine, named at its own terminal."""

    path: Path


Source = Upload | Link | LocalFile


@dataclass(frozen=True, slots=True)
class Named:
    """A track of a catalog, by its number or name."""

    text: str


PathEnd = Source | Named


@dataclass(frozen=True, slots=True)
class Heard:
    """What a worker heard in a file; ``picture`` a PNG of it; ``origin`` where it was fetched."""

    analysis: Analysis
    picture: bytes
    origin: Origin | None = None


class Listening(Protocol):
    """Who listens to files: children of this process, or other machines.  ``alive`` is how many
    sounds they can hear at once, ``replaced`` how many of them died so far.
    """

    @property
    def alive(self) -> int:
        """At least 0."""

    @property
    def replaced(self) -> int:
        """At least 0."""

    async def ready(self) -> Refusal | None:
        """Waits until one can listen: None; or until it is known why none can."""

    async def listen(self, path: Path, sha256: str = "") -> Heard | Refusal:
        """What one hears in a file, whose ``sha256`` this is, where that is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What a list is made and kept for: the ``person``, the key of the server it is shown in
    (``place``), the checked ``request`` and its ``catalog``; ``seed`` is the id of the track whose
    like it holds, None where a sound was asked about.
    """

    person: str
    place: str | None
    request: Request
    catalog: Catalog
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list of picks as the store keeps it, so that its buttons outlive a restart.

    The sound it answers is ``clip_sha256``, or the catalog's track ``seed_track_id``.
    ``track_ids`` are its picks by rank; ``person`` is None once that person is forgotten.
    """

    id: int
    person: str | None
    bundle_id: str
    clip_sha256: str
    seed_track_id: int | None
    request: Request
    track_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A list that is kept and may be shown; ``seconds`` is how long it took.  ``seed`` is the
    track whose like it holds, None where a sound was asked about; ``by_taste`` tells that it was
    not asked for but comes from what the person likes; ``origin`` where a sound was fetched;
    ``catalog`` the name of that it comes from, empty for the bundle's own.  ``picture`` is a PNG
    of what was heard, ``map`` one of where all of it lies; None where there is none.
    """

    list_id: int
    recommendation: Recommendation
    picture: bytes | None
    seconds: float
    seed: Track | None = None
    by_taste: bool = False
    origin: Origin | None = None
    catalog: str = ""
    map: bytes | None = None


@dataclass(frozen=True, slots=True)
class PathAnswer:
    """A path, the ``names`` of its ends, words of strangers, and a PNG of it; ``seconds`` is how
    long it took, ``catalog`` the name of that it leads through, empty for the bundle's own.
    """

    path: SoundPath
    names: tuple[str, str]
    picture: bytes
    seconds: float
    catalog: str = ""


@dataclass(frozen=True, slots=True)
class Believed:
    """What is believed of a person's taste, from ``n_signals`` votes; ``is_on`` whether lists may
    follow it, ``picture`` a PNG of the surest, empty where nothing is believed, ``denied`` the
    (kind, name) of what the person took away.
    """

    beliefs: Beliefs
    n_signals: float
    is_on: bool
    picture: bytes
    denied: tuple[tuple[str, str], ...]
