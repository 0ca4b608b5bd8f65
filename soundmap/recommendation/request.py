"""The request for a list of tracks, and its validation."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from soundmap.catalog.licenses import LICENSES, wish_of
from soundmap.errors import BadRequest
from soundmap.search.exact import METRICS
from soundmap.wording.guessing import meant

__all__ = ["LICENSES", "MAX_COUNT", "MOST_BPM", "ROAM_STRIDES", "Request", "tempo_in"]

ROAM_STRIDES = {"closer": 1, "wide": 4, "wider": 16}
MAX_COUNT = 100
MOST_BPM = 999.0
_NEARLY = 0.04  # as near as tempos of reasons that are called the same
_TEMPO = re.compile(r"(?P<low>\d{1,3})?(?P<to>[-–~+]|to|\.\.)?(?P<high>\d{1,3})?(?:bpm)?")


@dataclass(frozen=True, slots=True)
class Request:
    """A request for ``count`` picks, 1..100.

    ``genre`` is one of the bundle's genres, None for all.  ``license`` is one of ``LICENSES``.
    ``metric`` is ``euclidean`` or ``cosine``.  ``include_self`` keeps the track that is the query
    itself.  ``roam`` is ``closer`` for the nearest tracks, ``wide`` or ``wider`` for every 4th or
    16th on the way out.  ``catalog`` is the name of the catalog, empty for the default one.
    ``excluded_tracks`` (ids) and ``excluded_artists`` (names) are left out.  ``page`` asks for
    tracks whose page is known, ``clean`` for titles and names without strong language,
    ``instrumental`` for what is called instrumental, ``tempo_bpm`` for (least, most), () for
    any.  ``adults_only`` says that the list is shown where a server's own wish for ``clean`` does
    not hold.
    """

    count: int = 5
    genre: str | None = None
    license: str = "any"
    metric: str = "euclidean"
    include_self: bool = False
    roam: str = "closer"
    catalog: str = ""
    excluded_tracks: tuple[int, ...] = ()
    excluded_artists: tuple[str, ...] = ()
    page: bool = False
    clean: bool = False
    instrumental: bool = False
    tempo_bpm: tuple[float, ...] = ()
    adults_only: bool = False

    def checked(self, labels: tuple[str, ...]) -> Request:
        """The request, its genre spelled as in ``labels`` and its license as in ``LICENSES``.

        Raises BadRequest if it is invalid.
        """
        if not 1 <= self.count <= MAX_COUNT:
            raise BadRequest("bad_count", count=self.count, most=MAX_COUNT)
        if not _is_range(self.tempo_bpm):
            raise BadRequest("bad_tempo", tempo="-".join(f"{it:g}" for it in self.tempo_bpm))
        for value, known in ((self.metric, METRICS), (self.roam, ROAM_STRIDES)):
            if value not in known:
                raise _bad_choice(value, known)
        if not (wish := wish_of(self.license)):
            raise _bad_choice(self.license, LICENSES)
        return replace(self, license=wish, genre=self._spelled(labels))

    def _spelled(self, labels: tuple[str, ...]) -> str | None:
        if self.genre is None:
            return None
        by_name = {label.casefold(): label for label in labels}
        if (genre := by_name.get(self.genre.casefold())) is None:
            names, near = ", ".join(labels), meant(self.genre, labels)
            raise BadRequest("unknown_genre", genre=self.genre, known=names, meant=near)
        return genre


def _bad_choice(value: str, known: Collection[str]) -> BadRequest:
    near = meant(value, known)
    return BadRequest("bad_choice", choice=value, known=", ".join(known), meant=near)


def _is_range(bpm: tuple[float, ...]) -> bool:
    return not bpm or (len(bpm) == 2 and 0 <= bpm[0] <= bpm[1])


def tempo_in(text: str) -> tuple[float, float]:
    """The range of a tempo in BPM, as written: ``90-110``, ``120-`` or more, ``-90`` or less, or
    ``120`` for nearly that.  Raises BadRequest ``bad_tempo``.
    """
    found = _TEMPO.fullmatch("".join(text.casefold().split()))
    if not found or not (found["low"] or found["high"]) or (found["high"] and not found["to"]):
        raise BadRequest("bad_tempo", tempo=text)
    if not found["to"]:
        bpm = float(found["low"])
        return round(bpm * (1 - _NEARLY), 1), round(bpm * (1 + _NEARLY), 1)
    low, high = float(found["low"] or 0), float(found["high"] or MOST_BPM)
    return min(low, high), max(low, high)
