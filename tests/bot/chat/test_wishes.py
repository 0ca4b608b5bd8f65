"""What a person types as options becomes a request, or is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.wishes import FLAGS, flags_in, requested
from bot.types import Refusal
from soundmap.recommendation.request import Request


def test_options_become_fields() -> None:
    assert requested() == Request()
    assert requested("90-110", page=True) == Request(tempo_bpm=(90.0, 110.0), page=True)


@pytest.mark.parametrize(
    ("said", "meant"), [("yes", True), ("NO", False), ("예", True), ("0", False)]
)
def test_yes_and_no_have_several_words(said: str, meant: bool) -> None:
    assert flags_in(dict.fromkeys(FLAGS, said)) == dict.fromkeys(FLAGS, meant)
    assert flags_in({"genre": "rock"}) == {}


@given(st.text(min_size=1, max_size=200))
def test_any_text_is_an_answer_or_a_refusal(text: str) -> None:
    assert isinstance(requested(text), Request | Refusal)
    found = flags_in({"clean": text})
    assert isinstance(found, dict) or len(str(found.facts["said"])) <= 60
