"""A list as a file that a chat hands over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.chat.handing import WAY, about_file, list_file, tracks_in
from soundmap.playlists.reading import read_playlist
from soundmap.types import Pick, Track, Traits


def pick(rank: int, file: str = "", page: str = "") -> Pick:
    track = Track(
        rank,
        f"T{rank}\n#",
        "A - B",
        "Rock",
        (),
        "",
        "restricted",
        page,
        Traits(0, 0, 0, 0, 0),
        file,
    )
    return Pick(rank, track, 0.5, ())


@pytest.mark.parametrize(
    "name", ["in/1.flac", "#1.mp3", "a\nb.mp3", "-.mp3", "노래 100%.mp3", " x.mp3"]
)
def test_paths_begin_at_the_folder_of_the_music(name: str, tmp_path: Path) -> None:
    song = tmp_path / name
    song.parent.mkdir(exist_ok=True)
    song.touch()
    data = list_file([pick(1, file=name)], "en")
    assert str(tmp_path).encode() not in data
    (tmp_path / "list.m3u8").write_bytes(data)
    (entry,) = read_playlist(tmp_path / "list.m3u8").entries
    assert Path(entry.location).samefile(song) and not entry.is_page


@pytest.mark.parametrize(
    ("language", "root", "page"), [("en", "folder", "pages"), ("ko", "폴더", "웹")]
)
def test_it_says_what_is_a_page_and_where_paths_begin(language: str, root: str, page: str) -> None:
    file, web = pick(1, file="a.mp3"), pick(2, page="https://a.example/")
    for picks, said in (
        ([file], (True, False)),
        ([web], (False, True)),
        ([file, web], (True, True)),
    ):
        text = about_file("list_file_here", picks, language)
        assert (root in text, page in text) == said


@pytest.mark.parametrize(
    "made", ["sm:way::2.141", "sm:way:mine:7", "sm:way::...", "sm:way::9" + "9" * 80]
)
def test_the_id_of_a_button_names_tracks(made: str) -> None:
    assert re.fullmatch(WAY, made)
    catalog, tracks = tracks_in(made)
    assert catalog in ("", "mine") and all(it > 0 for it in tracks)
