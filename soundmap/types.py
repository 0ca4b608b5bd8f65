"""Frozen values used everywhere; names and docstrings state units and shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_A_PART_SECONDS = 2.0

Floats = npt.NDArray[np.float32]

Advance = Callable[[float], None]
"""Moves a progress bar: call it with how much is done so far."""
Progress = Callable[[str, int], AbstractContextManager[Advance]]
"""Opens a progress bar, given what is done and how much of it there is."""


@contextmanager
def silent(what: str, total: int) -> Iterator[Advance]:  # noqa: ARG001  (those of a Progress)
    """A Progress that shows nothing."""
    yield lambda _: None


def frozen(values: Floats) -> Floats:
    """The same array, which now refuses to be written to: results are shared."""
    values.flags.writeable = False
    return values


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a sound: where it begins and how long it is."""

    start_s: float
    seconds: float

    @property
    def end_s(self) -> float:
        """Where it ends."""
        return self.start_s + self.seconds


@dataclass(frozen=True, slots=True)
class Clip:
    """What is heard of a sound: ``samples`` float32 (n,), mono, finite, nominally in -1..1.

    ``windows`` are the parts of the sound that the samples are, one behind the other, and
    ``duration_s`` is the length of all of the sound; empty and 0 for samples that come from no
    file.  ``promised_s`` is how long it should be by the file's header, and ``missing_s`` how much
    of the windows is not there or could not be read.
    """

    samples: Floats
    sample_rate_hz: int
    promised_s: float = 0.0
    windows: tuple[Window, ...] = ()
    duration_s: float = 0.0
    missing_s: float = 0.0

    @property
    def seconds(self) -> float:
        """Length of the samples in seconds."""
        return len(self.samples) / self.sample_rate_hz

    @property
    def start_s(self) -> float:
        """Where the first window begins in the sound."""
        return self.windows[0].start_s if self.windows else 0.0


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fetched sound came from; all untrusted text.

    ``site`` is a service or a host, ``page`` an address.  ``title`` and ``uploader`` are empty if
    unknown.
    """

    site: str
    title: str
    uploader: str
    page: str


@dataclass(frozen=True, slots=True)
class Traits:
    """Traits that a listener could name.

    ``tempo_bpm`` is 0 if no beat was found.  ``brightness_hz`` is the centroid of the spectrum.
    ``bass_share`` is the share 0..1 of energy below 200 Hz.  ``dynamics_db`` >= 0 is the range
    between quiet and loud moments.  ``noisiness`` runs from 0 (tonal) to 1 (white noise).
    """

    tempo_bpm: float
    brightness_hz: float
    bass_share: float
    dynamics_db: float
    noisiness: float


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know about an answer: a stable code, and facts for its sentence."""

    code: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was heard in a sound.

    ``probabilities`` float32 (n_genres,) are calibrated, sum to 1 and follow the order of
    ``labels``.  ``embedding`` is float32 (embedding_size,).  ``sure`` is false below the bundle's
    threshold and for clips under three seconds.  ``seconds`` were heard of a sound that is
    ``duration_s`` long, in ``windows``.
    """

    bundle_id: str
    clip_sha256: str
    seconds: float
    labels: tuple[str, ...]
    probabilities: Floats
    embedding: Floats
    traits: Traits
    sure: bool
    notes: tuple[Note, ...] = ()
    duration_s: float = 0.0
    windows: tuple[Window, ...] = ()

    @property
    def is_of_part(self) -> bool:
        """Whether seconds of the sound were not heard."""
        return self.duration_s - self.seconds >= _A_PART_SECONDS

    @property
    def sound_id(self) -> str:
        """What was heard: the hash of the file, and where its one part begins if not at 0."""
        start_s = self.windows[0].start_s if len(self.windows) == 1 else 0.0
        return (
            f"{self.clip_sha256}@{start_s:g}" if start_s and self.clip_sha256 else self.clip_sha256
        )

    @property
    def genres(self) -> list[tuple[str, float]]:
        """(genre, probability), most likely first."""
        order = np.argsort(-self.probabilities, kind="stable")
        return [(self.labels[i], float(self.probabilities[i])) for i in order]


@dataclass(frozen=True, slots=True)
class Track:
    """One track of a catalog.

    ``license`` and ``page_url`` are empty if unknown.  ``license_class`` is ``permissive`` (CC0,
    public domain, CC BY) or ``restricted``, and ``license_url`` the license's address, empty if it
    has none.  ``file`` is the path of a local file: relative to its library, or absolute where that
    may be shown.  ``search_url`` is a search that finds the track; empty for a local file.
    """

    track_id: int
    title: str
    artist: str
    genre: str
    subgenres: tuple[str, ...]
    license: str
    license_class: str
    page_url: str
    traits: Traits
    file: str = ""
    search_url: str = ""
    license_url: str = ""

    @property
    def url(self) -> str:
        """The track's page, or a search that finds it; empty if there is neither."""
        return self.page_url or self.search_url

    @property
    def url_kind(self) -> str:
        """What ``url`` is: ``page`` or ``search``; empty if it is empty."""
        return "page" if self.page_url else "search" if self.search_url else ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pick is near, as data: ``kind`` names the sentence, ``facts`` fill it."""

    kind: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class ByTaste:
    """Why taste put a pick in its place: a reason's ``kind``, and the id of the track that was
    liked, if it is one that names a track.
    """

    kind: str
    liked: int | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A recommended track: ``rank`` from 1, ``distance`` >= 0 in the metric asked for.

    ``reasons`` are told with it, the most telling first.  ``also`` are true, too, but hold for
    other picks as well or say less: they are for those who ask why.
    """

    rank: int
    track: Track
    distance: float
    reasons: tuple[Reason, ...]
    also: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What was heard and what is near it; ``notes`` say what a filter left out."""

    analysis: Analysis
    picks: tuple[Pick, ...]
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[Pick]:
        return iter(self.picks)
