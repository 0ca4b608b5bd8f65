"""Under a Korean locale all help is Korean, in ``soundmap`` and in ``soundmap-bot``."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from bot.command import command_parser
from bot.config.help_ko import ANSWERS as BOT_ANSWERS
from bot.config.help_ko import HELP as BOT_HELP
from soundmap.cli.main import build
from soundmap.cli.usage import word
from soundmap.wording.answers_ko import ANSWERS
from soundmap.wording.help_ko import HELP
from soundmap.wording.help_lab_ko import LAB_HELP
from soundmap.wording.usage_ko import USAGE
from tests.house.source import PRODUCT, name_of

HANGUL = re.compile("[가-힣]")
TABLES = (USAGE, HELP, LAB_HELP, BOT_HELP, BOT_ANSWERS, ANSWERS)
PLACES = re.compile(r"\{\w*[^}]*\}|%\(\w+\)s")


def all_parsers() -> list[argparse.ArgumentParser]:
    """Both programs' parsers and those of all their commands."""
    return [it for whole in (build(), command_parser()) for it in (whole, *commands_of(whole))]


def commands_of(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.values()


def actions_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """What its help lists: arguments, options and commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action._choices_actions
        else:
            yield action


def texts() -> Iterator[tuple[str, str]]:
    """(program, text) of all that help says, but for usage and examples themselves."""
    for parser in all_parsers():
        listed = (it for it in actions_of(parser) if it.help != argparse.SUPPRESS)
        yield from ((parser.prog, it.help or "") for it in listed)
        yield from ((parser.prog, it.title) for it in parser._action_groups if it.title)
        about, _, examples = (parser.epilog or "").rpartition(word("examples:"))
        yield from ((parser.prog, it) for it in (parser.description, about.strip()) if it)
        yield from ((parser.prog, it) for it in re.findall(r"\S {2,}(\S.*)", examples))


@pytest.fixture
def korean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")


@pytest.mark.usefixtures("korean")
def test_all_that_help_says_is_korean() -> None:
    found = list(texts())
    assert len(found) > 200
    assert [it for it in found if not it[1] or not HANGUL.search(word(it[1]))] == []


@pytest.mark.usefixtures("korean")
@pytest.mark.parametrize("width", [40, 57, 80, 200])
def test_korean_help_fits_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for parser in all_parsers():
        _, *told = parser.format_help().split("\n\n")  # the usage is argparse's
        lines = [line for line in "\n".join(told).splitlines() if "{" not in line]
        assert max(map(cell_len, lines)) <= width, parser.prog


def test_korean_help_has_the_facts_of_the_english() -> None:
    for table in TABLES:
        for english, spoken in table.items():
            assert sorted(PLACES.findall(english)) == sorted(PLACES.findall(spoken)), english
            for name in re.findall(r"--\w+|\bsoundmap \w+|\d[\d.]+\d|FOLDER", english):
                assert name in spoken, (english, name)


def test_every_line_of_the_tables_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no parser says in English would be left behind."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    said = "\n".join(text for _, text in texts())
    left = {**HELP, **LAB_HELP, **BOT_HELP}
    for english in left:
        pattern = ".+".join(map(re.escape, re.split(r"\{[^}]*\}", english)))
        assert re.search(pattern, said), english


def said_by(path: Path) -> Iterator[str]:
    """The English that a file hands over to be said in the language of the terminal."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {
        it.targets[0].id: it.value
        for it in ast.walk(tree)
        if isinstance(it, ast.Assign) and isinstance(it.targets[0], ast.Name)
    }
    for call in (it for it in ast.walk(tree) if isinstance(it, ast.Call) and it.args):
        if isinstance(call.func, ast.Name) and call.func.id in ("filled", "word"):
            text = call.args[0]
            text = named.get(text.id, text) if isinstance(text, ast.Name) else text
            if isinstance(text, ast.Constant):
                yield str(text.value)


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_what_is_said_in_the_language_of_the_terminal_has_korean(path: Path) -> None:
    known = {text for table in TABLES for text in table}
    assert set(said_by(path)) <= known
