"""Simulated people: small runs, and the laws that hold at any size."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from soundmap.bundle.listener import Listener
from soundmap.cli.main import main
from soundmap.cli.screen import Screen
from soundmap.cli.simulate import show_simulation
from soundmap.draw.curves import HEIGHT, WIDTH, draw_curves
from soundmap.lab.simulation.comparison import PAIRS, POLICIES, VOTES, bootstrap
from soundmap.lab.simulation.people import LEAST_BY_ARTIST, OF_THEIR_TASTE, People
from soundmap.lab.simulation.town import Town, simulate
from soundmap.taste.likeness import Shares, likeness_of
from soundmap.taste.lists import NEAREST

KEYS = [str(votes) for votes in VOTES]


@pytest.fixture(scope="module")
def report(listener: Listener) -> dict[str, Any]:
    return simulate(listener, n_people=12, seed=3)


def test_the_report_has_its_shape(report: dict[str, Any]) -> None:
    assert list(report["like_rate_at_5"]) == ["none", "rule", "rocchio", "thompson"]
    for policy in POLICIES:
        rates, intervals = report["like_rate_at_5"][policy], report["interval95"][policy]
        assert list(rates) == list(intervals) == KEYS
        assert all(low <= rates[v] <= high for v, (low, high) in intervals.items())
    assert list(report["difference"]) == [f"{one} - {other}" for one, other in PAIRS]
    assert json.loads(json.dumps(report)) == report


def test_without_votes_all_policies_are_the_same(report: dict[str, Any]) -> None:
    assert len({report["like_rate_at_5"][policy]["0"] for policy in POLICIES}) == 1
    for found in report["difference"].values():
        assert found["mean"]["0"] == 0 and found["interval95"]["0"] == [0, 0]


def test_votes_help(report: dict[str, Any]) -> None:
    rates = report["like_rate_at_5"]
    assert rates["thompson"]["20"] > 1.2 * rates["none"]["20"]
    assert rates["thompson"]["20"] > rates["rule"]["20"]
    assert rates["thompson"]["10"] >= 1.4 * rates["none"]["10"]


def test_votes_take_nobody_far_away(report: dict[str, Any]) -> None:
    far = report["how_far"]
    assert list(far) == list(POLICIES) and all(list(it) == KEYS for it in far.values())
    assert len({str(far[policy]["0"]) for policy in POLICIES}) == 1
    for policy in POLICIES:
        for found in far[policy].values():
            assert 1 <= found["median"] <= found["worst"]
            assert found["worst"] <= max(NEAREST, far["none"]["0"]["worst"])
    assert far["thompson"]["20"]["median"] > far["none"]["20"]["median"]


def test_a_rank_counts_the_audible_tracks_that_are_nearer(listener: Listener) -> None:
    rows = listener.catalog
    town, sound = Town(listener, rows, likeness_of(rows)), 700
    near = rows.nearest(rows.points.values[sound], 60, keep=rows.audible)[0]
    others = [row for row in near.tolist() if rows.uploads[row] != rows.uploads[sound]]
    assert town.ranks(sound, others) == list(range(1, len(others) + 1))


def test_the_same_seed_gives_the_same_report(listener: Listener) -> None:
    one, again = (simulate(listener, n_people=2, seed=5) for _ in range(2))
    assert one == again
    assert one["like_rate_at_5"] != simulate(listener, n_people=2, seed=6)["like_rate_at_5"]


def test_the_first_people_of_a_larger_run_are_those_of_a_smaller_one(listener: Listener) -> None:
    drawn = [
        People(listener.catalog).draw(np.random.default_rng(child), 14, 0.1)
        for child in np.random.SeedSequence(5).spawn(3)
    ]
    again = np.random.SeedSequence(5).spawn(2)[1]
    other = People(listener.catalog).draw(np.random.default_rng(again), 14, 0.1)
    assert (drawn[1].interests, drawn[1].sounds) == (other.interests, other.sounds)


def test_people_are_as_they_are_described(listener: Listener) -> None:
    people, rng = People(listener.catalog), np.random.default_rng(0)
    drawn = [people.draw(rng, 14, 0.1) for _ in range(60)]
    assert {len(person.interests) for person in drawn} == {1, 2, 3}
    assert min(person.likes.sum() for person in drawn) >= LEAST_BY_ARTIST
    assert np.mean([person.slips.mean() for person in drawn]) == pytest.approx(0.1, abs=0.01)
    of_taste = np.mean([person.likes[list(person.sounds)].mean() for person in drawn])
    assert OF_THEIR_TASTE - 0.05 < of_taste < OF_THEIR_TASTE + 0.15


def test_noise_changes_the_votes_and_not_the_people(listener: Listener) -> None:
    people = People(listener.catalog)
    one, other = (people.draw(np.random.default_rng(1), 14, noise) for noise in (0.0, 0.3))
    assert one.interests == other.interests and one.sounds == other.sounds
    assert not one.slips.any() and other.slips.any()
    assert not (one.slips & ~other.slips).any()


def test_a_bootstrap_interval_is_near_the_normal_one() -> None:
    values = np.random.default_rng(0).normal(3, 2, size=(400, 2))
    half = 1.96 * values.std(axis=0) / 20
    expected = np.stack([values.mean(axis=0) - half, values.mean(axis=0) + half], axis=1)
    np.testing.assert_allclose(bootstrap(values), expected, atol=0.03)


def test_taste_may_be_told_of_sound_only(listener: Listener) -> None:
    shares = Shares(filed=0, artist=0)
    report = simulate(listener, 1, shares=shares)
    assert report["taste_goes_by"] == {"sound": 0.5, "filed": 0, "artist": 0}
    console = Screen()
    with console.capture() as captured:
        show_simulation(report, console)
    assert "sound alone" in captured.get()


def test_the_picture_shows_all_four(report: dict[str, Any]) -> None:
    png = draw_curves(report)
    assert png == draw_curves(report) and len(png) < 100_000
    picture = Image.open(BytesIO(png)).convert("RGBA")
    assert picture.size == (WIDTH, HEIGHT)
    counted = picture.getcolors(WIDTH * HEIGHT)
    assert counted is not None and len(counted) > 4


def test_text_for_people(report: dict[str, Any]) -> None:
    console = Screen(width=120)
    with console.capture() as captured:
        show_simulation(report, console)
    text = captured.get()
    assert "12 simulated people" in text and "thompson - rule" in text
    assert "how far" in text and "median and worst rank by sound" in text
    assert "real people are harder to know" in text.replace("\n", " ")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "votes.png"
    assert main(["simulate", "--people", "1", "--json", "--picture", str(picture)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["people"] == 1 and list(document["like_rate_at_5"]["none"]) == KEYS
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "wrong", [["--people", "0"], ["--noise", "0.9"], ["--noise", "much"], ["--seed", "-1"]]
)
def test_wrong_usage_is_said(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["simulate", *wrong])
    assert "not" in capsys.readouterr().err
