"""The nouns: frozen values that carry their units and shapes in names and docstrings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from urllib.parse import quote_plus

import numpy as np
import numpy.typing as npt

SEARCH_URL = "https://freemusicarchive.org/search?quicksearch="
_MAX_SEARCH = 300

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
class Clip:
    """A window of a sound: ``samples`` float32 (n,), mono, finite, nominally in -1..1.

    ``start_s`` is where the window begins in the file; ``promised_s`` is how long the
    window should have been by the file's own header.
    """

    samples: Floats
    sample_rate_hz: int
    start_s: float = 0.0
    promised_s: float = 0.0

    @property
    def seconds(self) -> float:
        """Length of the samples at hand."""
        return len(self.samples) / self.sample_rate_hz


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fetched sound came from: ``site`` (a service or a host), ``title`` and ``uploader``
    as they are named there, empty where they are not, and the ``page``.  Words of strangers.
    """

    site: str
    title: str
    uploader: str
    page: str


@dataclass(frozen=True, slots=True)
class Traits:
    """What a listener could name, measured from tiles.

    ``tempo_bpm`` > 0, or 0 where no beat was found; ``brightness_hz`` the centroid of the
    spectrum; ``bass_share`` 0..1 of the energy below 200 Hz; ``dynamics_db`` >= 0 between
    quiet and loud moments; ``noisiness`` 0 (tonal) to 1 (white noise).
    """

    tempo_bpm: float
    brightness_hz: float
    bass_share: float
    dynamics_db: float
    noisiness: float


@dataclass(frozen=True, slots=True)
class Note:
    """Something a listener should know about an answer: a stable code and its facts."""

    code: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was heard.  ``probabilities`` float32 (n_genres,), calibrated, sum 1, in the
    order of ``labels``; ``embedding`` float32 (embedding_size,); ``sure`` is false below
    the bundle's threshold and for clips under three seconds.
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

    @property
    def genres(self) -> list[tuple[str, float]]:
        """(genre, probability), most likely first."""
        order = np.argsort(-self.probabilities, kind="stable")
        return [(self.labels[i], float(self.probabilities[i])) for i in order]


@dataclass(frozen=True, slots=True)
class Track:
    """One track of a catalog.  ``license_class`` is ``permissive`` (CC0, public domain, CC BY)
    or ``restricted``; ``page_url`` is empty where the page is not known.  ``file`` is the path of
    a track that is a file of this machine: within its library, or the whole one where that is
    nobody's secret.
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

    @property
    def url(self) -> str:
        """The track's page or, where it is not known, a search of the archive that finds it;
        empty for a file that has no page.
        """
        if self.page_url or self.file:
            return self.page_url
        return f"{SEARCH_URL}{_search_words(f'{self.artist} {self.title}')}"


def _search_words(text: str) -> str:
    """The first words of a text as an address carries them, at most so many letters of it."""
    words = text.split()
    while len(quoted := quote_plus(" ".join(words))) > _MAX_SEARCH and len(words) > 1:
        words.pop()
    return quoted


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pick is near, as data: ``kind`` names the sentence, ``facts`` fill it."""

    kind: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class Pick:
    """A recommended track: ``rank`` from 1, ``distance`` >= 0 in the metric asked for."""

    rank: int
    track: Track
    distance: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What was heard and what is near it; ``notes`` say what a filter left out."""

    analysis: Analysis
    picks: tuple[Pick, ...]
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[Pick]:
        return iter(self.picks)
