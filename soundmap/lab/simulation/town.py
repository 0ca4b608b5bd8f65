"""Tries personal lists on simulated people: like-rate@5 after some votes.

Everyone posts the same sounds and slips on the same tracks whichever policy serves them.  Four
sounds are for learning: their lists are seen in order, and each pick is one vote, like or skip.
After 0, 3, 5, 10 and 20 votes the policy makes lists for ten fresh sounds; the like-rate is the
share of their five picks that the person truly likes, whatever they would have voted.  How far
these picks are from the sounds is said by their ranks.  The sounds are tracks of the catalog, as if
listened to; no list has the sound itself, or a track that the person has judged already.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from soundmap.bundle.listener import Listener
from soundmap.catalog.table import Catalog
from soundmap.lab.simulation.comparison import POLICIES, VOTES, compare_policies, how_far
from soundmap.lab.simulation.people import People, Person
from soundmap.recommendation.nearest import Neighborhood, own_rows
from soundmap.recommendation.request import Request
from soundmap.search.exact import distances_to
from soundmap.taste.likeness import SHARES, Likeness, Shares, likeness_of
from soundmap.taste.lists import pool_for
from soundmap.taste.policies import Places, Pool, choose, guarded, rocchio
from soundmap.taste.taste import Signal, Taste, signals_of, taste_of
from soundmap.types import Progress, silent

COUNT, FRESH = 5, 10
LEARNED = VOTES[-1] // COUNT


@dataclass(frozen=True, slots=True)
class Town:
    """Where people live: a catalog in use, and how alike its tracks are."""

    listener: Listener
    catalog: Catalog
    likeness: Likeness

    def show(self, policy: str, sound: int, signals: list[Signal], seed: int) -> list[int]:
        """Rows that a policy shows for a sound to a person with these votes."""
        taste = taste_of(signals, self.catalog)
        analysis = self.listener.manifest.analysis_of(self.catalog, sound)
        request = Request(COUNT, excluded_tracks=tuple(one.track_id for one in signals))
        around = Neighborhood.around(analysis, self.catalog, request)
        if policy == "none" or taste.rung == "plain":
            return [row for row, _ in around.first(COUNT)]
        pool = pool_for(around, taste)
        rows: list[int] = pool.rows[self._places(policy, pool, taste, sound, seed)].tolist()
        return rows

    def ranks(self, sound: int, rows: list[int]) -> list[int]:
        """The rank of each row by nearness to a sound, 1 for the nearest.

        Among audible tracks that are not the sound itself, by any artist.
        """
        analysis = self.listener.manifest.analysis_of(self.catalog, sound)
        distances = distances_to(self.catalog.points.values, analysis.embedding, "euclidean")
        others = distances[self.catalog.audible & ~own_rows(analysis, self.catalog)]
        return [1 + int((others < distances[row]).sum()) for row in rows]

    def _places(self, policy: str, pool: Pool, taste: Taste, sound: int, seed: int) -> Places:
        if policy == "rule":
            return rule(pool, taste, self.catalog, sound)
        if policy == "rocchio":
            return rocchio(pool, taste, self.likeness, COUNT).places
        return choose(pool, taste, self.likeness, COUNT, np.random.default_rng(seed)).places


def rule(pool: Pool, taste: Taste, catalog: Catalog, sound: int) -> Places:
    """A simple rule, + liked - skipped.

    The candidates are ranked by distance from the sound's embedding, plus the centroid of the liked
    tracks, minus that of the skipped ones; the same limits hold as for the other policies.
    """
    points = catalog.points.values
    target = points[sound].astype(np.float64)
    for sign in (1, -1):
        judged = taste.rows[np.sign(taste.values) == sign]
        if len(judged):
            target += sign * points[judged].mean(axis=0)
    distances = np.linalg.norm(points[pool.rows] - target, axis=1)
    return guarded(-distances, pool.agreement, COUNT, taste.stays(COUNT))


@dataclass(frozen=True, slots=True)
class Seen:
    """What lists for fresh sounds are like: the share of liked picks, 0..1, and ranks by sound."""

    like_rate: float
    ranks: list[int]


def simulate(
    listener: Listener,
    n_people: int = 60,
    seed: int = 0,
    noise: float = 0.1,
    shares: Shares = SHARES,
    progress: Progress = silent,
) -> dict[str, Any]:
    """The report, ready for JSON: like-rates, intervals, paired differences, how far picks are.

    ``shares`` says what the model of taste may go by.
    """
    town = Town(listener, listener.catalog, likeness_of(listener.catalog, shares))
    people, lives = People(town.catalog), []
    with progress("Living", n_people) as advance:
        for i, child in enumerate(np.random.SeedSequence(seed).spawn(n_people)):
            person = people.draw(np.random.default_rng(child), LEARNED + FRESH, noise)
            lives.append([_life(town, policy, person) for policy in POLICIES])
            advance(i + 1)
    rates = np.array([[[seen.like_rate for seen in life] for life in each] for each in lives])
    ranks = [[[seen.ranks for seen in life] for life in each] for each in lives]
    facts = {"bundle": listener.manifest.id, "people": n_people, "seed": seed, "noise": noise}
    facts |= {"taste_goes_by": asdict(shares)}
    return {**facts, **compare_policies(rates), "how_far": how_far(ranks)}


def _life(town: Town, policy: str, person: Person) -> list[Seen]:
    """What is seen after each number of ``VOTES``."""
    signals: list[Signal] = []
    seen = [_seen(town, policy, person, signals)]
    for place, sound in enumerate(person.sounds[:LEARNED]):
        for row in town.show(policy, sound, signals, place):
            liked = bool(person.likes[row] != person.slips[row])
            signals += signals_of("pick", [int(town.catalog.track_ids[row])], liked)
            if len(signals) in VOTES:
                seen.append(_seen(town, policy, person, signals))
    return seen


def _seen(town: Town, policy: str, person: Person, signals: list[Signal]) -> Seen:
    fresh = person.sounds[LEARNED:]
    shown = [
        town.show(policy, sound, signals, place) for place, sound in enumerate(fresh, start=LEARNED)
    ]
    ranks = [town.ranks(sound, rows) for sound, rows in zip(fresh, shown, strict=True)]
    like_rate = np.mean([person.likes[rows].mean() for rows in shown])
    return Seen(float(like_rate), [rank for each in ranks for rank in each])
