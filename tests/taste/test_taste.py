"""The laws of taste: what votes may change, and what they may not."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundmap.bundle.listener import Listener
from soundmap.recommendation.nearest import Neighborhood, recommend
from soundmap.recommendation.request import ROAM_STRIDES, Request
from soundmap.taste.bayes import LinearModel
from soundmap.taste.beliefs import beliefs, without
from soundmap.taste.likeness import SHARES, Likeness, Shares, likeness_of
from soundmap.taste.lists import NEAREST, Personal, from_taste, personal
from soundmap.taste.policies import AGREEMENT_SLACK, Pool, choose, genre_agreement, guarded, rocchio
from soundmap.taste.taste import FREE_FROM, HALF_LIFE_DAYS, Signal, Taste, signals_of, taste_of
from soundmap.types import Analysis
from soundmap.wording import reason_phrase
from tests.recommendation.test_recommend import LABELS, analysis, catalog

VOTES = tuple(range(20))


def heard(listener: Listener, row: int) -> Analysis:
    return listener.manifest.analysis_of(listener.catalog, row)


def around(listener: Listener, row: int, request: Request = Request()) -> Neighborhood:  # noqa: B008
    return Neighborhood.around(heard(listener, row), listener.catalog, request)


def ids(found: Personal) -> list[int]:
    return [pick.track.track_id for pick in found.recommendation.picks]


def said(found: Personal) -> tuple[object, ...]:
    """All of a list but the arrays of what was heard."""
    return found.recommendation.picks, found.recommendation.notes, found.propensities


def votes(listener: Listener, n: int, seed: int = 0) -> list[Signal]:
    """About any tracks of the catalog, a third of them liked."""
    rng = np.random.default_rng(seed)
    tracks = rng.choice(listener.catalog.track_ids, n, replace=False).tolist()
    return [Signal(track, -1.0 if i % 3 else 1.0, i % 50) for i, track in enumerate(tracks)]


def near_votes(listener: Listener, row: int, subgenre: str) -> list[Signal]:
    """About twelve candidates of a sound: liked where they are filed under a sub-genre."""
    near = around(listener, row).first(400)
    tracks = [listener.catalog.track(found) for found, _ in near]
    liked = [track for track in tracks if subgenre in track.subgenres][:6]
    others = [track for track in tracks if subgenre not in track.subgenres][:6]
    return [Signal(t.track_id, 1.0) for t in liked] + [Signal(t.track_id, -1.0) for t in others]


def listed(listener: Listener, row: int, taste: Taste, seed: int = 1) -> Personal:
    return personal(around(listener, row), taste, seed)


@pytest.mark.parametrize("row", [3, 700, 6000])
def test_under_three_signals_nothing_changes(listener: Listener, row: int) -> None:
    plain = recommend(heard(listener, row), listener.catalog, Request())
    for n in range(3):
        found = listed(listener, row, taste_of(votes(listener, n), listener.catalog))
        same = found.recommendation
        assert (same.picks, same.notes, found.rung) == (plain.picks, plain.notes, "plain")
        assert found.propensities == (1.0,) * 5


def test_the_ladder_counts_votes_and_not_the_tracks_they_are_about(listener: Listener) -> None:
    rows, tracks = listener.catalog, listener.catalog.track_ids[:10].tolist()
    a_list, one = signals_of("list", tracks[:5]), signals_of("pick", tracks[5:6], liked=False)
    assert taste_of(a_list, rows).n_votes == 1
    assert taste_of((*a_list, *one), rows).rung == "plain"
    assert taste_of((*a_list, *one, *signals_of("pick", tracks[6:7])), rows).rung == "rocchio"
    eight = [signal for track in tracks[:8] for signal in signals_of("pick", [track])]
    assert taste_of(eight, rows).rung == "bayes"
    (hidden,) = signals_of("hide", tracks[:1])
    assert hidden.value < 0


@pytest.mark.parametrize("n", [4, 12])
def test_what_is_filed_like_what_was_liked_moves_up(listener: Listener, n: int) -> None:
    row = listener.catalog.row_of(2)
    near = near_votes(listener, row, "Rap")
    signals = near if n == 12 else near[:2] + near[6:8]
    plain = recommend(heard(listener, row), listener.catalog, Request())
    found = listed(listener, row, taste_of(signals, listener.catalog))
    before, after = (
        sum("Rap" in pick.track.subgenres for pick in answer.picks)
        for answer in (plain, found.recommendation)
    )
    assert after > before


def test_a_move_says_which_liked_track_made_it(listener: Listener) -> None:
    row = listener.catalog.row_of(2)
    signals = near_votes(listener, row, "Rap")
    found = listed(listener, row, taste_of(signals, listener.catalog))
    liked = {s.track_id for s in signals if s.value > 0}
    titles = {listener.catalog.track(listener.catalog.row_of(t)).title for t in liked}
    first = found.recommendation.picks[0].reasons[0]
    assert first.kind == "liked_before" and first.facts["title"] in titles
    assert reason_phrase(first).startswith("because you liked “")
    assert all(1 <= len(pick.reasons) <= 3 for pick in found.recommendation.picks)


def test_a_guess_is_last_and_its_chance_is_told(listener: Listener) -> None:
    found = listed(listener, 700, taste_of(votes(listener, 20), listener.catalog))
    kinds = [pick.reasons[0].kind for pick in found.recommendation.picks]
    assert [kind == "guess" for kind in kinds] == [False] * 4 + [True]
    assert found.propensities[:4] == (1.0,) * 4 and 0 < found.propensities[4] <= 1
    assert reason_phrase(found.recommendation.picks[4].reasons[0], "ko")


def test_the_chance_of_a_guess_is_how_often_it_is_made(listener: Listener) -> None:
    taste = taste_of(near_votes(listener, listener.catalog.row_of(2), "Rap"), listener.catalog)
    lists = [listed(listener, 0, taste, seed) for seed in range(120)]
    guesses = [ids(found)[-1] for found in lists]
    common = max(set(guesses), key=guesses.count)
    told = np.mean(
        [x.propensities[-1] for x, guess in zip(lists, guesses, strict=True) if guess == common]
    )
    assert told == pytest.approx(guesses.count(common) / len(lists), abs=0.12)


def test_the_same_call_gives_the_same_list_and_another_seed_another_guess(
    listener: Listener,
) -> None:
    taste = taste_of(votes(listener, 20), listener.catalog)
    assert said(listed(listener, 700, taste)) == said(listed(listener, 700, taste))
    lists = [ids(listed(listener, 700, taste, seed)) for seed in range(8)]
    assert len({tuple(one[:4]) for one in lists}) == 1
    assert len({one[4] for one in lists}) > 1


def test_removing_the_votes_brings_the_old_list_back(listener: Listener) -> None:
    plain = recommend(heard(listener, 0), listener.catalog, Request())
    cold = taste_of([], listener.catalog)
    assert listed(listener, 0, cold).recommendation.picks == plain.picks


def test_nobodys_taste_leaks_into_anothers(listener: Listener) -> None:
    mine = taste_of(votes(listener, 5, seed=1), listener.catalog)
    before = said(listed(listener, 0, mine))
    listed(listener, 0, taste_of(votes(listener, 60, seed=2), listener.catalog))
    assert said(listed(listener, 0, mine)) == before


@pytest.mark.parametrize("n", [5, 40])
def test_the_order_of_votes_does_not_matter(listener: Listener, n: int) -> None:
    signals = votes(listener, n) + votes(listener, 3)  # three of them said twice
    shuffled = random.Random(0).sample(signals, len(signals))
    one, other = (taste_of(each, listener.catalog) for each in (signals, shuffled))
    for name in ("rows", "values", "weights", "own"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert said(listed(listener, 40, one)) == said(listed(listener, 40, other))


def test_a_vote_fades_by_half_in_a_half_life(listener: Listener) -> None:
    track = int(listener.catalog.track_ids[9])
    ages = (0.0, HALF_LIFE_DAYS, 2 * HALF_LIFE_DAYS)
    weights = [taste_of([Signal(track, 1.0, age)], listener.catalog).weights[0] for age in ages]
    assert weights == pytest.approx([1, 0.5, 0.25])


def test_votes_of_long_ago_hardly_move_a_list(listener: Listener) -> None:
    row = listener.catalog.row_of(2)
    fresh = near_votes(listener, row, "Rap")[:2] + near_votes(listener, row, "Rap")[6:8]
    plain = recommend(heard(listener, row), listener.catalog, Request()).picks
    judged = {signal.track_id for signal in fresh}
    expected = [pick.track.track_id for pick in plain if pick.track.track_id not in judged]
    faded = [replace(signal, age_days=14 * HALF_LIFE_DAYS) for signal in fresh]
    found = ids(listed(listener, row, taste_of(faded, listener.catalog)))
    assert found[: len(expected)] == expected


def test_votes_that_have_faded_away_are_none(listener: Listener) -> None:
    ancient = [replace(signal, age_days=30 * HALF_LIFE_DAYS) for signal in votes(listener, 20)]
    taste = taste_of(ancient, listener.catalog)
    assert taste.rung == "plain" and not len(taste.rows)


def test_the_newer_word_about_a_track_counts_for_more(listener: Listener) -> None:
    track = int(listener.catalog.track_ids[9])
    changed = taste_of([Signal(track, -1.0, 60), Signal(track, 1.0, 0)], listener.catalog)
    assert len(changed.rows) == 1 and 0 < changed.values[0] < 1


def test_tracks_of_another_catalog_are_left_out(listener: Listener) -> None:
    assert taste_of([Signal(-5, 1.0), Signal(10**9, 1.0)], listener.catalog).n_votes == 0


def test_a_server_helps_its_members_but_lifts_nobody_up_the_ladder(listener: Listener) -> None:
    row = listener.catalog.row_of(2)
    server = taste_of(near_votes(listener, row, "Rap"), listener.catalog)
    alone = taste_of(votes(listener, 2), listener.catalog)
    member = taste_of(votes(listener, 2), listener.catalog, prior=server)
    assert member.rung == "plain"
    assert said(listed(listener, row, member)) == said(listed(listener, row, alone))
    assert 0 < member.weights[~member.own].sum() <= 3
    three = votes(listener, 3)
    lists = [
        ids(listed(listener, row, taste_of(three, listener.catalog, prior)))
        for prior in (None, server)
    ]
    assert lists[0] != lists[1]
    assert beliefs(taste_of(three, listener.catalog, server), listener.catalog) == beliefs(
        taste_of(three, listener.catalog), listener.catalog
    )


def test_a_prior_is_never_given_as_ones_own_reason(listener: Listener) -> None:
    row = listener.catalog.row_of(2)
    server = taste_of(near_votes(listener, row, "Rap"), listener.catalog)
    disliked = [replace(signal, value=-1.0) for signal in votes(listener, 12)]
    found = listed(listener, row, taste_of(disliked, listener.catalog, prior=server))
    kinds = {reason.kind for pick in found.recommendation.picks for reason in pick.reasons}
    assert "liked_before" not in kinds


def test_what_was_judged_gives_room_to_what_was_not(listener: Listener) -> None:
    signals = near_votes(listener, 0, "Hip-Hop")
    found = ids(listed(listener, 0, taste_of(signals, listener.catalog)))
    assert not {signal.track_id for signal in signals} & set(found)


@settings(max_examples=60, deadline=None)
@given(
    row=st.integers(0, 7000),
    n=st.integers(3, 60),
    seed=st.integers(0, 10**6),
    count=st.integers(1, 20),
    roam=st.sampled_from(tuple(ROAM_STRIDES)),
)
def test_the_guard_rails_hold_whatever_was_voted(
    listener: Listener, row: int, n: int, seed: int, count: int, roam: str
) -> None:
    rows, sound = listener.catalog, heard(listener, row)
    signals = votes(listener, n, seed)
    hidden = (str(rows.columns["artist"][(row * 7) % len(rows)]),)
    rejected = tuple(s.track_id for s in signals if s.value < 0)
    request = Request(count, roam=roam, excluded_tracks=rejected, excluded_artists=hidden)
    plain = recommend(sound, rows, request)
    asked = around(listener, row, request)
    found = personal(asked, taste_of(signals, rows), seed).recommendation
    assert len(found.picks) == len(plain.picks)
    shown = {pick.track.track_id for pick in found.picks}
    assert not shown & set(rejected) and hidden[0] not in {p.track.artist for p in found.picks}
    near = Request(excluded_tracks=rejected, excluded_artists=hidden)
    reach = max(NEAREST, count * ROAM_STRIDES[roam])
    within = {row for row, _ in around(listener, row, near).first(reach)}
    assert {rows.row_of(track) for track in shown} <= within
    artists = [pick.track.artist.casefold() for pick in found.picks]
    assert len(set(artists)) == len(artists)
    ours, theirs = (
        genre_agreement(
            sound.probabilities,
            rows.probabilities[[rows.row_of(pick.track.track_id) for pick in each.picks]],
        ).mean()
        for each in (plain, found)
    )
    assert theirs >= ours - AGREEMENT_SLACK - 1e-6


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 60), count=st.integers(1, 70))
def test_the_guard_holds_for_any_scores(seed: int, n: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    scores, agreement = rng.normal(size=n) * rng.choice([0, 1, 1e6]), rng.random(n)
    best = guarded(scores, agreement, count)
    assert len(set(best.tolist())) == len(best) == min(count, n)
    assert agreement[best].mean() >= agreement[:count].mean() - AGREEMENT_SLACK - 1e-9


def test_genre_agreement_is_one_with_oneself_and_nothing_with_a_stranger() -> None:
    one = np.array([0.3, 0.7, 0.0], np.float32)
    both = np.array([[0.3, 0.7, 0.0], [0.0, 0.0, 1.0]], np.float32)
    assert genre_agreement(one, both) == pytest.approx([1, 0])


def test_likeness_is_what_its_parts_say(listener: Listener) -> None:
    rows = np.arange(0, 7000, 100)
    whole = likeness_of(listener.catalog).of(rows)
    alike = whole.likeness(whole)
    np.testing.assert_allclose(alike, alike.T)
    assert np.linalg.eigvalsh(alike).min() > -1e-9
    filed = Likeness(listener.catalog, Shares(sound=0, filed=1, artist=0)).of(rows)
    assert np.diag(filed.likeness(filed)) == pytest.approx(np.ones(len(rows)))
    sound = Likeness(listener.catalog, Shares(sound=1, filed=0, artist=0)).of(
        np.arange(len(listener.catalog))
    )
    assert np.einsum("ij,ij->i", sound.values, sound.values).mean() == pytest.approx(1, rel=1e-3)
    assert SHARES.sound > 0


def test_a_draw_is_right_on_average(listener: Listener) -> None:
    taste = taste_of(votes(listener, 12), listener.catalog)
    alike, rng = likeness_of(listener.catalog), np.random.default_rng(0)
    here = alike.of(np.append(taste.rows[:3], [5, 500]))
    model = LinearModel.of(taste, alike.of(taste.rows))
    cross = here.likeness(model.there)
    draws = model.draws(here, cross, 20_000, rng)
    covariance = 0.3**2 * (here.likeness(here) - cross @ model.precision @ cross.T)
    np.testing.assert_allclose(draws.mean(axis=1), model.pull(cross).sum(axis=1), atol=0.02)
    np.testing.assert_allclose(np.cov(draws), covariance, atol=0.02)


def test_rocchio_goes_to_the_liked_and_away_from_the_disliked() -> None:
    rows = catalog()
    alike = likeness_of(rows)
    pool = Pool(np.arange(8), np.zeros(8), np.ones(8), np.zeros(8, bool))
    liked, disliked = (
        replace(taste_of([Signal(6, value)], rows), n_votes=FREE_FROM) for value in (1.0, -1.0)
    )
    assert rocchio(pool, liked, alike, 1).places[0] == 6
    assert rocchio(pool, disliked, alike, 8).places[-1] == 6


def test_a_small_catalog_gives_all_it_has() -> None:
    taste = taste_of([Signal(i, 1.0) for i in range(8)], catalog())
    asked = Neighborhood.around(analysis(), catalog(), Request(count=10))
    found = personal(asked, taste, 0)
    plain = recommend(analysis(), catalog(), Request(count=10))
    assert set(ids(found)) == {pick.track.track_id for pick in plain.picks}
    assert found.recommendation.notes == plain.notes
    nothing = Request(genre=LABELS[0], license="permissive")
    asked = Neighborhood.around(analysis(), catalog(), nothing)
    assert personal(asked, taste, 0).recommendation.picks == ()


def test_from_taste_starts_at_something_liked_and_brings_something_new(listener: Listener) -> None:
    rows, manifest = listener.catalog, listener.manifest
    signals = votes(listener, 30)
    liked = {signal.track_id for signal in signals if signal.value > 0}
    taste = taste_of(signals, rows)
    found = [from_taste(taste, rows, Request(), manifest, seed) for seed in range(6)]
    anchors = [each.anchor.track_id for each in found if each and each.anchor]
    assert len(anchors) == 6 and set(anchors) <= liked and len(set(anchors)) > 1
    for each in found:
        assert each is not None and not set(ids(each)) & set(liked)


def test_from_no_taste_comes_nothing(listener: Listener) -> None:
    rows, manifest = listener.catalog, listener.manifest
    one = [Signal(2, 1.0)]
    assert from_taste(taste_of([], rows), rows, Request(), manifest, 0) is None
    assert from_taste(taste_of([Signal(2, -1.0)], rows), rows, Request(), manifest, 0) is None
    hidden = Request(excluded_artists=("AWOL",))
    assert from_taste(taste_of(one, rows), rows, hidden, manifest, 0) is None
    assert from_taste(taste_of(one, rows), rows, Request(), manifest, 0) is not None


def test_beliefs_say_what_was_liked_and_can_be_taken_away(listener: Listener) -> None:
    rows = listener.catalog
    hip_hop = rows.track_ids[rows.where("genre", "Hip-Hop")][:6].tolist()
    folk = rows.track_ids[rows.where("genre", "Folk")][:3].tolist()
    signals = [Signal(t, 1.0) for t in hip_hop] + [Signal(t, -1.0) for t in folk]
    believed = beliefs(taste_of(signals, rows), rows)
    weights = {belief.name: belief.weight for belief in believed.of("genre")}
    assert weights["Hip-Hop"] == pytest.approx(6 / 7) and weights["Folk"] == pytest.approx(-3 / 4)
    artist = believed.of("artist")[0]
    assert set(artist.track_ids) <= set(hip_hop + folk)
    assert believed.tempo_bpm and 0 <= believed.tempo_bpm.rank <= 1
    left = without(signals, rows, "genre", "Hip-Hop")
    assert [signal.track_id for signal in left] == folk
    empty = beliefs(taste_of([], rows), rows)
    assert (empty.beliefs, empty.tempo_bpm, empty.brightness_hz) == ((), None, None)


def milliseconds(listener: Listener, n_votes: int, n_candidates: int = 500) -> float:
    """Median time of the taste step alone: taste from votes, then a choice among candidates."""
    rows, signals, taken = listener.catalog, votes(listener, n_votes), []
    near = [around(listener, row).first(n_candidates) for row in range(0, 7000, 140)]
    for found in near:
        where, distances = map(np.array, zip(*found, strict=True))
        agreement = genre_agreement(rows.probabilities[where[0]], rows.probabilities[where])
        pool = Pool(where, distances, agreement, np.zeros(len(where), bool))
        start = time.perf_counter()
        choose(pool, taste_of(signals, rows), likeness_of(rows), 5, np.random.default_rng(0))
        taken.append(1e3 * (time.perf_counter() - start))
    return float(np.median(taken))


if __name__ == "__main__":
    for n in (5, 10, 30, 100, 200):
        print(f"{n} votes, 500 candidates: {milliseconds(Listener(), n):.2f} ms")
