"""``soundmap catalogs`` as a person uses it, on catalogs of real files."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from soundmap.bundle.manifest import DEFAULT_BUNDLE, read_manifest
from soundmap.catalog.shelf import Shelf
from soundmap.cli.main import main
from soundmap.errors import BadDataset
from soundmap.library.keeping import kept, rename
from soundmap.library.memory import remembered
from tests.library.test_library import Library

Asked = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A catalog of four files, one of which cannot be heard."""
    library = Library(tmp_path_factory.mktemp("library"))
    library.add("a.flac", 1, title="One", artist="Ann", genre="Rock", license="CC BY 3.0")
    library.add("b.flac", 2, title="Two", artist="Ann", genre="Folk")
    library.add("c.flac", 3, title="Three", artist="Bob\x1b[31m", genre="Rock")
    (library.folder / "d.mp3").write_text("<html>")
    library.index()
    return library


@pytest.fixture
def library(made: Library, tmp_path: Path) -> Library:
    """A copy of it that a test may change."""
    copy = Library(tmp_path)
    shutil.copytree(made.shelf.folder, copy.shelf.folder)
    return copy


@pytest.fixture
def asked(library: Library, capsys: pytest.CaptureFixture[str]) -> Asked:
    """Runs ``soundmap catalogs``; gives its exit status, and what it says, read if it is JSON."""

    def ask(*words: str) -> tuple[int, Any]:
        status = main(["catalogs", "--catalogs", str(library.shelf.folder), *words])
        said = capsys.readouterr()
        return status, json.loads(said.out) if "--json" in words else said.out + said.err

    return ask


def test_it_is_shown_what_is_in_a_catalog(asked: Asked, made: Library) -> None:
    status, shown = asked("--show", "mine", "--json")
    assert status == 0
    assert shown["name"] == "mine" and shown["folder"] == str(made.folder)
    assert (shown["tracks"], shown["kept"], shown["failed"], shown["gone"]) == (3, 3, 1, 0)
    assert (shown["usable"], shown["finished"]) == (True, True)
    assert shown["bundle"] == read_manifest(DEFAULT_BUNDLE).id
    assert shown["genres"] == [{"genre": "Rock", "tracks": 2}, {"genre": "Folk", "tracks": 1}]
    assert shown["artists"] == [{"artist": "Ann", "tracks": 2}, {"artist": "Bob [31m", "tracks": 1}]
    assert shown["permissive"] == 1
    changed = datetime.fromisoformat(shown["changed"])
    assert abs(datetime.now().astimezone() - changed) < timedelta(minutes=10)
    _, text = asked("--show", "mine")
    for part in ("3 tracks", str(made.folder), "Rock (2)", "Ann (2)", "1 files could not be heard",
                 shown["bundle"], shown["changed"][:10]):  # fmt: skip
        assert part in text
    assert "\x1b" not in text


def test_the_bundles_own_catalog_is_shown_too(asked: Asked) -> None:
    _, shown = asked("--show", "fma", "--json")
    assert shown["tracks"] > 7000 and sum(it["tracks"] for it in shown["genres"]) == shown["tracks"]


def test_a_renamed_catalog_is_the_same_by_another_name(asked: Asked, library: Library) -> None:
    numbers = library.numbers()
    assert asked("--rename", "mine", "jazz", "--json") == (0, {"renamed": "mine", "name": "jazz"})
    assert [entry.name for entry in library.shelf.entries()] == ["jazz"]
    catalog = library.shelf.open("jazz", read_manifest(DEFAULT_BUNDLE).space)
    assert set(map(int, catalog.track_ids)) == set(numbers.values())
    assert kept(library.shelf, library.shelf.entry("jazz")).heard == 3
    assert asked("--rename", "jazz", "mine")[0] == 0
    assert library.numbers() == numbers


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--rename", "mine", "mine"], "catalog_exists"),
        (["--rename", "mine", "other"], "catalog_exists"),
        (["--rename", "mine", "../x"], "bad_name"),
        (["--rename", "mine", "fma"], "bad_name"),
        (["--rename", "fma", "x"], "shipped_catalog"),
        (["--rename", "none", "x"], "unknown_catalog"),
        (["--rename", "../mine", "x"], "unknown_catalog"),
        (["--remove", "fma", "--yes"], "shipped_catalog"),
        (["--remove", "none", "--yes"], "unknown_catalog"),
        (["--remove", "..", "--yes"], "unknown_catalog"),
        (["--remove", "mine"], "remove_asks"),
        (["--show", "none"], "unknown_catalog"),
        (["--show", "../mine"], "unknown_catalog"),
        (["--show", "MINE"], "unknown_catalog"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    asked: Asked, library: Library, words: list[str], code: str
) -> None:
    shutil.copytree(library.shelf.home("mine"), library.shelf.home("other"))
    status, said = asked(*words, "--json")
    assert (status, said["error"]["code"]) == (2, code)
    assert [entry.name for entry in library.shelf.entries()] == ["mine", "other"]
    assert len(library.numbers()) == 3


