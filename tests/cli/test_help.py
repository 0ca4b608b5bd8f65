"""What the command line says of itself: help with examples, names of options, what was meant."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from soundmap.cli.main import COMMANDS, build, parse
from tests.helpers.cli import run

OLD = {"--jobs": "--workers", "--output": "--out", "--picture": "--out", "--report": "--out"}
"""Names of options in earlier versions, and what they are called now."""


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parsers by command, the empty name for that of all."""
    whole = build()
    (commands,) = (it for it in whole._actions if isinstance(it, argparse._SubParsersAction))
    return {"": whole, **commands.choices}


def options() -> Iterator[tuple[str, argparse.Action]]:
    for command, parser in parsers().items():
        yield from ((command, it) for it in parser._actions if it.option_strings)


def examples(text: str) -> list[str]:
    """The examples at the end of a help text, without what stands behind them."""
    lines = text.partition("examples:\n")[2].splitlines()
    return [re.split(r"\s{2,}", line.strip())[0] for line in lines if line.startswith("  s")]


@pytest.mark.parametrize("command", parsers())
def test_every_help_has_examples_which_are_parsed(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    done = run(*command.split(), "--help")
    shown = examples(done.stdout)
    assert done.returncode == 0 and len(shown) >= 2
    for example in shown:
        program, *arguments = shlex.split(example)
        assert program == "soundmap"
        if arguments[-1] != "--help":
            assert parse(arguments).command == arguments[0]
    assert any(command in example for example in shown)


@pytest.mark.parametrize("width", [40, 57, 80, 200])
def test_help_fits_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for command in parsers():
        _, *told = run(*command.split(), "--help").stdout.split("\n\n")  # the usage is argparse's
        lines = [line for line in "\n".join(told).splitlines() if "{" not in line]
        assert max(map(cell_len, lines)) <= width, command


def test_options_of_one_meaning_have_one_name() -> None:
    flags: dict[str, set[tuple[str, ...]]] = {}
    for _, action in options():
        if action.help != argparse.SUPPRESS:
            flags.setdefault(action.dest, set()).add(tuple(action.option_strings))
    assert {name: kinds for name, kinds in flags.items() if len(kinds) > 1} == {}
    assert flags["out"] == {("-o", "--out")} and flags["workers"] == {("--workers",)}
    assert not set(OLD) & {flag for kinds in flags.values() for names in kinds for flag in names}


def test_old_names_of_options_work_unlisted() -> None:
    found = set()
    for _, action in options():
        for old in set(action.option_strings) & set(OLD):
            found.add(old)
            assert action.help == argparse.SUPPRESS
            now = next(it for _, it in options() if OLD[old] in it.option_strings)
            assert (action.dest, action.nargs) == (now.dest, now.nargs)
    assert found == set(OLD)
    assert parse(["index", "music", "--name", "m", "--jobs", "3"]).workers == 3
    assert parse(["index", "music", "--name", "m", "--workers", "3"]).workers == 3
    assert str(parse(["map"]).out) == str(parse(["map", "--output", "map.html"]).out) == "map.html"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("recomend a.mp3", "Did you mean recommend?"),
        ("catalog", "Did you mean catalogs?"),
        ("recommend {} --genre hiphop", "Did you mean Hip-Hop?"),
        ("recommend {} --genre electro", "Did you mean Electronic?"),
        ("recommend {} --license permisive", "Did you mean permissive?"),
        ("recommend {} --license knwon", "Did you mean known?"),
        ("recommend {} --instrumetal", "There is no option --instrumetal. Did you mean"),
        ("genre {} --strat=1:30", "Did you mean --start?"),
        ("path 2 141 --licence by", "Did you mean --license?"),
        ("path 2 141 --genre folc", "Did you mean Folk?"),
        ("catalogs --show fmaa", "Did you mean fma?"),
    ],
)
def test_what_may_have_been_meant_is_asked(asked: str, said: str, demo: object) -> None:
    done = run(*asked.format(demo).split())
    assert done.returncode == 2 and said in done.stderr
    as_json = run(*asked.format(demo).split(), "--json")
    assert said in json.loads(as_json.stdout)["error"]["message"]


def test_nothing_is_made_up_of_what_is_like_nothing() -> None:
    for asked in (["sing"], *(["path", "2", "5", "--genre", it] for it in ("Polka", "", "?"))):
        done = run(*asked)
        assert done.returncode == 2 and "Did you mean" not in done.stderr
        assert "Choose one of" in done.stderr


def test_all_commands_are_there() -> None:
    assert len(parsers()) == len(COMMANDS) + 2  # recommend brings genre; the whole
