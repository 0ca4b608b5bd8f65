"""Mixes in the console: named at once, or gathered within the hour."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from soundmap.bundle.listener import Listener
from soundmap.catalog.names import name_of
from soundmap.playlists.reading import read_playlist
from tests.helpers.sounds import music, write
from tests.scenarios.console.test_console import Chat


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    made = Chat(tmp_path_factory.mktemp("chat"))
    yield made
    assert made.quit() == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("music")
    for number, name in enumerate(("a.wav", "my b.wav")):
        write(made / name, music(6, seed=number), 44_100)
    (made / "notes.mp3").write_text("no sound at all")
    return made


@pytest.fixture(scope="module")
def name(listener: Listener) -> str:
    return name_of(listener.catalog.track(1_000))


def test_files_and_tracks_are_mixed_and_each_pick_says_to_which_it_is_nearest(
    chat: Chat, folder: Path, name: str
) -> None:
    line = f"/mix {folder}/a.wav '{folder}/my b.wav' \"{name}\" -n 6"
    said = chat.say(line).stdout
    for begins in ("A mix of 3 sounds", "A · a.wav", "B · my b.wav", f"C · {name}"):
        assert f"\n{begins}" in f"\n{said}"
    assert said.count("nearest to ") == 6 and "\n6. " in said
    why = chat.say("/why").stdout
    made = chat.say(line.replace("/mix", "/mix make")).stdout
    assert made.strip() and made in said
    assert "nearest to" in why and "\nC · " in why and "Your sound" not in why
    assert "A mix of 3 sounds" in chat.say("/another").stdout
    assert "Kept: you like number 1" in chat.say("/like 1").stdout


def document(chat: Chat, line: str) -> dict[str, Any]:
    return dict(json.loads(chat.say(line).stdout.strip().split("\n")[0]))


def test_without_stays_away_and_json_is_one_line(chat: Chat, folder: Path, name: str) -> None:
    told = document(chat, f'/mix "{name}" without {folder}/a.wav -n 3 --json')
    assert [it["name"] for it in told["seeds"]] == [name]
    assert [it["name"] for it in told["without"]] == ["a.wav"]
    assert [it["seed"] for it in told["picks"]] == [0, 0, 0]
    same = document(chat, f'/mix "{name}" --without {folder}/a.wav -n 3 --json')
    assert same["picks"] == told["picks"]


def test_one_refused_sound_is_named_and_does_not_lose_the_others(chat: Chat, folder: Path) -> None:
    said = chat.say(f"/mix {folder}/a.wav {folder}/notes.mp3 {folder}/gone.wav -n 2").stdout
    assert "A mix of one sound" in said and "\n2. " in said
    assert "Left out: notes.mp3. " in said and "gone.wav. There is no" in said
    none = chat.say(f"/mix {folder}/notes.mp3 {folder}/gone.wav").stderr
    assert "None of these sounds can be used." in none
    assert none.count("Left out: ") == 2


def test_sounds_are_gathered_shown_mixed_and_cleared(chat: Chat, folder: Path, name: str) -> None:
    assert "kept for an hour. /mix add SOUND" in chat.say("/mix show").stderr
    assert "A · my b.wav" in chat.say(f"/mix add {folder}/my b.wav").stdout
    chat.say(f'/mix "{name}" -n 5')
    said = chat.say("/mix add 2 4").stdout
    assert "mix here: 2." in said and "\nC · " in said and "Kept for an hour." in said
    assert "already: 1." in chat.say("/mix add 4").stdout
    assert "no number 9" in chat.say("/mix add 9").stderr
    shown = chat.say("/mix show").stdout
    assert "\nC · " in shown and "**" not in shown
    assert "A mix of 3 sounds" in chat.say("/mix -n 4").stdout
    assert "Your mix is empty now." in chat.say("/mix clear").stdout
    assert "Your mix is empty: " in chat.say("/mix").stderr


def test_of_an_empty_list_it_is_said_that_it_is_empty(chat: Chat) -> None:
    assert "Nothing is left that passes" in chat.say("/mix #2 --tempo 300-").stdout
    for command in ("/like 1", "/more 1", "/credit 1", "/hide 2"):
        assert "The last list is empty." in chat.say(command).stderr
    assert "A mix of one sound" in chat.say("/mix 2").stdout  # a track's, as before any list


def test_its_list_is_saved_for_a_player_under_its_own_title(
    chat: Chat, name: str, tmp_path: Path
) -> None:
    chat.say(f'/mix "{name}" -n 4')
    assert "(tracks: 4)" in chat.say(f"/save {tmp_path / 'mix.xspf'}").stdout
    saved = read_playlist(tmp_path / "mix.xspf")
    assert len(saved.entries) == 4
    assert saved.title == "A mix of one sound"


def test_what_does_not_fit_or_is_not_there_is_said(chat: Chat, listener: Listener) -> None:
    five = " ".join(f"#{it}" for it in listener.catalog.track_ids[:500:100])
    assert "\nE · " in chat.say(f"/mix add {five}").stdout
    assert "no more fit. /mix clear" in chat.say("/mix add #2").stderr
    assert (
        "5 sounds at most, not 6"
        in chat.say(f"/mix {five} #{listener.catalog.track_ids[1]}").stderr
    )
    assert "Say what to add" in chat.say("/mix add").stderr
    for behind in ("without #2", "--genre Rock"):
        assert "Only sounds go behind" in chat.say(f"/mix add #2 {behind}").stderr
    assert "/mix does not work like that" in chat.say("/mix #2 --nonsense").stderr
