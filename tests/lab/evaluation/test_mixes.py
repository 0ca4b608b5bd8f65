"""How rules for mixes are measured."""

from __future__ import annotations

import numpy as np
import pytest

from soundmap.bundle.listener import Listener
from soundmap.catalog.table import COLUMNS, Catalog
from soundmap.lab.evaluation.mix_groups import LEAST, MOST_SEEDS, groups_of, questions
from soundmap.lab.evaluation.mix_rules import AWAY, NEAR
from soundmap.lab.evaluation.mixes import SIZES, first, measure_mixes

ARTISTS, EACH = 8, 12


class Small(Listener):
    """A listener whose catalog is a few tight clusters, an artist each."""

    catalog: Catalog

    def __init__(self) -> None:
        super().__init__()
        rng, n = np.random.default_rng(0), ARTISTS * EACH
        middles = rng.normal(size=(ARTISTS, 40)) * 9
        points = (np.repeat(middles, EACH, axis=0) + rng.normal(size=(n, 40))).astype(np.float32)
        cells = dict.fromkeys(COLUMNS, ("1",) * n)
        numbers = tuple(map(str, range(n)))
        cells |= {"track_id": numbers, "upload": numbers, "title": numbers}
        cells |= {"artist": tuple(f"artist {it // EACH}" for it in range(n))}
        cells |= {"subgenres": tuple(f"style {it % 2}" for it in range(n))}
        shares = np.full((n, 8), 1 / 8, np.float32)
        object.__setattr__(self, "catalog", Catalog(points, shares, cells))


@pytest.fixture(scope="module")
def small() -> Small:
    return Small()


def test_no_track_of_a_half_is_on_the_other_and_no_artist_of_a_style(small: Small) -> None:
    catalog = small.catalog
    albums = dict.fromkeys(range(EACH), "one")
    found = groups_of(catalog, albums, small.manifest.labels)
    assert {kind: len(groups) for kind, groups in found.items()} == {
        "artist": ARTISTS,
        "album": 1,
        "subgenre": 2,
    }
    for kind, groups in found.items():
        for asked in questions(groups, 2, 0) if len(groups) > 1 else ():
            rows = groups[asked.of].rows
            assert len(asked.seeds) == MOST_SEEDS
            assert not set(asked.seeds) & set(asked.held)
            assert {*asked.seeds, *asked.held} <= set(rows)
            assert all(not set(rows) & set(them) for _, them in asked.others)
            if kind == "subgenre":
                artists = catalog.artists
                assert not set(artists[asked.seeds]) & set(artists[asked.held])
    assert LEAST <= EACH


def test_what_lies_together_is_found_and_others_stay_away(small: Small) -> None:
    report = measure_mixes(small, {}, draws=2)
    assert set(report["kinds"]) == {"artist", "subgenre", "all"}
    artists = report["kinds"]["artist"]
    assert artists["groups"] == ARTISTS
    for size in SIZES:
        recall, away = artists["recall"][str(size)], artists["away"][str(size)]
        assert set(recall) == {"single", *NEAR}
        assert set(away) == set(AWAY)
        assert recall["harmonic"]["mean"] == 1
        assert recall["harmonic"]["above_single"]["mean"] == 0
        assert away["none"]["recall"]["mean"] == recall["harmonic"]["mean"]
        assert away["margin"]["of_chance"]["mean"] <= away["none"]["of_chance"]["mean"]
    assert measure_mixes(small, {}, draws=2) == report


def test_the_first_are_those_that_are_open() -> None:
    score = np.array([3.0, np.inf, 1.0, 2.0, np.nan])
    barred = np.array([False, False, True, False, False])
    assert sorted(first(score, barred)) == [0, 3]
