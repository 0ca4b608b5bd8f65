"""Strong language is noticed however it is written, and ordinary words are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundmap.catalog.strong import is_strong

STRONG = ("fuck", "shit", "bitch", "cunt", "asshole", "cocksucker", "bastard", "씨발", "merde")
PLAIN = (
    *("Scunthorpe", "Hitchcock", "cocktail", "assassin", "class", "Dickens", "shiitake", "Essex"),
    *("M*A*S*H", "MEGA*CHURCH", "R&B", "Arsenal", "cumbia", "bass", "Titanic", "analyse", "시작"),
    *("A. S. Byatt", "title", "Massachusetts", "peacock", "Sishituki", "Miyashita", "Slutet"),
)


@given(st.lists(st.sampled_from(PLAIN)), st.sampled_from(STRONG), st.lists(st.sampled_from(PLAIN)))
def test_one_word_is_enough(before: list[str], word: str, after: list[str]) -> None:
    for written in (word, word.upper(), f"“{word}”", f"{word},", f"({word})"):
        assert is_strong(" ".join([*before, written, *after]))
    assert not is_strong(" ".join([*before, *after]))


@given(st.sampled_from(STRONG[:7]), st.data())
def test_masks_hide_nothing(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    sign = data.draw(st.sampled_from("*#%&"))
    assert is_strong(word[:at] + sign + word[at + 1 :])
    assert is_strong(word[:at] + word[at] * 4 + word[at:])


@pytest.mark.parametrize(
    "text",
    [
        "f**k",
        "s***",
        "sh!t",
        "a$$hole",
        "FÜCK",
        "ＦＵＣＫ",
        "f u c k",
        "f.u.c.k",
        "f_u_c_k",
        "F#&k'n",
        "𝓯𝓾𝓬𝓴",
    ],
)
def test_it_is_noticed_in_disguise(text: str) -> None:
    assert is_strong(text)


@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert is_strong(text) in (True, False)
