"""Computes people's tastes from their votes each time; tastes themselves are not stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from bot.store.store import Store
from bot.store.taste import Act, Told
from soundmap.catalog.table import Catalog
from soundmap.taste.beliefs import without
from soundmap.taste.taste import Signal, Taste, signals_of, taste_of

_PRIOR_SECONDS = 300.0  # how long the taste of a server is cached
_MOST_PRIORS = 500
_DAY_SECONDS = 86_400.0


class Tastes:
    """The tastes of people in a store, each for one catalog: votes on other tracks do not count."""

    def __init__(self, store: Store, now: Callable[[], float] = time.time) -> None:
        self._store, self._now = store, now
        self._priors: dict[tuple[str, Catalog], tuple[float, Taste]] = {}
        self._n_changes = 0

    async def of(self, told: Told, catalog: Catalog, place: str | None = None) -> Taste:
        """A person's taste from what they told, with that of their server (``place``) as a prior.

        Empty if they switched it off.
        """
        if not told.is_on:
            return taste_of((), catalog)
        prior = await self._prior(place, catalog) if place else None
        return taste_of(self._signals(told, catalog), catalog, prior)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Held while a person's data is changed or deleted: then the cached tastes of servers are
        dropped, also those that are being computed from what was there before.
        """
        try:
            yield
        finally:
            self._n_changes += 1
            self._priors.clear()

    async def _prior(self, place: str, catalog: Catalog) -> Taste:
        known_at, taste = self._priors.get((place, catalog), (0.0, None))
        if taste is None or self._now() - known_at > _PRIOR_SECONDS:
            self._forget_old()
            n_changes = self._n_changes
            acts = await self._store.taste.acts_in(place)
            taste = taste_of(self._signals_of(acts), catalog)
            if n_changes == self._n_changes:
                self._priors[place, catalog] = (self._now(), taste)
        return taste

    def _forget_old(self) -> None:
        """Drops expired entries, which may also hold on to catalogs that were replaced."""
        since = self._now() - _PRIOR_SECONDS
        kept = {key: prior for key, prior in self._priors.items() if prior[0] >= since}
        self._priors = kept if len(kept) < _MOST_PRIORS else {}

    def _signals(self, told: Told, catalog: Catalog) -> tuple[Signal, ...]:
        """The signals of a person's acts, without those behind beliefs they removed."""
        signals = self._signals_of(told.acts)
        for artist, at in told.hidden.items():
            age_days = max(0.0, self._now() - at) / _DAY_SECONDS
            signals += signals_of("hide", _tracks_of(artist, catalog), False, age_days)
        for kind, name in told.denied:
            signals = without(signals, catalog, kind, name)
        return signals

    def _signals_of(self, acts: Iterable[Act]) -> tuple[Signal, ...]:
        now = self._now()
        return tuple(
            signal
            for act in acts
            for signal in signals_of(
                act.kind, act.track_ids, act.liked, max(0.0, now - act.at) / _DAY_SECONDS
            )
        )


def _tracks_of(artist: str, catalog: Catalog) -> list[int]:
    ids = catalog.track_ids[catalog.artists == artist.casefold()]
    return [int(track_id) for track_id in ids]
