"""What Tab makes of a line."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from bot.console import english, korean
from bot.console.completing import CATALOGS, PATHS, Completer, paths
from bot.console.prompt import words
from soundmap.catalog.licenses import LICENSES
from soundmap.cli.main import parse

TAKES = {
    "/like": (),
    "/map": ("taste",),
    "/catalog": (CATALOGS,),
    "/genre": (PATHS,),
    "/recommend": (PATHS, "--page", "--roam closer", "--roam wide", "--roam wider"),
    "/path": (PATHS,),
    "/export": (PATHS,),
}

FILTERS = {"--genre", "--license", "--page", "--clean", "--instrumental", "--tempo"}


@pytest.fixture
def completer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Completer:
    music = tmp_path / "My Music (old)"
    music.mkdir()
    for name in ("a song.mp3", "another's.wav", "노래.mp3", ".hidden.mp3", "line\nbreak.mp3"):
        (music / name).write_bytes(b"")
    (tmp_path / "alone.mp3").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return Completer(TAKES, lambda: ["fma", "mine"])


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("/lik", ["/like "]),
        ("/MA", ["/map "]),
        ("/map ", ["/map taste "]),
        ("/map t", ["/map taste "]),
        ("/like ", []),
        ("/catalog m", ["/catalog mine "]),
        ("/catalog ", ["/catalog fma ", "/catalog mine "]),
        ("al", ["alone.mp3"]),
        ("M", ["My Music (old)/"]),
        ("My M", ["My Music (old)/"]),
        ("My Music (old)/a ", ["My Music (old)/a song.mp3"]),
        ("My Music (old)/노", ["My Music (old)/노래.mp3"]),
        (r"My\ Music\ \(old\)/ano", [r"My\ Music\ \(old\)/another\'s.wav"]),
        ("'My Music (old)/a s", ["'My Music (old)/a song.mp3'"]),
        ('"My Mus', ['"My Music (old)/']),
        ("~/al", ["~/alone.mp3"]),
        (r"~/My\ M", [r"~/My\ Music\ \(old\)/"]),
        ("/genre al", ["/genre alone.mp3"]),
        ("/genre alone.mp3 al", ["/genre alone.mp3 alone.mp3"]),
        ("/genre alone.mp3 'My", ["/genre alone.mp3 'My Music (old)/"]),
        ("/recommend --pa", ["/recommend --page "]),
        ("/recommend alone.mp3 --PAGE", ["/recommend alone.mp3 --page "]),
        ("/recommend a b.mp3 --roam c", ["/recommend a b.mp3 --roam closer "]),
        ("/recommend --roam wide --p", ["/recommend --roam wide --page "]),
        ("/recommend --page al", ["/recommend --page alone.mp3"]),
        ("/recommend --x", []),
        ("/genre --", []),
        ("/path al", ["/path alone.mp3"]),
        ("/path alone.mp3 -> al", ["/path alone.mp3 -> alone.mp3"]),
        ("/export x", []),
        ("nowhere/x", []),
        ("~nobody-here/x", []),
        ("\x00", []),
    ],
)
def test_a_line_is_completed(completer: Completer, typed: str, offered: list[str]) -> None:
    assert completer.lines(typed) == offered


def test_what_is_hidden_is_offered_when_it_is_begun(completer: Completer) -> None:
    assert len(completer.lines("My Music (old)/")) == 3
    assert completer.lines("My Music (old)/.") == ["My Music (old)/.hidden.mp3"]


def test_a_path_from_the_root_may_begin_like_a_command(completer: Completer) -> None:
    offered = completer.lines("/e")
    assert "/export " in offered and "/etc/" in offered


def test_every_offer_goes_on_where_the_line_ended(completer: Completer) -> None:
    for typed in ("", "a", "/", "M", "/genre ", "/path a -> ", "/tm"):
        for offer in completer.lines(typed):
            assert offer.startswith(typed) and offer != typed


def test_a_catalog_that_cannot_be_asked_for_is_not_offered() -> None:
    def gone() -> list[str]:
        raise TimeoutError

    assert Completer(TAKES, gone).lines("/catalog ") == []


@pytest.mark.parametrize("command", ["/recommend", "/path"])
def test_filters_and_credits_are_offered_with_their_choices(command: str) -> None:
    offered = [it for it in words(command) if it.startswith("--")]
    assert FILTERS | {"--credits"} <= {it.split()[0] for it in offered}
    assert {f"--license {it}" for it in LICENSES} <= set(offered)
    assert not any(it.startswith(("--bundle", "--help", "--out", "--picture")) for it in offered)
    values = {"--tempo": "90-110", "--windows": "2", "--start": "1:30"}
    for option in offered:
        value = [values.get(option, "5")] if _wants_value(option) else []
        assert parse([command[1:], *option.split(), *value]).command == command[1:]


def _wants_value(option: str) -> bool:
    return option in {"--genre", "--tempo", "--count", "--catalog", "--windows", "--start"}


def test_help_names_every_filter() -> None:
    for table in (english, korean):
        text = dict(table.HELP[1:2]).popitem()[1]
        assert all(name in text for name in FILTERS | {"--credits"})


def test_commands_that_take_no_sound_offer_no_option() -> None:
    assert [it for it in (*words("/export"), *words("/clean")) if it[:2] == "--"] == []


def test_a_name_is_completed_however_its_letters_are_composed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    apart = unicodedata.normalize("NFD", "각시.mp3")
    Path(apart).touch()
    for typed in ("각", unicodedata.normalize("NFD", "각")):
        assert paths(typed) == [apart]
