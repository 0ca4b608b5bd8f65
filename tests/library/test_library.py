"""A folder of one's own music becomes a catalog, and stays one."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from soundmap.bundle.manifest import DEFAULT_BUNDLE, read_manifest
from soundmap.catalog.shelf import Shelf
from soundmap.catalog.table import Catalog
from soundmap.cli.main import main
from soundmap.errors import BadDataset, BadRequest, SoundMapError
from soundmap.library import indexing
from soundmap.library.indexing import Index
from soundmap.library.jobs import Failure, HeardFile, hear_file
from soundmap.library.memory import remembered
from soundmap.library.processes import Processes
from soundmap.library.scan import Scan, scan
from soundmap.library.tags import Tags, completed, named_by
from soundmap.types import silent
from tests.helpers.sounds import music

RATE_HZ = 44_100
ODD = ("no\nname.wav", os.fsdecode(b"caf\xe9 \xff.wav"), "two.ends.wav", "☃ – 눈.wav")


class Here:
    """An executor of one slot: this process, which remembers what it was given."""

    slots = 1

    def __init__(self) -> None:
        self.paths: list[Path] = []

    def submit(self, path: Path, windows: int = 1) -> Future[HeardFile | Failure]:
        self.paths.append(path)
        future: Future[HeardFile | Failure] = Future()
        future.set_result(hear_file(DEFAULT_BUNDLE, path, windows))
        return future


class Library:
    """A folder of music, and a shelf that its catalog stands on."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.shelf = folder / "music", Shelf(folder / "catalogs")
        self.folder.mkdir()

    def add(self, name: str, seed: int = 0, seconds: float = 1.0, **tags: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        kind = path.suffix[1:].upper()
        with soundfile.SoundFile(os.fsencode(path), "w", RATE_HZ, 1, format=kind) as file:
            for tag, text in tags.items():
                setattr(file, tag, text)
            file.write(music(seconds, seed=seed))
        return path

    def index(self, folder: Path | None = None, **options: Any) -> dict[str, Any]:
        """What a run says; the names of the files it heard come with it, as ``asked``."""
        here = Here()

        @contextmanager
        def opened() -> Iterator[Here]:
            yield here

        where = folder or self.folder
        run = Index(self.shelf, "mine", where, DEFAULT_BUNDLE, opened, silent, **options)
        return {**run.run(), "asked": {path.name for path in here.paths}}

    def catalog(self) -> Catalog:
        return self.shelf.open("mine", read_manifest(DEFAULT_BUNDLE).space)

    def numbers(self) -> dict[str, int]:
        catalog = self.catalog()
        rows = [catalog.track(row) for row in range(len(catalog))]
        return {track.file: track.track_id for track in rows}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


@pytest.mark.process
def test_a_sound_of_the_library_finds_itself_there_by_its_file(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    song = library.add("Ann/One.flac", 1, title="Un", artist="Ann", genre="hip hop; Dub")
    library.add("Bob/Two.ogg", 2, title="Deux", artist="Bob")
    library.add("loose.wav", 3)
    place = ["--catalogs", str(library.shelf.folder), "--json"]
    assert main(["index", str(library.folder), "--name", "mine", "--jobs", "2", *place]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["tracks"], made["heard"], made["failed"]) == (3, 3, [])
    ask = ["recommend", str(song), "--catalog", "mine", "--include-self", *place]
    assert main(ask) == 0
    first, *others = json.loads(capsys.readouterr().out)["picks"]
    assert (first["title"], first["artist"], first["genre"]) == ("Un", "Ann", "Hip-Hop")
    assert first["file"] == str(song) and first["url"] == "" and first["distance"] < 1e-3
    assert "Dub" in first["subgenres"] and len(others) == 2
    assert main(["catalogs", *place]) == 0
    listed = json.loads(capsys.readouterr().out)["catalogs"]
    assert [(row["name"], row["usable"]) for row in listed] == [("fma", True), ("mine", True)]


def test_only_what_is_new_or_changed_is_heard_again(library: Library) -> None:
    for number in range(3):
        library.add(f"{number}.wav", number)
    library.index()
    before = library.numbers()
    assert library.index()["asked"] == set()
    library.add("1.wav", 9, seconds=1.5)
    library.add("new.wav", 8)
    (library.folder / "2.wav").unlink()
    again = library.index()
    assert again["asked"] == {"1.wav", "new.wav"}
    assert (again["unchanged"], again["removed"], again["tracks"]) == (1, 1, 3)
    after = library.numbers()
    assert after["0.wav"] == before["0.wav"] and after["1.wav"] == before["1.wav"]
    assert "2.wav" not in after and after["new.wav"] not in before.values()


def test_tags_that_an_older_reader_read_are_read_again_and_nothing_is_heard(
    library: Library,
) -> None:
    library.add("a.flac", 1, title="Song", artist="Ann")
    library.add("b.flac", 2, title="Other")
    library.index()
    with closing(sqlite3.connect(library.shelf.home("mine") / "memory.db")) as memory, memory:
        for track_id, text in memory.execute("SELECT track_id, facts FROM files").fetchall():
            facts = json.loads(text)
            del facts["reader"]
            facts["tags"]["title"] = "\ufffd"
            change = "UPDATE files SET facts = ? WHERE track_id = ?"
            memory.execute(change, (json.dumps(facts), track_id))
    assert library.index()["asked"] == set()
    catalog = library.catalog()
    names = zip(catalog.columns["title"], catalog.columns["artist"], strict=True)
    assert sorted(names) == [("Other", ""), ("Song", "Ann")]


def test_a_name_that_another_run_took_meanwhile_stays_its(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add("ours.wav", 1)
    theirs = library.folder.with_name("theirs")
    theirs.mkdir()
    scanned = indexing._scanned

    def slowly(folder: Path) -> Scan:
        monkeypatch.setattr(indexing, "_scanned", scanned)
        library.index()
        return scanned(folder)

    shutil.copy(library.folder / "ours.wav", theirs / "theirs.wav")
    monkeypatch.setattr(indexing, "_scanned", slowly)
    with pytest.raises(BadDataset, match=library.folder.name):
        library.index(theirs)
    assert set(library.numbers()) == {"ours.wav"}


def test_a_moved_file_keeps_its_number_and_so_does_one_that_comes_back(library: Library) -> None:
    song, other = library.add("a.wav", 1), library.add("b.wav", 2)
    library.index()
    before = library.numbers()
    (library.folder / "deep").mkdir()
    song.rename(library.folder / "deep" / "c.wav")
    kept = other.read_bytes(), other.stat()
    other.unlink()
    moved = library.index()
    assert (moved["moved"], moved["removed"], moved["asked"]) == (1, 1, set())
    assert library.numbers() == {"deep/c.wav": before["a.wav"]}
    other.write_bytes(kept[0])
    os.utime(other, ns=(kept[1].st_atime_ns, kept[1].st_mtime_ns))
    assert library.index()["asked"] == set()
    assert library.numbers() == {"deep/c.wav": before["a.wav"], "b.wav": before["b.wav"]}


def test_odd_names_and_odd_files_are_heard_or_told_and_nothing_is_lost(library: Library) -> None:
    for number, name in enumerate(ODD):
        library.add(name, number)
    library.add("twice.wav", 0)
    (library.folder / "empty.mp3").touch()
    (library.folder / "page.mp3").write_text("<html>")
    (library.folder / "nothing.ogg").symlink_to("nowhere")
    (library.folder / "loop").symlink_to(".")
    (library.folder / "itself.mp3").symlink_to("itself.mp3")
    (library.folder / "cover.jpg").write_bytes(b"\xff\xd8")
    os.mkfifo(library.folder / "pipe.flac")
    report = library.index()
    assert {it["path"]: it["code"] for it in report["failed"]} == {
        "empty.mp3": "empty_file",
        "page.mp3": "not_audio",
        "itself.mp3": "unreadable_file",
        "nothing.ogg": "missing_file",
        "pipe.flac": "not_a_file",
    }
    assert set(library.numbers()) == {*ODD, "twice.wav"}
    assert (report["twice"], report["other_files"]) == (1, 1)
    json.dumps(report["failed"])
    assert library.index()["unchanged"] == len(ODD) + 1  # what cannot be heard is not among them
    catalog = library.catalog()
    titles = [catalog.track(row).title for row in range(len(catalog))]
    assert all(title and title.isprintable() for title in titles)
    assert len(set(catalog.artists)) == len(catalog)  # no two are by one nobody


@pytest.mark.parametrize(
    "place",
    [
        *("#recycle", "@Recycle", "$RECYCLE.BIN", "$Recycle.Bin/S-1-5-21", ".Trash-1000/files"),
        *(".Trashes/501", ".Trash", "System Volume Information", "@eaDir/a.wav", "lost+found"),
        *("deep/#Recycle", "deep/@eaDir", "#snapshot/2026", "@Recently-Snapshot", ".snapshot"),
        *("~snapshot", "__MACOSX", "LOST.DIR", "Network Trash Folder", ".AppleDouble"),
    ],
)
def test_what_was_thrown_away_or_belongs_to_the_system_is_not_indexed(
    library: Library, place: str
) -> None:
    library.add("a.wav", 1)
    library.add("._a.wav", 2)
    library.add(f"{place}/b.wav", 3)
    assert [file.path for file in scan(library.folder).files] == ["a.wav"]
    bin_itself = scan((library.folder / place).parent / Path(place).name)
    assert [file.path for file in bin_itself.files] == ["b.wav"]  # who names it means it


def test_music_in_folders_of_odd_names_is_indexed(library: Library) -> None:
    odd = ["#1 Hits", "@home", "$uicideboy$", "~", "Recycler", "Trash", "lost", "recycle", "+"]
    for number, name in enumerate(odd):
        library.add(f"{name}/a.wav", number)
    assert len(scan(library.folder).files) == len(odd)


def test_a_folder_that_may_not_be_read_is_told(library: Library, tmp_path: Path) -> None:
    library.add("open/a.wav", 1)
    gone = library.folder / "gone"
    gone.symlink_to(tmp_path / "gone")
    assert scan(library.folder).n_others == 1  # a link to nothing has no ending of a sound
    library.add("closed/b.wav", 2)
    (library.folder / "closed").chmod(0)
    closed = scan(library.folder).closed
    (library.folder / "closed").chmod(0o700)
    if os.geteuid():
        assert closed == (("closed", "Permission denied"),)


@pytest.mark.process
def test_killed_at_any_point_it_goes_on_where_it_was(library: Library) -> None:
    for number in range(8):
        library.add(f"{number}.wav", number)
    command = [sys.executable, "-m", "soundmap", "index", str(library.folder), "--name", "mine"]
    command += ["--catalogs", str(library.shelf.folder), "--jobs", "2", "--json"]
    written = library.shelf.home("mine") / "memory.db-wal"
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            size = _size(written)
            while _size(written) in (0, size) and process.poll() is None:
                time.sleep(0.005)
            time.sleep(0.2)
            process.send_signal(signal.SIGKILL)
    with remembered(library.shelf.home("mine")) as memory:
        heard = len(memory.known())
    done = json.loads(subprocess.check_output(command))
    assert heard >= 1 and done["unchanged"] == heard and done["heard"] == 8 - heard
    assert set(library.numbers()) == {f"{number}.wav" for number in range(8)}


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@pytest.mark.process
def test_what_kills_a_listener_costs_one_file_and_no_other(library: Library) -> None:
    song = library.add("a.wav", 1)
    with Processes(DEFAULT_BUNDLE, 1) as processes:
        assert isinstance(processes.submit(song).result(60), HeardFile)
        (pid,) = processes.pids
        os.kill(pid, signal.SIGSTOP)
        doomed = processes.submit(song)
        os.kill(pid, signal.SIGKILL)
        assert doomed.result(60) == Failure("worker_died")
        assert isinstance(processes.submit(song).result(60), HeardFile)
    assert processes.pids == []


def test_a_disk_that_is_not_there_empties_no_catalog(library: Library, tmp_path: Path) -> None:
    library.add("a.wav", 1)
    library.index()
    before = library.numbers()
    library.folder.rename(tmp_path / "elsewhere")
    library.folder.mkdir()
    with pytest.raises(SoundMapError, match="nothing was changed"):
        library.index()
    with pytest.raises(SoundMapError, match="--moved"):
        library.index(tmp_path / "elsewhere")
    assert library.numbers() == before
    assert library.index(tmp_path / "elsewhere", moved=True)["asked"] == set()
    assert library.numbers() == before


def test_a_catalog_that_another_bundle_heard_is_refused_until_it_is_heard_anew(
    library: Library,
) -> None:
    library.add("a.wav", 1)
    library.index()
    before = library.numbers()
    manifest = library.shelf.home("mine") / "catalog.json"
    facts = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**facts, "bundle": "other-12345678"}))
    with pytest.raises(SoundMapError, match="Run soundmap index --name mine"):
        library.catalog()
    library.index()
    assert library.numbers() == before


