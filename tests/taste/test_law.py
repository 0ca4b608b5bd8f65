"""The law: taste does not drown the sound, whatever was liked, disliked, hidden or rejected."""

from __future__ import annotations

from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundmap.bundle.listener import Listener
from soundmap.recommendation.nearest import Neighborhood, recommend
from soundmap.recommendation.request import ROAM_STRIDES, Request
from soundmap.taste.lists import NEAREST, from_taste, personal
from soundmap.taste.taste import BAYES_FROM, FREE_FROM, ROCCHIO_FROM, Signal, signals_of, taste_of

FEW = st.integers(0, 3)
VOTES = st.one_of(st.integers(0, 14), st.sampled_from([2, 3, 8, 9]))


class Told:
    """What somebody told, of tracks near a sound and of others: the acts, as the bot sees them."""

    def __init__(self, listener: Listener, row: int, rng: np.random.Generator) -> None:
        self.rows, self.rng = listener.catalog, rng
        sound = listener.manifest.analysis_of(self.rows, row)
        near = self.rows.nearest(sound.embedding, 150)[0]
        self.near: list[int] = self.rows.track_ids[rng.permutation(near)].tolist()
        self.signals: list[Signal] = []
        self.n_votes, self.hidden, self.rejected = 0, set[str](), set[int]()

    def vote(self, n: int, share_liked: float) -> None:
        for track in self._next(n):
            liked = bool(self.rng.random() < share_liked)
            self.signals += signals_of("pick", [track], liked, float(self.rng.integers(90)))
            self.rejected |= set() if liked else {track}
        self.n_votes += n

    def reject_lists(self, n: int) -> None:
        for _ in range(n):
            tracks = self._next(5)
            self.signals += signals_of("list", tracks, False)
            self.rejected |= set(tracks)
        self.n_votes += n

    def want_more(self, n: int) -> None:
        for track in self._next(n):
            self.signals += signals_of("more", [track])

    def hide(self, n: int) -> None:
        """Hides artists of whom something was liked, too, often long ago."""
        for track in [signal.track_id for signal in self.signals][:n]:
            artist = self.artist(track)
            self.hidden.add(artist)
            tracks = self.rows.track_ids[self.rows.artists == artist].tolist()
            age_days = float(self.rng.choice([0, 30, 900]))
            self.signals += signals_of("hide", tracks, age_days=age_days)

    def artist(self, track: int) -> str:
        return str(self.rows.artists[self.rows.row_of(track)])

    @property
    def spurned(self) -> set[str]:
        return self.hidden | {self.artist(track) for track in self.rejected}

    def _next(self, n: int) -> list[int]:
        taken, self.near = self.near[:n], self.near[n:]
        return taken


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 7000),
    VOTES,
    FEW,
    FEW,
    FEW,
    st.sampled_from([0.0, 0.5, 0.9]),
    st.sampled_from([1, 5, 5, 5, 10, 20]),
    st.sampled_from(tuple(ROAM_STRIDES)),
    st.sampled_from([None, None, "Rock", "Folk"]),
    st.integers(0, 10**6),
)
def test_taste_does_not_drown_the_sound(
    listener: Listener,
    row: int,
    n_votes: int,
    n_lists: int,
    n_hidden: int,
    n_more: int,
    share_liked: float,
    count: int,
    roam: str,
    genre: str | None,
    seed: int,
) -> None:
    rows, rng = listener.catalog, np.random.default_rng(seed)
    told = Told(listener, row, rng)
    told.vote(n_votes, share_liked)
    told.reject_lists(n_lists)
    told.want_more(n_more)
    told.hide(n_hidden)
    hidden = tuple(told.hidden)
    asked = Request(count, genre=genre, roam=roam, excluded_artists=hidden)
    sound = listener.manifest.analysis_of(rows, row)
    plain = recommend(sound, rows, asked).picks
    taste = taste_of(told.signals, rows)
    found = personal(Neighborhood.around(sound, rows, asked), taste, seed)
    picks = found.recommendation.picks
    stayed = {pick.track.track_id for pick in plain} & {pick.track.track_id for pick in picks}

    assert taste.n_votes == told.n_votes
    if told.n_votes < ROCCHIO_FROM:
        assert picks == plain
    if told.n_votes < FREE_FROM:
        assert len(stayed) >= ceil(0.6 * len(plain))
    fitting = rows.audible & (rows.where("genre", genre) if genre else True)
    nearest = rows.track_ids[rows.nearest(sound.embedding, NEAREST, keep=fitting)[0]]
    assert {pick.track.track_id for pick in picks} <= stayed | set(nearest.tolist())
    assert not {pick.track.artist.casefold() for pick in picks} & told.hidden
    reasons = [reason for pick in picks for reason in pick.reasons if reason.kind == "liked_before"]
    assert not {str(reason.facts["artist"]).casefold() for reason in reasons} & told.spurned


def test_three_and_ten_votes_are_where_lists_begin_to_change_and_are_free() -> None:
    assert (ROCCHIO_FROM, FREE_FROM, NEAREST) == (3, 10, 100)
    assert ROCCHIO_FROM < BAYES_FROM <= FREE_FROM


@pytest.mark.parametrize("hidden_days_ago", [0, 900])
def test_nothing_is_recommended_by_taste_around_an_artist_who_was_hidden(
    listener: Listener, hidden_days_ago: float
) -> None:
    rows = listener.catalog
    track = int(rows.track_ids[40])
    theirs = rows.track_ids[rows.artists == rows.artists[40]].tolist()
    liked = signals_of("pick", [track])
    hidden = signals_of("hide", theirs, age_days=hidden_days_ago)
    around = [
        from_taste(taste_of(told, rows), rows, Request(), listener.manifest, 0)
        for told in (liked, (*liked, *hidden))
    ]
    assert around[0] is not None and around[1] is None


def test_neither_hides_nor_taps_on_more_are_votes(listener: Listener) -> None:
    tracks = listener.catalog.track_ids[:40].tolist()
    hints = [s for track in tracks[2:] for s in signals_of("more", [track])]
    hints += [s for track in tracks[2:] for s in signals_of("hide", [track])]
    two = [s for track in tracks[:2] for s in signals_of("pick", [track])]
    taste = taste_of([*two, *hints], listener.catalog)
    assert (taste.n_votes, taste.rung) == (2, "plain")


def test_at_nine_votes_the_guess_is_no_third_newcomer(listener: Listener) -> None:
    rows = listener.catalog
    for row in range(0, 7000, 350):
        told = Told(listener, row, np.random.default_rng(row))
        told.vote(9, 0.8)
        sound = listener.manifest.analysis_of(rows, row)
        around = Neighborhood.around(sound, rows, Request())
        found = personal(around, taste_of(told.signals, rows), row)
        plain = {pick.track.track_id for pick in recommend(sound, rows, Request())}
        assert len(plain & {pick.track.track_id for pick in found.recommendation}) >= 3
