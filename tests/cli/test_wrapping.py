"""Lines for people: wrapped at words, hung from where their words began, at any width."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from soundmap.cli.wrapping import wrapped
from tests.house.source import ROOT

WORDS = st.lists(
    st.text("abcdefg,.·가나다힣音楽é", min_size=1, max_size=30), min_size=1, max_size=40
)
LEADS = ["", "   ", "1. ", "10. ", "  • ", "  /path FROM -> TO     ", "  soundmap index --name a  "]


def lines_of(text: str, width: int) -> list[str]:
    return [line.plain for line in wrapped(Text(text), width)]


@given(st.integers(40, 200), st.sampled_from(LEADS), WORDS)
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(
    width: int, lead: str, words: list[str]
) -> None:
    lines = lines_of(lead + " ".join(words), width)
    assert max(map(cell_len, lines)) <= width
    shown = "".join("".join(lines).split())
    assert shown == "".join((lead + "".join(words)).split())


@given(st.integers(40, 200), st.sampled_from(LEADS), WORDS)
def test_words_that_fit_stay_whole_and_hang_from_where_they_began(
    width: int, lead: str, words: list[str]
) -> None:
    short = [word[:8] for word in words]
    first, *rest = lines_of(lead + " ".join(short), width)
    assert " ".join([*first.split(), *" ".join(rest).split()])[-len(short[-1]) :] == short[-1]
    assert [*first.split(), *" ".join(rest).split()] == (lead + " ".join(short)).split()
    indents = {len(line) - len(line.lstrip()) for line in rest}
    assert len(indents) <= 1
    if rest and len(lead) <= width // 2:
        assert indents == {len(lead)}


@pytest.mark.parametrize("width", [40, 41, 80, 120, 200])
def test_a_line_is_as_full_as_it_can_be(width: int) -> None:
    lines = lines_of("1. " + "음악 sound " * 60, width)
    for line, following in pairwise(lines):
        assert cell_len(line) + 1 + cell_len(following.split()[0]) > width


def test_a_link_stays_whole() -> None:
    link = "https://freemusicarchive.org/search?quicksearch=" + "a" * 100
    assert lines_of(f"   see {link} there", 40) == ["   see", f"   {link}", "   there"]
    assert lines_of(f"1. by nobody ({link}). No", 40) == [
        "1. by nobody",
        f"   ({link}).",
        "   No",
    ]


def test_styles_stay_where_they_were() -> None:
    text = Text.from_markup("1. [bold]" + "one two " * 20 + "[/]by me")
    lines = list(wrapped(text, 40))
    assert len(lines) > 3
    for line in lines[:-1]:
        bold = [span for span in line.spans if span.style == "bold"]
        assert sum(span.end - span.start for span in bold) >= len(line.plain.strip()) - 3


def test_only_the_screen_prints_for_people() -> None:
    """Whatever else printed would not wrap."""
    for path in sorted((ROOT / "soundmap" / "cli").glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if is_call(node)]
        printed = {ast.unparse(call) for call in calls if called(call) == "print"}
        assert all("json" in it for it in printed), (path.name, printed)
        for call in calls:  # only tables and other pictures, which fit themselves
            shape = ast.unparse(call)
            assert not re.match(r"console\.print\(f?['\"]", shape), (path.name, shape)
        made = [call for call in calls if called(call) == "Console"]
        assert not made or path.name == "progress.py", path.name


def is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call)


def called(call: ast.AST) -> str:
    return str(getattr(getattr(call, "func", None), "id", ""))
