"""Every option that a command of the console shares with ``soundmap`` is obeyed or refused."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bot.config.table import TABLE
from bot.console.prompt import COMMANDS, words
from soundmap.bundle.listener import Listener
from soundmap.catalog.strong import is_strong
from soundmap.cli.main import build, main
from soundmap.paths.find import End, find_path
from soundmap.recommendation.request import Request
from tests.helpers.sounds import music, write
from tests.scenarios.console.test_console import Chat

SHARED = [command.like for command in COMMANDS.values() if command.like]
VALUES = {
    "allow_private": "nas.local",
    "bundle": "models/overview",
    "catalog": "mine",
    "catalogs": ".",
    "compare": "2",
    "count": "3",
    "genre": "Rock",
    "license": "by-nc-sa",
    "metric": "cosine",
    "order": "smooth",
    "out": "list.m3u8",
    "playlist": "list.m3u8",
    "roam": "wider",
    "start": "0:40",
    "tempo": "90-100",
    "windows": "1",
    "without": "#1040",
    "workers": "2",
}
"""A value for each option that takes one, other than the one it has anyway."""

REFUSED = ("does not work in this chat", "cannot change while I run")


def options() -> list[tuple[str, str]]:
    """Each command with each spelling of each option and a value."""
    (commands,) = (it for it in build()._actions if isinstance(it, argparse._SubParsersAction))
    return [
        (command, flag if action.nargs == 0 else f"{flag} {VALUES[action.dest]}")
        for command in SHARED
        for action in commands.choices[command]._actions
        for flag in action.option_strings
        if action.dest != "help"
    ]


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound whose parts differ."""
    parts = [music(30, seed=seed) * (0.2 if seed else 1) for seed in range(3)]
    return write(tmp_path_factory.mktemp("song") / "song.wav", np.concatenate(parts), 44_100)


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory, song: Path) -> Iterator[Chat]:
    """A console that has a catalog of one's own, with the sound in it."""
    folder = tmp_path_factory.mktemp("chat")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOUNDMAP_HOME", str(folder))
        assert main(["index", str(song.parent), "--name", "mine", "--workers", "1"]) == 0
        made = Chat(folder)
    yield made
    assert made.quit() == 0


@pytest.fixture(scope="module")
def ends(listener: Listener) -> list[str]:
    """Two tracks with one between them whose title has strong language."""
    catalog = listener.catalog
    tracks = [catalog.track(row) for row in range(len(catalog))]
    analyses = [listener.manifest.analysis_of(catalog, row) for row in range(len(catalog))]
    last = End(analyses[0], tracks[0])
    for heard, track in zip(analyses, tracks, strict=True):
        if is_strong(track.title):
            way = find_path(End(heard, track), last, catalog, Request(8))
            if any(is_strong(it.track.title) for it in way.picks):
                return [f"#{it.track_id}" for it in (track, tracks[0])]
    raise AssertionError


@pytest.fixture(scope="module")
def plain(chat: Chat) -> Callable[[str], str]:
    """What the console answers to a line, asked once."""
    chat.say("/about")  # the welcome comes before the first answer
    return cache(lambda line: chat.say(line).stdout)


@pytest.fixture(scope="module")
def lines(song: Path, ends: list[str]) -> dict[str, str]:
    """A line for each command, without options, or with one to have a list that is long."""
    return {
        "recommend": f"/recommend {song} -n 100 --genre Hip-Hop",
        "genre": f"/genre {song}",
        "path": f"/path {' -> '.join(ends)}",
        "mix": f"/mix {' '.join(ends)} -n 100",
    }


@pytest.mark.parametrize(("command", "option"), options())
def test_an_option_changes_the_answer_or_is_refused_with_what_to_do(
    chat: Chat, plain: Callable[[str], str], lines: dict[str, str], command: str, option: str
) -> None:
    line = f"{lines[command]} --catalog mine" if option == "--include-self" else lines[command]
    before, done = plain(line), chat.say(f"{line} {option}")
    said = " ".join(done.stderr.split())
    if any(it in said for it in REFUSED):
        assert "\n1. " not in done.stdout
        assert any(it in said for it in ("/save FILE", f"run soundmap {command} with", "Set SOUND"))
        assert f"{option.split()[0]} " in said or "--out " in said
    else:
        assert done.stdout != before and "not work like that" not in said


def test_what_is_refused_is_not_offered_and_what_to_set_is_a_setting(chat: Chat) -> None:
    for command, option in options():
        said = " ".join(chat.say(f"/{command} {option}").stderr.split())
        if any(it in said for it in REFUSED):
            assert option.split()[0] not in {it.split()[0] for it in words(f"/{command}")}
        if "Set SOUNDMAP" in said:
            assert said.partition("Set ")[2].split()[0] in {it.name for it in TABLE}


@pytest.mark.parametrize(
    "line",
    [
        "#2 -n 3 --without #1040",
        "-n 3 #2 without #1040",
        "--without=#1040 #2 -n 3",
        "#2 -n 3 --without=#1040",
    ],
)
def test_sounds_behind_the_options_of_a_mix_count_too(chat: Chat, line: str) -> None:
    said = chat.say(f"/mix {line}").stdout
    assert said == chat.say("/mix #2 without #1040 -n 3").stdout and "Away from: " in said


def test_where_to_listen_needs_a_sound(chat: Chat) -> None:
    assert "something to listen to" in chat.say("/recommend --start 0:40").stderr
