"""What a taste comes to in words a person can check, doubt and take back."""

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
    """``kind`` of ``KINDS`` and a name in it; ``weight`` -1 (disliked) to 1 (liked), the nearer
    to 0 the less is known; ``track_ids`` are the judged tracks it rests on.
    """

    kind: str
    name: str
    weight: float
    track_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Middle:
    """Of the liked tracks, a weighted median in the trait's unit and ``rank`` 0..1, the share of
    the catalog that has less of it: 0.5 is the catalog's middle.
    """

    value: float
    rank: float


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Everything believed, the surest first; ``tempo_bpm`` and ``brightness_hz`` are None where
    nothing liked has any.
    """

    beliefs: tuple[Belief, ...]
    tempo_bpm: Middle | None
    brightness_hz: Middle | None

    def of(self, kind: str) -> tuple[Belief, ...]:
        """Those of a kind."""
        return tuple(belief for belief in self.beliefs if belief.kind == kind)


def beliefs(taste: Taste, catalog: Catalog) -> Beliefs:
    """What a person's own signals say; the prior is not theirs and is left out."""
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
    """The signals that a belief does not rest on: what is left when it is taken away.

    Signals about tracks that the catalog lacks stay.
    """
    return tuple(s for s in signals if not _is_about(s, catalog, (kind, name)))


def names_of(track: Track) -> list[tuple[str, str]]:
    """(kind, name) of every belief that a judged track is evidence for."""
    filed = [("subgenre", name) for name in track.subgenres if name and name != track.genre]
    return [("genre", track.genre), ("artist", track.artist), *filed]


def _is_about(signal: Signal, catalog: Catalog, belief: tuple[str, str]) -> bool:
    try:
        return belief in names_of(catalog.track(catalog.row_of(signal.track_id)))
    except KeyError:
        return False


def _belief(kind: str, name: str, members: list[tuple[Track, float, float]]) -> Belief:
    """The mean of what was said, drawn to 0 by one signal's worth of doubt."""
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
