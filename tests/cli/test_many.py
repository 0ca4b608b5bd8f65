"""Many sounds in one command, and a sound on standard input."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.cli import run
from tests.helpers.sounds import music, write

COMMAND = [sys.executable, "-m", "soundmap"]


@pytest.fixture
def songs(tmp_path: Path, demo: Path) -> list[Path]:
    """Two songs with something between them that is none."""
    (tmp_path / "b.mp3").write_text("no music")
    return [
        Path(shutil.copy(demo, tmp_path / "a [x].wav")),
        tmp_path / "b.mp3",
        write(tmp_path / "c.wav", music(20), 44_100),
    ]


@pytest.mark.parametrize("command", ["genre", "recommend"])
def test_each_is_a_line_of_json_and_a_bad_one_stops_no_other(
    command: str, songs: list[Path]
) -> None:
    done = run(command, *songs, "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1 and done.stderr == ""
    assert [it.pop("source") for it in found] == list(map(str, songs))
    assert found[1]["error"]["code"] == "not_audio"
    for song, document in ((songs[0], found[0]), (songs[2], found[2])):
        assert document == json.loads(run(command, song, "--json").stdout)


@pytest.mark.parametrize("command", ["genre", "recommend"])
def test_each_is_titled_by_its_name(command: str, songs: list[Path]) -> None:
    done = run(command, *songs)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line for line in lines if line in map(str, songs)] == [str(songs[0]), str(songs[2])]
    assert done.stderr.splitlines() == [
        f"soundmap: {songs[1]}: {run(command, songs[1]).stderr.removeprefix('soundmap: ').strip()}"
    ]
    assert run(command, songs[0], songs[2]).returncode == 0


def test_one_is_named_even_where_the_sentence_has_its_name_as_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    assert run("genre", "file", "gone").stderr.splitlines() == [
        "soundmap: file: The file is empty.",
        "soundmap: There is no file gone.",
    ]


@pytest.mark.parametrize("wish", [("--genre", "Polka"), ("--license", "mine"), ("--tempo", "x")])
def test_what_is_wrong_with_the_request_is_said_once(
    songs: list[Path], wish: tuple[str, str]
) -> None:
    done = run("recommend", *songs, *wish)
    assert (done.returncode, done.stdout) == (2, "")
    assert len([line for line in done.stderr.splitlines() if line.startswith("soundmap")]) == 1


def test_filters_and_credits_hold_for_each(songs: list[Path]) -> None:
    asked = ("recommend", songs[0], songs[2], "-n", "2", "--license", "by-sa+", "--page", "--clean")
    documents = [json.loads(line) for line in run(*asked, "--json").stdout.splitlines()]
    picks = [pick for document in documents for pick in document["picks"]]
    assert len(picks) == 4 and all(pick["url_kind"] == "page" for pick in picks)
    assert {pick["license_url"].split("/")[4] for pick in picks} <= {"by", "by-sa", "zero", "mark"}
    shown = run(*asked, "--credits").stdout.splitlines()
    assert [f"{it['rank']}. {it['credit']}" for it in picks] == [
        line for line in shown if "licensed under" in line or "public domain:" in line
    ]


def test_a_map_of_several_takes_them_too(songs: list[Path], tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    done = run("map", songs[0], songs[2], "-o", page, "--tempo", "1-2", "--json")
    assert [it["picks"] for it in json.loads(done.stdout)["sounds"]] == [[], []]


@pytest.mark.process
@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_a_sound_may_be_piped_in(suffix: str, tmp_path: Path) -> None:
    song = write(tmp_path / f"song{suffix}", music(20), 44_100)
    known = json.loads(run("genre", song, "--json").stdout)
    before = set(tmp_path.iterdir())
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with song.open("rb") as sound:
        command = [*COMMAND, "genre", "-", "--json"]
        done = subprocess.run(command, stdin=sound, capture_output=True, env=env, check=True)
    assert json.loads(done.stdout) == known
    assert set(tmp_path.iterdir()) == before


@pytest.mark.process
def test_a_keyboard_is_no_sound_and_nothing_is_empty() -> None:
    ours, theirs = pty.openpty()
    asked = {"stdin": theirs, "capture_output": True, "text": True, "timeout": 60}
    done = subprocess.run([*COMMAND, "genre", "-"], check=False, **asked)  # type: ignore[call-overload]
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 2 and "Nothing is piped in" in done.stderr
    with Path(os.devnull).open("rb") as nothing:
        command = [*COMMAND, "genre", "-"]
        done = subprocess.run(command, stdin=nothing, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Nothing came in" in done.stderr


@pytest.mark.process
def test_progress_goes_to_the_terminal_and_answers_to_the_file(
    songs: list[Path], tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    with (tmp_path / "out.jsonl").open("w") as out:
        command = [*COMMAND, "genre", *map(str, songs), "--json"]
        env = {**os.environ, "TERM": "xterm-256color"}
        with subprocess.Popen(command, stdout=out, stderr=theirs, env=env) as process:
            os.close(theirs)
            seen = b""
            while part := _read(ours):
                seen += part
    os.close(ours)
    assert process.returncode == 1
    assert "1 of 3: " in seen.decode() and "3 of 3: " in seen.decode()
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 3


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, 4096)
    except OSError:  # the other side is closed
        return b""


def test_a_map_is_made_of_the_sounds_that_can_be_heard(songs: list[Path], tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    done = run("map", *songs, "-o", page, "--json")
    facts = json.loads(done.stdout)
    assert done.returncode == 1 and page.exists()
    assert [it["name"] for it in facts["sounds"]] == ["a [x].wav", "c.wav"]
    assert [it["source"] for it in facts["failed"]] == [str(songs[1])]
    page.unlink()
    done = run("map", songs[1], tmp_path / "none.mp3", "-o", page)
    assert done.returncode == 1 and done.stderr.count("soundmap: ") == 2 and not page.exists()
