"""Beliefs: a taste as named likes and dislikes that a person can check and remove."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.taste.taste import Signal, Taste
from soundmap.types import Track

KINDS = ("genre", "subgenre", "artist")
_DOUBT = 1.0


@dataclass(frozen=True, slots=True)
class Belief:
    """A genre, subgenre or artist that a person seems to like or dislike.

    ``kind`` is one of ``KINDS``.  ``weight`` is -1 (disliked) to 1 (liked); near 0, little is
    known.  ``track_ids`` are the judged tracks that it is based on.
    """

    kind: str
    name: str
    weight: float
    track_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Middle:
    """The weighted median of a trait over the liked tracks.

    ``value`` is in the trait's unit.  ``rank`` is the share of the catalog, 0..1, with a lower
    value: 0.5 is the middle of the catalog.
    """

    value: float
    rank: float


@dataclass(frozen=True, slots=True)
class Beliefs:
    """All beliefs, strongest first.

    ``tempo_bpm`` and ``brightness_hz`` are None if no liked track has a value.
    """

    beliefs: tuple[Belief, ...]
    tempo_bpm: Middle | None
    brightness_hz: Middle | None

    def of(self, kind: str) -> tuple[Belief, ...]:
        """The beliefs of one kind, strongest first."""
        return tuple(belief for belief in self.beliefs if belief.kind == kind)


def beliefs(taste: Taste, catalog: Catalog) -> Beliefs:
    """The beliefs that follow from a person's own signals, without the prior."""
    judged = [
        (catalog.track(int(row)), float(value), float(weight))
        for row, value, weight, own in zip(
            taste.rows, taste.values, taste.weights, taste.own, strict=True
        )
        if own
    ]
    grouped: defaultdict[tuple[str, str], list[tuple[Track, float, float]]] = defaultdict(list)
    for one in judged:
        for name in names_of(one[0]):
            grouped[name].append(one)
    found = [_belief(kind, name, members) for (kind, name), members in grouped.items()]
    found.sort(key=lambda belief: (-abs(belief.weight), KINDS.index(belief.kind), belief.name))
    middles = [_middle(catalog, name, judged) for name in ("tempo_bpm", "brightness_hz")]
    return Beliefs(tuple(found), *middles)


def without(
    signals: Iterable[Signal], catalog: Catalog, kind: str, name: str
) -> tuple[Signal, ...]:
    """The signals that remain after removing a belief and everything it is based on.

    Signals about tracks that are not in the catalog are kept.
    """
    return tuple(s for s in signals if not _is_about(s, catalog, (kind, name)))


def names_of(track: Track) -> list[tuple[str, str]]:
    """(kind, name) of each belief that a judged track is evidence for."""
    filed = [("subgenre", name) for name in track.subgenres if name and name != track.genre]
    return [("genre", track.genre), ("artist", track.artist), *filed]


def _is_about(signal: Signal, catalog: Catalog, belief: tuple[str, str]) -> bool:
    try:
        return belief in names_of(catalog.track(catalog.row_of(signal.track_id)))
    except KeyError:
        return False


def _belief(kind: str, name: str, members: list[tuple[Track, float, float]]) -> Belief:
    """The weighted mean of the signals, pulled toward 0 as if by one neutral signal."""
    said = sum(value * weight for _, value, weight in members)
    weight = said / (sum(weight for *_, weight in members) + _DOUBT)
    return Belief(kind, name, weight, tuple(track.track_id for track, *_ in members))


def _middle(
    catalog: Catalog, trait: str, judged: list[tuple[Track, float, float]]
) -> Middle | None:
    pairs = [(getattr(track.traits, trait), value * w) for track, value, w in judged if value > 0]
    pairs = sorted(pair for pair in pairs if pair[0] > 0)
    if not pairs:
        return None
    values, weights = np.array(pairs).T
    reached = np.cumsum(weights) >= weights.sum() / 2
    value = float(values[reached.argmax()])
    return Middle(value, catalog.trait_rank(trait, value))
