"""The filters of a request: what each lets pass, and which of them leave nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from soundmap.catalog.licenses import license_of, passes
from soundmap.catalog.strong import is_strong
from soundmap.catalog.table import Catalog
from soundmap.recommendation.request import MOST_BPM, Request
from soundmap.search.exact import Mask

Called = tuple[str, dict[str, object]]
"""A filter as data: its kind selects a phrase, the facts fill it in."""
PERSONAL = ("new", "not_hidden")
"""Filters that leave out what a person hid, rejected or has seen."""
_INSTRUMENTAL = re.compile(r"\binstrumentals?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """One condition on tracks: ``passing``, bool (n,), marks those that meet it.

    ``is_asked`` is false for what holds for every list.
    """

    kind: str
    passing: Mask
    facts: dict[str, object] = field(default_factory=dict)
    is_asked: bool = True

    @property
    def called(self) -> Called:
        """Its name as data."""
        return self.kind, self.facts


def filters_of(catalog: Catalog, request: Request) -> tuple[Filter, ...]:
    """The filters of a checked request; those that were not asked for come first."""
    return (Filter("heard", catalog.audible, is_asked=False), *_asked(catalog, request))


def _asked(catalog: Catalog, request: Request) -> Iterator[Filter]:
    if request.excluded_tracks:
        yield Filter("new", ~_shown(catalog, request.excluded_tracks))
    if request.excluded_artists:
        names = [artist.casefold() for artist in request.excluded_artists]
        yield Filter("not_hidden", ~np.isin(catalog.artists, names))
    if request.genre:
        yield Filter("genre", catalog.where("genre", request.genre), {"genre": request.genre})
    if request.license != "any":
        facts: dict[str, object] = {"license": request.license}
        yield Filter("license", licensed(catalog, request.license), facts)
    if request.page:
        yield Filter("page", ~catalog.where("page_url", ""))
    if request.clean:
        yield Filter("clean", clean(catalog))
    if request.instrumental:
        yield Filter("instrumental", _instrumental(catalog))
    if request.tempo_bpm:
        low, high = request.tempo_bpm
        bpm = np.array(catalog.columns["tempo_bpm"], float)
        kind = "slower" if low <= 0 else "faster" if high >= MOST_BPM else "tempo"
        yield Filter(kind, (bpm >= low) & (bpm <= high) & (bpm > 0), {"low": low, "high": high})


def passing_all(filters: Sequence[Filter]) -> Mask:
    """Rows that pass every one of at least one filter, bool (n,)."""
    passing: Mask = np.logical_and.reduce([it.passing for it in filters])
    return passing


def emptied_by(filters: Sequence[Filter]) -> tuple[Filter, ...]:
    """Of filters that leave nothing, those that suffice for it, none of which could be spared.

    What holds for every list is to blame only if that alone leaves nothing.
    """
    base = [it for it in filters if not it.is_asked]
    needed = [it for it in filters if it.is_asked]
    if base and not passing_all(base).any():
        base, needed = [], base
    for one in tuple(needed):
        rest = [it for it in needed if it is not one]
        if base + rest and not passing_all(base + rest).any():
            needed = rest
    return tuple(needed)


@lru_cache(maxsize=4)
def clean(catalog: Catalog) -> Mask:
    """Rows without strong language in title and artist, bool (n,)."""
    pairs = zip(catalog.columns["artist"], catalog.columns["title"], strict=True)
    return np.array([not (is_strong(artist) or is_strong(title)) for artist, title in pairs])


@lru_cache(maxsize=4)
def _instrumental(catalog: Catalog) -> Mask:
    """Rows whose title or any of whose genres says that nobody sings, bool (n,)."""
    names = ("genre", "subgenres", "title")
    told = zip(*(catalog.columns[name] for name in names), strict=True)
    return np.array([any(map(_INSTRUMENTAL.search, said)) for said in told])


def licensed(catalog: Catalog, wish: str) -> Mask:
    """Rows whose license is what was asked for by one of ``LICENSES``, bool (n,)."""
    names, which = np.unique(np.array(catalog.columns["license"]), return_inverse=True)
    wanted: Mask = np.array([passes(license_of(str(name)), wish) for name in names])[which]
    return wanted


def _shown(catalog: Catalog, track_ids: Sequence[int]) -> Mask:
    """Rows of these tracks and their other uploads, bool (n,)."""
    shown = np.isin(catalog.track_ids, track_ids)
    same: Mask = np.isin(catalog.uploads, catalog.uploads[shown])
    return same
