"""Several sounds named in one line, however people part them."""

from __future__ import annotations

import pytest

from bot.chat.several import parts_in, sounds_in


def alone(word: str) -> bool:
    return word.startswith(("https://", "#"))


@pytest.mark.parametrize(
    ("line", "near", "away"),
    [
        ("2 141", ["2", "141"], []),
        ("2 141 without 5 7, AWOL - 7", ["2", "141"], ["5", "7", "AWOL - 7"]),
        ("Blink 182 - 3", ["Blink 182 - 3"], []),
        ("", [], []),
        ("AWOL - Food", ["AWOL - Food"], []),
        ("AWOL - Food, Digi G'A - switches", ["AWOL - Food", "Digi G'A - switches"], []),
        ('"A, B - C" AWOL - Food', ["A, B - C", "AWOL - Food"], []),
        ("https://a.b/c,d #12 AWOL - Food", ["https://a.b/c,d", "#12", "AWOL - Food"], []),
        ("https://a.b/c, https://d.e", ["https://a.b/c", "https://d.e"], []),
        ("#1 #2 without #3", ["#1", "#2"], ["#3"]),
        ("#1 without AWOL - Food, “Go without”", ["#1"], ["AWOL - Food", "Go without"]),
        ("U2 - With or Without You", ["U2 - With or Without You"], []),
        ("without #3", [], ["#3"]),
        ("#1 --without #3", ["#1"], ["#3"]),
        ('"unclosed - name, other', ["unclosed - name", "other"], []),
        (" , ,, ; ", [], []),
        ("아티스트 - 제목, #5 without 다른 - 곡", ["아티스트 - 제목", "#5"], ["다른 - 곡"]),
    ],
)
def test_each_sound_is_found(line: str, near: list[str], away: list[str]) -> None:
    assert sounds_in(parts_in(line, alone)) == (near, away)
