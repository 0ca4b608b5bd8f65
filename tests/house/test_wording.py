"""Checks sentences and documents against the source, without running it."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot import config
from bot import wording as bot_wording
from bot import wording_ko as bot_korean
from bot.console import english as console
from soundmap import wording
from soundmap.links import pages
from soundmap.types import Analysis, Traits
from soundmap.wording import credits as credit_words
from soundmap.wording import english, failures, filters, korean, playlists, reasons
from tests.house.source import BOT, COGS, LIBRARY, ROOT

TINY, QUIET = np.zeros(1, np.float32), Traits(0, 0, 0, 0, 0)
TRAINING_ERRORS = {
    "bad_recipe",
    "bad_threads",
    "dataset_asks",
    "ladder_asks",
    "needs_data",
    "needs_bench",
    "needs_matplotlib",
    "needs_projections",
    "needs_torch",
    "not_a_bundle",
    "protocol_asks",
}


def raised(
    paths: list[Path] = LIBRARY,
    kinds: frozenset[str] = frozenset(
        {
            "SoundMapError",
            "BadSound",
            "BadLink",
            "BadRequest",
            "NotInstalled",
            "BadBundle",
            "BadDataset",
        }
    ),
) -> Iterator[tuple[str, set[str]]]:
    """(code, facts) of every error that the library raises."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", None)
            if isinstance(node, ast.Call) and name in kinds:
                facts = {str(word.arg) for word in node.keywords}
                yield from ((code, facts) for code in codes_in(node.args[0]))
    if "BadLink" in kinds:  # codes that the child that reads pages may return
        yield from ((code, {"minutes", "version"}) for code in pages.CODES)


def codes_in(node: ast.expr) -> Iterator[str]:
    """The code of a constant, or both of a conditional; a variable's is found elsewhere."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from codes_in(node.body)
        yield from codes_in(node.orelse)


def test_every_error_has_its_sentence_and_every_sentence_its_error() -> None:
    codes = dict(raised())
    assert set(codes) == set(english.ERRORS)
    for code, facts in raised():
        assert named_in(english.ERRORS[code]) <= facts, code


def test_every_refusal_of_the_bot_has_a_sentence() -> None:
    kinds = frozenset({"Refused", "Refusal"})
    codes = {code for code, _ in constant_calls([*BOT, *COGS], kinds)}
    assert codes <= {*bot_wording.REFUSALS, *english.ERRORS, *console.SAYINGS}


def constant_calls(paths: list[Path], kinds: frozenset[str]) -> Iterator[tuple[str, int]]:
    """(first argument, line) of every call to ``kinds`` whose first argument is a string."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", None)
            if isinstance(node, ast.Call) and name in kinds and node.args:
                texts = ast.walk(node.args[0])
                yield from (
                    (text.value, text.lineno)
                    for text in texts
                    if isinstance(text, ast.Constant) and isinstance(text.value, str)
                )


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        (english.HEARD, korean.HEARD),
        (english.WHERE, korean.WHERE),
        (english.NOTES, korean.NOTES),
        (reasons.REASONS, reasons.KOREAN_REASONS),
        (reasons.MEASURED, reasons.KOREAN_MEASURED),
        (credit_words.ENGLISH, credit_words.KOREAN),
        (filters.ENGLISH, filters.KOREAN),
        (playlists.ENGLISH, playlists.KOREAN),
        (failures.ENGLISH, failures.KOREAN),
        (english.ASKS, korean.ASKS),
        (english.SHOWN, korean.SHOWN),
        (bot_wording.REFUSALS, bot_korean.REFUSALS),
        (bot_wording.SAYINGS, bot_korean.SAYINGS),
    ],
)
def test_korean_says_all_that_english_says(said: dict[str, str], spoken: dict[str, str]) -> None:
    assert set(said) == set(spoken)
    for code, sentence in said.items():
        assert named_in(spoken[code]) == named_in(sentence), code


def test_the_errors_of_a_sound_have_their_korean_with_the_same_facts() -> None:
    kinds = frozenset({"BadSound", "BadLink", "BadRequest", "NotInstalled"})
    spoken = {code for code, _ in raised(kinds=kinds)} - TRAINING_ERRORS
    assert spoken <= set(korean.ERRORS) <= set(english.ERRORS)
    for code, sentence in korean.ERRORS.items():
        assert named_in(sentence) <= named_in(english.ERRORS[code]), code


def named_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_an_error_is_said_in_korean_where_there_is_korean_for_it() -> None:
    assert wording.error_sentence("silent", {}, "ko") == korean.ERRORS["silent"]
    fallback = wording.error_sentence("no_songs", {"path": "a\nb"}, "ko")
    assert fallback == english.ERRORS["no_songs"].format(path="a?b")


@pytest.mark.parametrize("sure", [True, False])
def test_a_picture_and_a_chat_hear_the_same(sure: bool) -> None:
    heard = Analysis(
        "test", "", 30.0, ("Folk", "Pop"), np.array([0.02, 0.98], np.float32), TINY, QUIET, sure
    )
    sentence = wording.heard_sentence(heard, marked="<{}>".format)
    assert sentence == wording.heard_lead(sure) + "<Pop> (98%)"
    assert "Pop" in wording.heard_sentence(heard, "ko") != wording.heard_sentence(heard)
    assert [genre for genre, _ in wording.likely_genres(heard)] == ["Pop"]


def test_env_example_says_what_the_settings_are() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == config.example()


@pytest.mark.parametrize(
    "sentence",
    [*english.ERRORS.values(), *english.NOTES.values(), *bot_wording.REFUSALS.values()],
)
def test_a_sentence_is_a_sentence(sentence: str) -> None:
    assert sentence[0].isupper() or sentence[0] == "{"
    assert sentence.endswith((".", "'.", "?"))


def test_make_help_lists_every_verb() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony.group(1).split()) == set(re.findall(r"^([a-z]+):.*## ", makefile, re.M))