def test_a_removed_catalog_is_gone_and_the_music_stays(asked: Asked, library: Library) -> None:
    song = library.add("song.wav", 1)
    left = library.shelf.folder / ".removed-00000000"  # by a process that was killed
    left.mkdir()
    assert asked("--remove", "mine", "--yes", "--json") == (0, {"removed": "mine", "tracks": 3})
    assert list(library.shelf.folder.iterdir()) == []
    assert song.exists()


@pytest.mark.parametrize(
    ("answer", "stays"), [("y", False), ("YES", False), ("", True), ("n", True)]
)
def test_removing_asks_at_a_terminal(
    asked: Asked, library: Library, monkeypatch: pytest.MonkeyPatch, answer: str, stays: bool
) -> None:
    questions: list[str] = []

    def asks(text: str) -> str:
        questions.append(text)
        return answer

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", asks)
    assert asked("--remove", "mine")[0] == 0
    assert "3 tracks" in questions[0] and "music itself stays" in questions[0]
    assert bool(library.shelf.find("mine")) == stays


def test_a_catalog_that_a_run_is_at_work_on_is_let_be(asked: Asked, library: Library) -> None:
    with remembered(library.shelf.home("mine")):
        for words in (["--rename", "mine", "x"], ["--remove", "mine", "--yes"]):
            status, said = asked(*words, "--json")
            assert (status, said["error"]["code"]) == (1, "catalog_busy")
        assert asked("--json")[1]["catalogs"][1]["kept"] is None
    with pytest.raises(BadDataset, match="cannot be written"):
        library.shelf.folder.joinpath("x" * 20).write_text("in the way")
        rename(_Unwritable(library.shelf.folder), "mine", "x")


class _Unwritable(Shelf):
    def rename(self, name: str, new: str) -> None:
        raise PermissionError(13, "Permission denied", name, None, new)


@pytest.mark.process
def test_after_a_kill_it_is_said_how_many_tracks_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = Library(tmp_path)
    for number in range(12):
        library.add(f"{number}.wav", number)
    place = ["--catalogs", str(library.shelf.folder)]
    command = [sys.executable, "-m", "soundmap", "index", str(library.folder), "--name", "mine"]
    with subprocess.Popen([*command, *place, "--jobs", "1"], stdout=subprocess.DEVNULL) as process:
        written = library.shelf.home("mine") / "memory.db-wal"
        while not written.exists() or written.stat().st_size < 50_000:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    entry = library.shelf.entry("mine")
    known = kept(library.shelf, entry)
    assert 1 <= known.heard < 12 and not known.busy
    assert main(["catalogs", *place]) == 0
    text = capsys.readouterr().out.splitlines()[1]
    assert text.startswith(f"mine: {known.heard} tracks are kept")
    assert "soundmap index --name mine goes on" in text
    assert main(["catalogs", "--show", "mine", *place, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["finished"], shown["kept"], shown["tracks"]) == (False, known.heard, 0)
    with remembered(library.shelf.home("mine")) as memory:
        assert len(memory.known()) == known.heard


def test_the_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["catalogs", "--help"])
    text = capsys.readouterr().out
    for part in ("--show mine", "--rename mine jazz", "--remove jazz --yes", "--json"):
        assert part in text
    with pytest.raises(SystemExit):
        main(["catalogs", "--show", "a", "--remove", "b"])