def test_two_at_once_do_not_write_one_catalog(library: Library) -> None:
    library.add("a.wav", 1)
    library.index()
    with (
        remembered(library.shelf.home("mine")),
        pytest.raises(SoundMapError, match="Another process"),
    ):
        library.index()


def test_no_two_catalogs_number_their_tracks_alike(library: Library, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Library(tmp_path / "other")
    for each in (library, other):
        each.add("a.wav", 1)
        each.index()
    numbers = [*library.numbers().values(), *other.numbers().values()]
    assert len(set(numbers)) == 2 and all(2**32 < number < 2**53 for number in numbers)


@pytest.mark.parametrize(
    "tables", [("tracks.csv",), ("raw_tracks.csv",), ("tracks.csv", "raw_tracks.csv")]
)
def test_the_archives_own_layout_gives_titles_licenses_and_pages(
    library: Library, tables: tuple[str, ...]
) -> None:
    library.add("fma_small/000/000002.wav", 2, title="not this")
    library.add("fma_small/000/000009.wav", 9, title="In no table")
    _write_tables(library.folder / "fma_metadata", tables)
    library.index(library.folder / "fma_small")
    catalog = library.catalog()
    track, own = catalog.track(catalog.row_of(2)), catalog.track(1)
    assert (track.title, track.artist) == ("Food", "AWOL")
    assert (track.license, track.license_class) == ("CC BY-NC-SA 3.0", "restricted")
    assert track.genre == "Hip-Hop"
    assert bool(track.url) == ("raw_tracks.csv" in tables)
    assert own.title == "In no table" and own.track_id > 2**32


def _write_tables(folder: Path, names: tuple[str, ...]) -> None:
    folder.mkdir()
    license_name = "Attribution-Noncommercial-Share Alike 3.0 International"
    columns = {
        ("set", "split"): "training",
        ("set", "subset"): "small",
        ("track", "genre_top"): "Hip-Hop",
        ("track", "title"): "Food",
        ("track", "license"): license_name,
        ("artist", "name"): "AWOL",
        ("artist", "id"): "1",
        ("album", "title"): "A Way Of Life",
    }
    groups, titles = zip(*columns, strict=True)
    rows = [["", *groups], ["", *titles], ["track_id", *[""] * 8], ["2", *columns.values()]]
    raw = {
        "track_id": "2",
        "track_title": "Food",
        "artist_name": "AWOL",
        "album_title": "A Way Of Life",
        "license_title": license_name,
        "track_url": "http://freemusicarchive.org/music/AWOL/AWOL_-_A_Way_Of_Life/Food",
        "track_genres": "[{'genre_id': '21', 'genre_title': 'Hip-Hop'}]",
        "track_information": "x" * 200_000,
    }
    for name in names:
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            table = rows if name == "tracks.csv" else [list(raw), list(raw.values())]
            csv.writer(file).writerows(table)


def test_a_name_says_what_tags_do_not() -> None:
    assert named_by(Path("03 - Ann - The - Song.mp3")).title == "The - Song"
    assert named_by(Path("03 - Ann - The - Song.mp3")).artist == "Ann"
    assert named_by(Path("Ann_Lee_-_The_Song.mp3")) == Tags("The Song", "Ann Lee")
    assert named_by(Path("Ann - snake_case.mp3")) == Tags("snake_case", "Ann")
    assert named_by(Path("just a title.mp3")).title == "just a title"
    assert named_by(Path("just a title.mp3")).artist == ""


@pytest.mark.parametrize(
    ("tags", "name", "told"),
    [
        (Tags("Ann - The Song"), "ann_-_the_song.mp3", Tags("The Song", "Ann")),
        (Tags("Ann - The Song"), "track.mp3", Tags("Ann - The Song")),  # Ann may be of the title
        (Tags("Ann - The Song", "Bo"), "Ann - The Song.mp3", Tags("Ann - The Song", "Bo")),
        (Tags("", "Ann"), "Ann_-_The_Song.mp3", Tags("The Song", "Ann")),
        (Tags(), "Ann_-_The_Song.mp3", Tags("The Song", "Ann")),
    ],
)
def test_tags_are_completed_by_the_name(tags: Tags, name: str, told: Tags) -> None:
    assert completed(tags, Path(name)) == told


@pytest.mark.parametrize("name", ["", "fma", "../x", "A", "a" * 33, "a/b", "-a"])
def test_a_catalog_has_a_name_that_is_a_folders(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["index", str(tmp_path), f"--name={name}", "--catalogs", str(tmp_path / "c"), "--json"]
    assert main(ask) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bad_name"
    assert not (tmp_path / "c").exists()


def test_a_folder_that_no_catalog_can_be_named_after_hides_no_other(library: Library) -> None:
    library.add("a.wav", 1)
    library.index()
    home = library.shelf.home("mine")
    for name in ("Foo", "fma"):
        shutil.copytree(home, home.with_name(name))
    assert [entry.name for entry in library.shelf.entries()] == ["mine"]
    with pytest.raises(BadRequest, match="mine"):
        library.shelf.entry("nosuch")


def test_what_a_job_hears_is_what_a_listener_hears(library: Library) -> None:
    from soundmap.bundle.listener import Listener

    song = library.add("a.wav", 1)
    heard, analysis = hear_file(DEFAULT_BUNDLE, song), Listener().listen(song)
    assert isinstance(heard, HeardFile)
    np.testing.assert_array_equal(heard.embedding, analysis.embedding)
    assert (heard.traits, heard.sha256) == (analysis.traits, analysis.clip_sha256)
