"""The command line in the language of its terminal's locale."""

from __future__ import annotations

import argparse
import ast
import json
import re
import shutil
from pathlib import Path

import pytest

from soundmap.cli.surroundings import language
from soundmap.wording.usage_ko import USAGE
from tests.helpers.cli import Done, answer, run
from tests.house.source import PRODUCT, name_of

HANGUL = re.compile("[가-힣]")


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("settings", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko"}, "ko"),
        ({"LANG": "KO_kr@euro"}, "ko"),
        ({"LANG": "kok_IN"}, "en"),  # Konkani
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.eucKR"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "C"}, "en"),
        ({"LC_ALL": "ko_KR.UTF-8", "LC_MESSAGES": "en_US", "LANG": "en_US"}, "ko"),
        ({"LC_ALL": "", "LANG": "ko_KR"}, "ko"),
        ({"LC_ALL": "C.UTF-8", "LANG": "ko_KR"}, "en"),
    ],
)
def test_the_locale_says_the_language(
    settings: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert language() == spoken


def korean(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> Done:
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    return run(*arguments)


def test_answers_are_korean_but_for_names(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = [
        ("genre", demo),
        ("recommend", demo, "-n", "2"),
        ("path", demo, "2", "-n", "2"),
        ("map", "-o", tmp_path / "map.html"),
        ("index", demo.parent, "--name", "mine", "--catalogs", tmp_path / "shelf"),
        ("catalogs", "--catalogs", tmp_path / "shelf"),
        ("catalogs", "--show", "mine", "--catalogs", tmp_path / "shelf"),
        ("catalogs", "--remove", "mine", "--yes", "--catalogs", tmp_path / "shelf"),
    ]
    for arguments in asked:
        done = korean(monkeypatch, *arguments)
        assert done.returncode == 0 and HANGUL.search(done.stdout), done
        for english in (
            "Heard as",
            "Not sure",
            "license:",
            " by ",
            "distance",
            "both ",
            "From ",
            " heard",
            "tracks",
        ):
            assert english not in re.sub("https?://.*|번들.*", "", done.stdout), (arguments, done)


def test_why_files_cannot_be_heard_is_korean_but_in_json(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    music = tmp_path / "music"
    music.mkdir()
    shutil.copy(demo, music)
    (music / "bad.mp3").write_text("no sound")
    asked = ("index", music, "--name", "mine", "--catalogs", tmp_path / "shelf")
    done = korean(monkeypatch, *asked)
    (line,) = (line for line in done.stdout.splitlines() if "bad.mp3" in line)
    assert HANGUL.search(line) and "not audio" not in line
    (failed,) = json.loads(korean(monkeypatch, *asked, "--json").stdout)["failed"]
    assert "not audio" in failed["reason"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("genre", "/nowhere.mp3"),
        ("recommend", "/nowhere.mp3", "--genre", "Jaz"),
        ("path", "2"),
        ("path", "2", "141", "-o", "song.mp3"),
        ("map", "-o", "song.mp3"),
        ("genre", "x.mp3", "--bundle", "/nowhere"),
        ("recommend", "x.mp3", "--catalog", "mein"),
        ("recomend", "x.mp3"),
    ],
)
def test_errors_are_korean_and_json_is_the_same_everywhere(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    english = run(*arguments, "--json")
    done = korean(monkeypatch, *arguments)
    assert done.returncode in (1, 2) and HANGUL.search(done.stderr), done
    assert run(*arguments, "--json") == english


def test_a_document_is_the_same_in_every_language(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = answer("recommend", demo)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert answer("recommend", demo) == english


NOT_FOR_PEOPLE = re.compile(
    r"conflict|__call__|'required'|must be optional|callable|two groups|must start with|dest="
    r"|multiple subparser|with mode|%\(heading\)s"
)
"""What argparse says to who writes a program, and what has no words."""


def said_by_argparse() -> set[str]:
    """All that this Python's argparse has translated."""
    tree = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (
        it for it in calls if isinstance(it.func, ast.Name) and it.func.id in ("_", "ngettext")
    )
    texts = (text for call in named for text in call.args[:2] if isinstance(text, ast.Constant))
    return {str(text.value) for text in texts}


def test_argparse_says_in_korean_what_it_says_to_people() -> None:
    known = said_by_argparse()
    assert {text for text in known - set(USAGE) if not NOT_FOR_PEOPLE.search(text)} == set()
    for english, spoken in USAGE.items():
        facts = re.findall(r"%(?:\(\w+\))?[sr]", english)
        assert sorted(facts) == sorted(re.findall(r"%(?:\(\w+\))?[sr]", spoken)), english


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["recommend", "--help"], "사용법: soundmap recommend"),
        (["--help"], "옵션:"),
        (["genre", "--help"], "예:"),
        (["recommend", "x", "--count"], "오류: 인자 -n/--count: 값이 하나 필요합니다."),
        (["recommend", "x", "-n", "0"], "0: 1에서 100까지의 정수를 적어 주세요."),
        (["recommend", "x", "--start", "soon"], "soon: 1:30이나 90 같은 시각을 적어 주세요."),
        (["simulate", "--noise", "half"], "half: 0에서 0.5까지의 수를 적어 주세요."),
        (["simulate", "--noise", "0.7"], "0.7: 0에서 0.5까지의 수를 적어 주세요."),
        (["index", "m", "--name", "m", "--cluster", "here"], "here: tcp://10.0.0.1:8786 같은 주소"),
        (["ladder", "mel-cn"], "혹시 mel-cnn인가요?"),
        (["evaluate", "--data", "t", "--set", "pared=0"], "혹시 paired인가요?"),
        (["evaluate", "--data", "t", "--set", "paired=x"], "x: 수를 적어 주세요."),
        (["train", "--epochs", "x"], "'x': 알맞은 값(int)이 아닙니다."),
        ([], "다음 인자가 필요합니다: COMMAND"),
        (["check", "one", "two"], "알 수 없는 인자: one two"),
    ],
)
def test_usage_is_korean_too_and_json_is_not(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = korean(monkeypatch, *arguments)
    told = done.stdout + done.stderr
    assert said in " ".join(told.split()) and not re.search("usage:|options:|error:", told)
    if done.returncode:
        assert not HANGUL.search(korean(monkeypatch, *arguments, "--json").stdout)


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_wrong_values_are_told_by_our_own_sentences(path: Path) -> None:
    """argparse prints the text of an ArgumentTypeError as it is, in one language."""
    assert "ArgumentTypeError" not in path.read_text(encoding="utf-8")
