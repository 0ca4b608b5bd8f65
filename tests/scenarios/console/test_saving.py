"""The last list or path as a file, in the console, piped."""

from __future__ import annotations

from pathlib import Path

from soundmap.playlists.reading import read_playlist
from tests.scenarios.console.test_console import own_database, piped

__all__ = ["own_database"]  # a fixture


def test_the_last_list_or_path_is_saved_for_a_player(demo: Path, tmp_path: Path) -> None:
    listed, way = tmp_path / "my list.m3u8", tmp_path / "way.xspf"
    done = piped(
        f"/save {listed}",
        f"/recommend {demo} -n 7",
        f"/save {listed}",
        f"/save '{listed}'",
        f"/save {tmp_path / 'song.mp3'}",
        f"/save {tmp_path / 'none' / 'list.csv'}",
        "/path #2 -> #141 -n 3",
        f"/save {way}",
    )
    assert "There is no list yet" in done.stderr
    assert f"Written: {listed} (tracks: 7)" in done.stdout
    assert "Web pages to open in a browser, not files to play: 7 of 7." in done.stdout
    assert f"{listed} is there already" in done.stderr
    assert "one of these endings: .m3u8, .xspf, .csv, .json." in done.stderr
    assert "cannot be written: No such file or directory" in done.stderr
    assert len(read_playlist(listed).entries) == 7 and len(read_playlist(way).entries) == 3
    kept = {it.name for it in tmp_path.iterdir() if not it.name.startswith("soundmap.db")}
    assert kept == {"my list.m3u8", "way.xspf"}
