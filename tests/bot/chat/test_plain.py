"""Untrusted text is on one line, shows something, and reaches no other line."""

from __future__ import annotations

import unicodedata

import pytest

from bot.chat.beliefs import belief_label
from bot.chat.plain import named, plain
from bot.discord import markdown
from bot.slack import mrkdwn
from bot.slack.elements import option
from soundmap.taste.beliefs import Belief

ZALGO = "Z" + "\u0351\u0313\u0317\u0300" * 40 + "algo"
BLANKS = (
    *("", " ", "\u3164", "\uffa0", "\u115f\u1160", "\u2800", "\u200b", "\u2060\ufeff", "\u00a0"),
    *("\u0301", "\u034f", "\ufe0f", "\u17b4", "\u3000", "\u202e\u202c", "\U000e0020", "\n\t"),
)


def marks_in_a_row(text: str) -> int:
    runs = "".join("x" if unicodedata.category(it) in ("Mn", "Me") else " " for it in text).split()
    return max(map(len, runs), default=0)


@pytest.mark.parametrize("neutral", [plain, named, markdown.neutral, mrkdwn.neutral])
def test_marks_on_one_letter_are_few(neutral: object) -> None:
    shown = neutral(ZALGO, 50)  # type: ignore[operator]
    assert marks_in_a_row(shown) == 3 and "algo" in shown


@pytest.mark.parametrize(
    "text",
    [
        "Việt Nam",
        "Mai\u0302\u0301",
        "שָׁלוֹם",
        "น้ำตก",
        "हिन्दी",
        "한국어",
        "ᄒ\u1161ᆫ",
        "é",
        "👩🏽\u200d🎤"[:2],
    ],
)
def test_what_languages_need_stays(text: str) -> None:
    assert plain(text, 50) == text


@pytest.mark.parametrize("name", BLANKS)
def test_a_blank_name_has_a_stand_in_in_every_menu(name: str) -> None:
    belief = Belief("artist", name, 1.0, (1,))
    assert named(name, 20) == "?"
    assert option(name, "1")["text"]["text"] == "?"
    assert belief_label(belief, 20) == "+ ?"


def test_a_mark_does_not_reach_what_stands_before() -> None:
    assert plain("\u0336\u0336title", 20) == "title"
    assert plain("a \u0336b", 20) == "a b"
