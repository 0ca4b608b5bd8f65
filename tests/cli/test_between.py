"""Options may stand anywhere among the words of a list."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundmap.cli.main import parse
from tests.cli.test_help import parsers
from tests.helpers.cli import run

VALUES = ("2", "90-110", "song.m3u8", "x")
"""Values of which each option reads one."""


def lists() -> dict[str, argparse.Action]:
    """The list of words of every command that has one."""
    return {
        command: action
        for command, parser in parsers().items()
        for action in parser._actions
        if action.nargs == argparse.ZERO_OR_MORE
    }


def words_of(action: argparse.Action) -> list[str]:
    return ["mel-cnn", "mfcc-cnn"] if action.dest == "rows" else ["a.mp3", "-", "3"]


def value_of(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    for value in (*(action.choices or ()), *VALUES):
        try:
            parser._get_value(action, value)
        except argparse.ArgumentError:
            continue
        return str(value)
    raise AssertionError(action)


def uses() -> Iterator[tuple[str, list[str]]]:
    """Every option of every command with a list, as one writes it."""
    for command in lists():
        parser = parsers()[command]
        for action in parser._actions:
            if action.option_strings and action.dest != "help":
                value = [] if action.nargs == 0 else [value_of(parser, action)]
                yield command, [action.option_strings[0], *value]


def test_several_commands_have_lists() -> None:
    assert set(lists()) == {"recommend", "genre", "mix", "path", "map", "ladder"}


@pytest.mark.parametrize(("command", "option"), tuple(uses()))
def test_an_option_may_stand_anywhere(command: str, option: list[str]) -> None:
    words = words_of(lists()[command])
    first = vars(parse([command, *option, *words]))
    assert first[lists()[command].dest] == words
    for at in range(1, len(words) + 1):
        assert vars(parse([command, *words[:at], *option, *words[at:]])) == first


@pytest.mark.parametrize("command", lists())
def test_many_options_may(command: str) -> None:
    (one, *more), dest = words_of(lists()[command]), lists()[command].dest
    options = parse([command, one, "--json", *more, "--bundle", "folder", one])
    assert vars(options)[dest] == [one, *more, one]
    assert options.json and options.bundle == Path("folder")


@pytest.mark.parametrize("command", sorted({*lists()} - {"ladder"}))
def test_words_that_look_like_options_go_behind_two_dashes(command: str) -> None:
    dest = lists()[command].dest
    for asked in (["--json", "--", "-b", "--c"], ["a", "--json", "--", "-b", "--c"]):
        behind = [word for word in asked if word not in ("--json", "--")]
        assert vars(parse([command, *asked]))[dest] == behind


@pytest.mark.parametrize("command", lists())
def test_what_is_unknown_between_words_stays_unknown(command: str) -> None:
    one, *more = words_of(lists()[command])
    done = run(command, one, "--sing", *more)
    assert done.returncode == 2 and "There is no option --sing" in done.stderr


def test_a_sound_is_piped_in_between(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with demo.open("rb") as sound:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(sound))
        done = run("genre", "-", "--json", demo)
    heard = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(heard) == 2
