"""The laws of reasons: they differ within a list, and state what was measured."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from soundmap.bundle.listener import Listener
from soundmap.recommendation.apart import apart
from soundmap.recommendation.nearest import recommend
from soundmap.recommendation.reasons import reasons_of
from soundmap.recommendation.request import Request
from soundmap.recommendation.statement import compared_of
from soundmap.types import Analysis, Pick
from soundmap.wording import measured_phrase, reason_phrase
from soundmap.wording.reasons import MEASURED, REASONS
from tests.recommendation.test_recommend import ROWS, TRAITS, analysis, catalog


def kinds(heard: Analysis, row: int) -> set[str]:
    """Of one pick alone, which has nothing to differ from."""
    (why,) = reasons_of([(heard, row)], catalog())
    return {reason.kind for reason in (*why.told, *why.also)}


def lists(listener: Listener, count: int, every: int = 70) -> list[tuple[Pick, ...]]:
    rows = listener.catalog
    return [
        recommend(listener.manifest.analysis_of(rows, row), rows, Request(count)).picks
        for row in range(0, len(rows), every)
    ]


def words(pick: Pick, language: str = "en") -> list[str]:
    return [reason_phrase(reason, language) for reason in pick.reasons]


def test_reasons_understand_half_and_double_time() -> None:
    assert "double_tempo" in kinds(analysis(), 2)
    assert "half_tempo" in kinds(analysis(), 3)
    assert "same_tempo" in kinds(analysis(), 4)
    assert not {"same_tempo", "double_tempo", "half_tempo"} & kinds(analysis(), 6)


def test_reasons_name_what_both_are() -> None:
    dark = analysis(traits=replace(TRAITS, brightness_hz=0))
    assert "low_brightness_hz" in kinds(dark, 0)
    bright = analysis(traits=replace(TRAITS, brightness_hz=3600))
    assert "high_brightness_hz" in kinds(bright, 7)
    assert "high_brightness_hz" not in kinds(bright, 0)


def test_a_genre_is_shared_only_if_both_are_mostly_that_or_mix_the_same_two() -> None:
    def heard(*shares: float) -> Analysis:
        return analysis(probabilities=np.array(shares, np.float32))

    assert "shared_genre" in kinds(heard(0.3, 0.7), 0)  # the track is 20 % and 80 %
    assert "shared_genre" not in kinds(heard(0.95, 0.05), 0)
    assert "genre_mixture" in kinds(heard(0.55, 0.45), 0)
    assert not {"shared_genre", "genre_mixture"} & kinds(heard(0.9, 0.1), 0)


def test_there_is_always_a_reason() -> None:
    nothing = analysis(
        traits=replace(TRAITS, tempo_bpm=0, brightness_hz=1750, bass_share=0.35, noisiness=0.035),
        probabilities=np.array([1.0, 0.0], np.float32),
    )
    whys = reasons_of([(nothing, row) for row in range(len(ROWS))], catalog())
    assert all(1 <= len(why.told) <= 2 for why in whys)
    assert kinds(nothing, 4) == {"far"}
    beside = replace(nothing, embedding=catalog().points.values[4])
    assert kinds(beside, 4) == {"overall"}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("count", [2, 5, 10, 20])
def test_no_two_picks_of_a_list_have_the_same_words(
    listener: Listener, count: int, language: str
) -> None:
    for picks in lists(listener, count, every=350):
        said = [tuple(words(pick, language)) for pick in picks]
        assert len(set(said)) == len(said) == count


def test_picks_begin_with_different_words_and_nothing_holds_for_all(listener: Listener) -> None:
    for picks in lists(listener, 5):
        said = [[re.sub(r"[\d.,]+", "#", phrase) for phrase in words(pick)] for pick in picks]
        assert len({phrases[0] for phrases in said}) == 5
        assert not set.intersection(*map(set, said))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_percentages_are_only_said_to_who_asks_why(listener: Listener, language: str) -> None:
    asked = []
    for picks in lists(listener, 5, every=350):
        for pick in picks:
            assert "%" not in "".join(words(pick, language))
            why = [measured_phrase(it, language) for it in (*pick.reasons, *pick.also)]
            assert len("".join(why)) > len("".join(words(pick, language)))
            asked += why
    assert "%" in "".join(asked)


def test_what_is_said_of_the_others_is_so(listener: Listener) -> None:
    rows = listener.catalog
    sound = listener.manifest.analysis_of(rows, 700)
    picks = recommend(sound, rows, Request(8)).picks
    compared = [compared_of(sound, rows, rows.row_of(pick.track.track_id)) for pick in picks]
    n_seen = 0
    for pick, statements in zip(picks, apart(compared), strict=True):
        for reason in [statement.reason for statement in statements]:
            side, _, trait = reason.kind.partition("_")
            if trait in ("genre", ""):
                continue
            others = [getattr(it.track.traits, trait) for it in picks if it is not pick]
            mine, yours = getattr(pick.track.traits, trait), getattr(sound.traits, trait)
            assert (reason.facts["yours"], reason.facts["theirs"]) == (yours, mine)
            more, less = (sum(sign * mine > sign * it for it in others) for sign in (1, -1))
            holds = {
                "most": more == 7,
                "least": less == 7,
                "more": 3 < more < 7 and more == reason.facts.get("than"),
                "less": 3 < less < 7 and less == reason.facts.get("than"),
                "closest": True,  # by ranks in the catalog
            }
            assert holds[side], reason
            n_seen += 1
    assert n_seen > 20


def test_every_trait_reason_says_what_was_measured() -> None:
    unmeasured = {
        kind for kind in REASONS if kind not in MEASURED and kind.partition("_")[2] not in MEASURED
    }
    assert unmeasured == {"nearest_sound", "liked_before", "guess"}
