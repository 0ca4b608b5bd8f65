"""Lists that commands write for players, as a person meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundmap.playlists.reading import read_playlist
from tests.cli.test_language import HANGUL, korean
from tests.helpers.cli import answer, run
from tests.library.test_library import Library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A catalog of five files by five artists."""
    library = Library(tmp_path_factory.mktemp("library"))
    for n in range(5):
        library.add(f"in/{n}.flac", n, title=f"T{n}, #1", artist=f"=Artist {n}", genre="Rock")
    library.index()
    return library


def test_a_list_of_ones_own_music_is_written_with_its_paths(
    library: Library, demo: Path, tmp_path: Path
) -> None:
    asked = ("recommend", demo, "--catalogs", library.shelf.folder, "--catalog", "mine")
    for extra in ((), ("--relative",)):
        done = run(*asked, "-o", tmp_path / "list.m3u8", *extra)
        found = read_playlist(tmp_path / "list.m3u8")
        folder = library.folder.resolve()
        assert {Path(it.location).parent for it in found.entries} == {folder / "in"}
        assert all(it.seconds > 0 and not it.is_page for it in found.entries)
        assert {it.title for it in found.entries} == {f"T{n}, #1" for n in range(5)}
        assert f"Written: {tmp_path / 'list.m3u8'} (tracks: 5)" in done.stdout
        assert "Web pages" not in done.stdout
    assert "\n../" in (tmp_path / "list.m3u8").read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", [".m3u8", ".xspf", ".csv", ".json"])
def test_pages_are_said_to_be_pages_in_the_file_and_at_the_terminal(
    suffix: str, demo: Path, tmp_path: Path
) -> None:
    target = tmp_path / f"list{suffix}"
    done = run("recommend", demo, "-n", "3", "-o", target)
    assert done.returncode == 0
    assert "Web pages to open in a browser, not files to play: 3 of 3." in done.stdout
    text = target.read_text(encoding="utf-8-sig")
    assert text.count("https://") >= 3
    assert ",page," in text if suffix == ".csv" else "not files to play: 3 of 3" in text


def test_korean_is_said_and_written(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    done = korean(monkeypatch, "recommend", demo, "-o", tmp_path / "list.m3u8")
    assert "저장했습니다" in done.stdout and "웹 페이지" in done.stdout
    assert HANGUL.search((tmp_path / "list.m3u8").read_text(encoding="utf-8"))


def test_json_stays_one_document(demo: Path, tmp_path: Path) -> None:
    target = tmp_path / "list.json"
    picks = answer("recommend", demo, "-n", "4", "-o", target)["picks"]
    tracks = json.loads(target.read_text(encoding="utf-8"))["tracks"]
    assert [it["title"] for it in tracks] == [it["title"] for it in picks]


def test_a_smooth_order_has_the_same_tracks_in_another_order(demo: Path) -> None:
    ranked = answer("recommend", demo, "-n", "20")["picks"]
    smooth = answer("recommend", demo, "-n", "20", "--order", "smooth")["picks"]
    assert [it["rank"] for it in smooth] == list(range(1, 21))
    assert {it["track_id"] for it in smooth} == {it["track_id"] for it in ranked}
    assert [it["track_id"] for it in smooth] != [it["track_id"] for it in ranked]


def test_a_path_is_a_list_or_a_picture_by_its_ending(tmp_path: Path) -> None:
    picks = answer("path", "2", "141", "-n", "3", "-o", tmp_path / "way.xspf")["picks"]
    found = read_playlist(tmp_path / "way.xspf")
    assert [it.title for it in found.entries] == [it["title"] for it in picks]
    assert "→" in found.title
    run("path", "2", "141", "-n", "3", "-o", tmp_path / "way.PNG")
    assert (tmp_path / "way.PNG").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("command", [("recommend",), ("path", "2")])
@pytest.mark.parametrize("name", ["song.mp3", "list", "list.pls"])
def test_other_endings_are_refused_before_anything_is_heard(
    command: tuple[str, ...], name: str, demo: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(b"mine")
    done = run(*command, demo, "-o", tmp_path / name)
    assert done.returncode == 2
    assert ".m3u8, .xspf, .csv, .json" in done.stderr
    assert (tmp_path / name).read_bytes() == b"mine"


def test_what_cannot_be_written_is_said_once(demo: Path, tmp_path: Path) -> None:
    several = run("recommend", demo, demo, "-o", tmp_path / "list.m3u8")
    assert several.returncode == 2 and "one" in several.stderr
    nowhere = run("recommend", demo, "-o", tmp_path / "none" / "list.m3u8", "--json")
    assert json.loads(nowhere.stdout)["error"]["code"] == "output"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("line", ["recommend {}", "mix 2", "path 2 141", "path 2 141 -o {}.png"])
def test_relative_paths_need_a_list_to_be_in(line: str, demo: Path) -> None:
    done = run(*line.format(demo).split(), "--relative")
    assert done.returncode == 2 and "name the file of the list" in done.stderr


@pytest.mark.parametrize("suffix", [".m3u8", ".xspf"])
def test_a_list_of_tracks_without_files_is_read_as_these_tracks(
    suffix: str, library: Library, tmp_path: Path
) -> None:
    target = tmp_path / f"list{suffix}"
    ids = [it["track_id"] for it in answer("mix", 2, 141, "-n", 30, "-o", target)["picks"]]
    for which in ((), ("--catalogs", library.shelf.folder, "--catalog", "mine")):
        found = answer("mix", "--playlist", target, *which, "-n", 1)
        assert [it["track_id"] for it in found["seeds"]] == ids
        assert not [it for it in found["notes"] if it["code"] == "not_heard"]


def test_a_shipped_track_leads_to_ones_own_music(library: Library) -> None:
    mine = ("--catalogs", library.shelf.folder, "--catalog", "mine")
    assert len(answer("mix", "AWOL - Food", "--without", "#141", *mine)["picks"]) >= 1
    way = answer("path", 2, "=Artist 1 - T1, #1", "-n", 1, *mine)
    assert way["from"]["track_id"] == 2 and "Artist" in way["picks"][0]["artist"]
