"""``soundmap mix``: several sounds in, one list out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.cli import answer, run
from tests.helpers.sounds import music, write


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three files that can be heard."""
    folder = tmp_path_factory.mktemp("sounds")
    return [write(folder / f"{it}.wav", music(6, seed=it), 44_100) for it in range(3)]


def test_files_and_tracks_are_mixed_and_each_pick_names_its_sound(sounds: list[Path]) -> None:
    found = answer("mix", sounds[0], sounds[1], "AWOL - Food", "--without", "141", "-n", 4)
    names = [it["name"] for it in found["seeds"]]
    assert names == ["0.wav", "1.wav", "AWOL - Food"]
    assert [it["track_id"] for it in found["without"]] == [141]
    assert len(found["picks"]) == 4
    shown = run("mix", sounds[0], sounds[1], "AWOL - Food", "--without", "141", "-n", 4).stdout
    for pick in found["picks"]:
        assert f"nearest to {names[pick['seed']]}: {', '.join(pick['reasons'])}" in shown


def test_processes_hear_what_one_hears(sounds: list[Path]) -> None:
    one, two = (answer("mix", *sounds, sounds[0], "--workers", it) for it in (1, 2))
    assert one == two
    alone = answer("mix", sounds[0], "--same-artists")["picks"]
    plain = answer("recommend", sounds[0], "-n", 10)["picks"]
    assert [{**it, "seed": 0} for it in plain] == alone


def test_a_refused_sound_does_not_lose_the_others(sounds: list[Path], tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp3"
    empty.touch()
    found = answer("mix", empty, *sounds, "no such track", "--without", empty)
    assert len(found["seeds"]) == 3
    assert len(found["picks"]) == 10
    assert [it["code"] for it in found["notes"][:3]] == ["not_heard"] * 3
    done = run("mix", empty, tmp_path, "no such track", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "none_heard"


def test_a_mix_of_nothing_asks_for_a_sound() -> None:
    done = run("mix", "--without", "2")
    assert done.returncode == 2
    assert "at least one sound" in done.stderr


def test_an_empty_mix_says_why_in_korean_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    shown = run("mix", "2", "141", "--without", "190", "--tempo", "300-").stdout
    assert "기준: AWOL - Food · " in shown
    assert "피할 소리: " in shown
    assert "남은 곡이 없습니다" in shown
    assert "300 BPM 이상" in shown
