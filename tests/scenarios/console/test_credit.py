"""Credit and filters in the console, piped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundmap.bundle.listener import Listener
from soundmap.catalog.strong import is_strong
from tests.scenarios.console.test_console import own_database, piped
from tests.scenarios.discord.corner import corner_of

__all__ = ["own_database"]  # a fixture


def test_a_line_of_credit_can_be_copied(demo: Path) -> None:
    done = piped(
        "/credit 1",
        f"/recommend {demo} --license by --page -n 2",
        "/credit 2",
        "/credit",
        "/credit 9",
        f"/recommend {demo} --license by --page -n 2 --credits",
    )
    lines = [line for line in done.stdout.splitlines() if "is licensed under CC BY" in line]
    assert [line[:2] for line in lines] == ["2.", "1.", "2.", "1.", "2."]
    assert all("https://creativecommons.org/licenses/by/" in line for line in lines)
    assert "   page: http" in done.stdout and "search:" not in done.stdout
    assert "There is no list yet" in done.stderr and "no number 9" in done.stderr


def test_what_is_forgotten_is_credited_no_more(demo: Path) -> None:
    done = piped(str(demo), "/forget yes", "/credit", "/like 1")
    assert done.returncode == 0 and done.stderr.count("There is no list yet") == 2


def test_several_sounds_are_each_filtered_and_credited(demo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(demo.read_bytes())
    done = piped(f"/recommend {demo} {other} --license by --page -n 2 --credits", "/clean onn")
    assert done.stdout.count("is licensed under CC BY") == 4
    assert str(other) in done.stdout and "Did you mean on?" in done.stderr


def test_strong_language_is_left_out_once_and_for_all(demo: Path, listener: Listener) -> None:
    corner = corner_of(listener)
    asked = f"/recommend {demo} -n 10 --genre {corner['genre']} --tempo {corner['tempo']}"
    done = piped(
        "/clean", f"{asked} --json", f"{asked} --clean --json", "/clean on", f"{asked} --json"
    )
    documents = [json.loads(line) for line in done.stdout.splitlines() if line[:1] == "{"]
    before, once, after = (
        [f"{it['artist']} {it['title']}" for it in document["picks"]] for document in documents
    )
    assert any(map(is_strong, before))
    assert before and not any(map(is_strong, once + after)) and once == after
    assert "may have strong language" in done.stdout and "leave out strong" in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--tempo 1-2 --clean", "Nothing is left that passes: 1 to 2 BPM."),
        ("--license cc0 --genre Rock --tempo 60-61", "Nothing is left that passes: genre Rock and"),
    ],
)
def test_an_empty_list_names_its_filters(demo: Path, options: str, said: str) -> None:
    assert said in piped(f"/recommend {demo} {options}").stdout


def test_filters_that_cannot_be_are_told(demo: Path) -> None:
    done = piped(f"/recommend {demo} --tempo fast", f"/recommend {demo} --license mine")
    assert "write a range of BPM" in done.stderr and "by-nc-nd+" in done.stderr
