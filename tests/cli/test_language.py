"""The command line in the language of its terminal's locale."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from soundmap.cli.surroundings import language
from tests.helpers.cli import Done, answer, run

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
    ]
    for arguments in asked:
        done = korean(monkeypatch, *arguments)
        assert done.returncode == 0 and HANGUL.search(done.stdout), done
        for english in ("Heard as", "Not sure", "license:", " by ", "distance", "both ", "From "):
            assert english not in re.sub("https?://.*|번들.*", "", done.stdout), (arguments, done)


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
