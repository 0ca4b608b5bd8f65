"""Simulated people: what they truly like, which sounds they post, which votes they get wrong.

Their tastes are artists and sub-genres of the archive, which say nothing of how a track sounds.
But the model of taste reads the same labels of the tracks it learns from, so simulated people are
easier to know than real ones: compare policies with them, and do not promise their like-rates.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.search.exact import Mask

MOST_INTERESTS = 3
LEAST_BY_ARTIST, LEAST_IN_SUBGENRE = 5, 20
OF_THEIR_TASTE = 0.5


@dataclass(frozen=True, slots=True)
class Person:
    """``interests`` are 1 to 3 names; ``likes`` bool (n_tracks,) is the truth; ``slips`` bool
    (n_tracks,) where a vote says the opposite; ``sounds`` are rows of the tracks they post, in
    order.
    """

    interests: tuple[str, ...]
    likes: Mask
    slips: Mask
    sounds: tuple[int, ...]


class People:
    """Draws people who could live with a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._artists = Counter(catalog.artists.tolist())
        self._subgenres = [tuple(filter(None, c.split("|"))) for c in catalog.columns["subgenres"]]
        self._sizes = Counter(name for names in self._subgenres for name in names)

    def draw(self, rng: np.random.Generator, n_sounds: int, noise: float) -> Person:
        """A person with 1 to 3 interests, each an artist or a sub-genre with equal chances.

        A track is drawn, then its artist or one of its sub-genres, so that common ones are common;
        only artists with five tracks and sub-genres with twenty qualify.  Half of the sounds a
        person posts are of their taste, the others any track.  A vote is wrong with probability
        ``noise``, and always in the same way about a track.
        """
        likes = np.zeros(len(self._catalog), bool)
        interests = []
        for _ in range(rng.integers(1, MOST_INTERESTS + 1)):
            name, mask = self._interest(rng)
            interests.append(name)
            likes |= mask
        slips = rng.random(len(likes)) < noise
        return Person(tuple(interests), likes, slips, self._sounds(rng, likes, n_sounds))

    def _interest(self, rng: np.random.Generator) -> tuple[str, Mask]:
        by_artist = rng.random() < 0.5
        while True:
            row = int(rng.integers(len(self._catalog)))
            artist, names = str(self._catalog.artists[row]), self._subgenres[row]
            if by_artist and self._artists[artist] >= LEAST_BY_ARTIST:
                return artist, self._catalog.artists == artist
            name = names[rng.integers(len(names))] if names else ""
            if not by_artist and self._sizes[name] >= LEAST_IN_SUBGENRE:
                return name, np.array([name in one for one in self._subgenres])

    def _sounds(self, rng: np.random.Generator, likes: Mask, n: int) -> tuple[int, ...]:
        liked = rng.permutation(np.flatnonzero(likes))
        sounds = rng.integers(len(likes), size=n)
        theirs = rng.random(n) < OF_THEIR_TASTE
        return tuple(np.where(theirs, np.resize(liked, n), sounds).tolist())
