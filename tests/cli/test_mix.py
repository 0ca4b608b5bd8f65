"""``soundmap mix``: several sounds in, one list out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundmap.playlists.reading import read_playlist
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


@pytest.fixture
def playlist(sounds: list[Path], tmp_path: Path) -> Path:
    """A playlist of files, a page of the catalog, and what is not there."""
    page = "http://freemusicarchive.org/music/AWOL/AWOL_-_A_Way_Of_Life/Food"
    listed = tmp_path / "list.m3u8"
    listed.write_text("\n".join(["#EXTM3U", *map(str, sounds), "gone.mp3", page]), "utf-8")
    return listed


def test_a_playlist_is_taken_as_sounds_and_what_is_gone_is_said(playlist: Path) -> None:
    found = answer("mix", "--playlist", playlist, "--without", "141")
    assert [it["name"] for it in found["seeds"]] == ["0.wav", "1.wav", "2.wav", "AWOL - Food"]
    assert len(found["picks"]) == 10
    assert {it["seed"] for it in found["picks"]} >= {3}
    gone = playlist.parent / "gone.mp3"
    assert found["notes"][0]["message"] == f"{gone} is left out: There is no file {gone}."


def test_several_playlists_are_taken_together(playlist: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pls"
    other.write_text("[playlist]\nFile1=0.wav\n", "utf-8")
    (tmp_path / "0.wav").write_bytes(
        (write(tmp_path / "x.wav", music(6, seed=9), 44_100)).read_bytes()
    )
    found = answer("mix", "--playlist", playlist, "--playlist", other)
    assert [it["name"] for it in found["seeds"]][:5] == [
        "0.wav",
        "1.wav",
        "2.wav",
        "AWOL - Food",
        "0.wav",
    ]


def test_a_playlist_or_a_folder_among_sounds_is_told_where_it_goes(playlist: Path) -> None:
    for list_like in (playlist, playlist.parent):
        assert "go behind --playlist" in run("mix", list_like).stderr
        assert "go behind --playlist" in run("mix", "2", list_like, "-n", 1).stdout
    assert "There is no file ./gone.mp3.\n" in run("mix", "./gone.mp3").stderr


def test_an_empty_name_is_not_the_folder_one_is_in() -> None:
    assert "There is no file and no track" in run("mix", "").stderr
    done = run("mix", "--playlist", "")
    assert (done.returncode, done.stdout) == (2, "") and "cannot be read" in done.stderr


def test_a_folder_is_a_playlist_too(sounds: list[Path]) -> None:
    found = answer("mix", "--playlist", sounds[0].parent, "-n", 5)
    assert [it["name"] for it in found["seeds"]] == ["0.wav", "1.wav", "2.wav"]


def test_a_smooth_order_has_the_same_tracks_in_steps_that_are_no_longer(playlist: Path) -> None:
    ranked, smooth = (
        answer("mix", "--playlist", playlist, "-n", 20, "--order", it) for it in ("rank", "smooth")
    )
    of = [sorted(it["track_id"] for it in found["picks"]) for found in (ranked, smooth)]
    assert of[0] == of[1]
    assert [it["rank"] for it in smooth["picks"]] == list(range(1, 21))
    assert max(smooth["steps"]) <= max(ranked["steps"])


def test_of_very_many_sounds_some_are_heard_and_that_is_said(tmp_path: Path) -> None:
    listed = tmp_path / "long.m3u8"
    listed.write_text("#EXTM3U\n" + "\n".join(f"gone {it % 450}.mp3" for it in range(900)), "utf-8")
    found = answer("mix", "2", "--playlist", listed)
    assert found["notes"][0]["code"] == "some_seeds"
    assert "151 of 451" in found["notes"][0]["message"]


def test_a_mix_is_written_for_a_player_in_its_order(playlist: Path, tmp_path: Path) -> None:
    target = tmp_path / "more.m3u8"
    found = answer("mix", "--playlist", playlist, "-n", 6, "--order", "smooth", "-o", target)
    written = read_playlist(target).entries
    assert [it.title for it in written] == [it["title"] for it in found["picks"]]
