"""Lists as files: what is read back, what a spreadsheet and a player make of them."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import wave
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundmap.errors import BadRequest
from soundmap.playlists.entries import Entry, Playlist
from soundmap.playlists.reading import read_playlist
from soundmap.playlists.writing import write_playlist

HOSTILE = (
    *(
        "\n",
        "\r\n#EXTM3U",
        " - ",
        "#",
        ",",
        "=1+1",
        "%20",
        "</track>",
        "&e;",
        "]]>",
        "\u2028",
        "\x85",
    ),
    *(
        '"',
        "\ufeff",
        "한글",
        "\u202e",
        "\x1b[31m",
        "\\",
        "A - B",
        "- ",
        " -",
        "\u1100\u1161",
        "e\u200b\u0301",
    ),
)
text = st.lists(st.one_of(st.text(max_size=12), st.sampled_from(HOSTILE)), max_size=5).map("".join)
name = st.one_of(
    st.text(max_size=12),
    st.sampled_from(HOSTILE),
    st.binary(max_size=6).map(lambda it: it.decode("utf-8", "surrogateescape")),
).map(lambda it: it.replace("/", "_").replace("\0", "_"))
path = st.lists(name, min_size=1, max_size=3).map(lambda it: f"/m/{'/'.join(it)}.mp3")
address = st.builds(
    lambda host, rest: f"https://{quote(host)}.example/{rest}", st.text(max_size=4), text
)
entry = st.one_of(
    st.builds(Entry, path, text, text, st.integers(-5, 10**8)),
    st.builds(Entry, address, text, text, st.integers(0, 10**4), st.booleans()),
)
playlist = st.builds(Playlist, text, st.lists(entry, min_size=1, max_size=6).map(tuple))


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("suffix", [".m3u8", ".xspf"])
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(written=playlist)
def test_what_is_written_is_read_back(
    suffix: str, relative: bool, tmp_path: Path, written: Playlist
) -> None:
    target = tmp_path / f"list{suffix}"
    write_playlist(target, written, "a note", relative)
    assert read_playlist(target) == written


@settings(deadline=None)
@given(said=text)
def test_an_entry_tidies_only_once(said: str) -> None:
    once = Entry("/a.mp3", said, said)
    assert Entry("/a.mp3", once.title, once.artist) == once


PAGE = Entry("https://a.example/page", "T", "A", is_page=True)
SONGS = Playlist("Evening", (Entry("/m/a b.mp3", "T, U", "A", 61), PAGE))


def test_an_m3u8_is_what_players_know(tmp_path: Path) -> None:
    target = tmp_path / "list.m3u8"
    write_playlist(target, SONGS, "Pages: 1 of 2.")
    assert target.read_text(encoding="utf-8").splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:Evening",
        "# Pages: 1 of 2.",
        "#EXTINF:61,A - T, U",
        "/m/a b.mp3",
        "#EXTINF:-1,A - T",
        "#PAGE: not a file to play",
        "https://a.example/page",
    ]


def test_paths_are_relative_to_the_list_if_asked(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    names = ("music/a.mp3", "lists/#b.mp3", "lists/c\nd.mp3")
    songs = Playlist("", tuple(Entry(str(tmp_path / name)) for name in names))
    for suffix in (".m3u8", ".csv", ".json", ".xspf"):
        write_playlist(tmp_path / "lists" / f"l{suffix}", songs, relative=True)
    lines = (tmp_path / "lists" / "l.m3u8").read_text(encoding="utf-8").splitlines()[2::2]
    assert lines == ["../music/a.mp3", "./#b.mp3", (tmp_path / names[2]).as_uri()]
    assert "<location>../music/a.mp3</location>" in (tmp_path / "lists" / "l.xspf").read_text()
    assert (
        json.loads((tmp_path / "lists" / "l.json").read_text())["tracks"][0]["location"] == lines[0]
    )


@pytest.mark.parametrize(
    "formula", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "＝1", "\t=1", "\n@x", "\ufeff=1"]
)
def test_no_spreadsheet_runs_a_cell(formula: str, tmp_path: Path) -> None:
    target = tmp_path / "list.csv"
    write_playlist(target, Playlist("", (Entry(f"/{formula}", formula, formula), SONGS.entries[1])))
    assert target.read_bytes().startswith(b"\xef\xbb\xbfartist,title,seconds,kind,location\r\n")
    with target.open(encoding="utf-8-sig", newline="") as file:
        _, first, second = csv.reader(file)
    assert first[0] == first[1] == f"'{formula.strip(chr(0xFEFF)).strip()}"
    assert all(cell[:1] not in tuple("=+-@＝") for cell in (*first, *second))
    assert second == ["A", "T", "0", "page", "https://a.example/page"]


def test_json_tells_what_is_a_page(tmp_path: Path) -> None:
    write_playlist(tmp_path / "list.json", SONGS, "Pages: 1.")
    found = json.loads((tmp_path / "list.json").read_text(encoding="utf-8"))
    assert (found["title"], found["note"]) == ("Evening", "Pages: 1.")
    assert [it["kind"] for it in found["tracks"]] == ["file", "page"]
    assert found["tracks"][0]["seconds"] == 61


@pytest.mark.parametrize("ending", ["song.mp3", "list", "list.m3u8.bak", ".m3u8"])
def test_nothing_is_written_over_what_may_be_a_song(ending: str, tmp_path: Path) -> None:
    (tmp_path / ending).write_bytes(b"mine")
    with pytest.raises(BadRequest) as caught:
        write_playlist(tmp_path / ending, SONGS)
    assert caught.value.code == "not_a_list"
    assert (tmp_path / ending).read_bytes() == b"mine"


def test_a_list_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"list\.csv"):
        write_playlist(tmp_path / "none" / "list.csv", SONGS)
    assert not list(tmp_path.iterdir())


# ----------------------------------------------------------------- real players

RATE = 8000
TONES = (400, 800, 1600, 200)


def tones(folder: Path, names: Sequence[str]) -> Playlist:
    """A second of a tone in each file, in an order that is not that of their names."""
    at = np.arange(RATE) / RATE
    for file, hz in zip(names, TONES, strict=True):
        with wave.open(str(folder / file), "wb") as sound:
            sound.setparams((1, 2, RATE, 0, "NONE", ""))
            sound.writeframes((8000 * np.sin(2 * np.pi * hz * at)).astype("<i2").tobytes())
    return Playlist("", tuple(Entry(str(folder / it), it, "A", 1) for it in names))


def pitches(path: Path) -> list[int]:
    """The strongest frequency of each second of a file, in hundreds of Hz."""
    samples, rate = soundfile.read(path, always_2d=True)
    parts = np.array_split(samples[:, 0], round(len(samples) / rate))
    peaks = [int(np.abs(np.fft.rfft(it)).argmax()) * rate / len(it) for it in parts]
    return [round(peak / 100) * 100 for peak in peaks]


NAMES = ("d.wav", "b c's #1.wav", "노래 100%.wav", "a\nb.wav")


@pytest.mark.process
@pytest.mark.skipif(not shutil.which("mpv"), reason="needs mpv")
@pytest.mark.parametrize("relative", [False, True])
def test_mpv_plays_a_list_in_its_order(relative: bool, tmp_path: Path) -> None:
    target, heard = tmp_path / "list.m3u8", tmp_path / "heard.wav"
    write_playlist(target, tones(tmp_path, NAMES), "a note", relative)
    out = ["--ao=pcm", f"--ao-pcm-file={heard}", "--gapless-audio=yes", "--no-video", "--no-config"]
    subprocess.run(
        ["mpv", *out, f"--playlist={target}"], check=True, capture_output=True, timeout=100
    )
    assert pitches(heard) == list(TONES)


def test_a_whole_path_that_looks_like_an_address_is_written_as_one(tmp_path: Path) -> None:
    """VLC ends a path at # and ?, and takes %20 for a blank; mpv reads both ways."""
    songs = [tmp_path / "Track #1.mp3", tmp_path / "what?.mp3", tmp_path / "a%20b.mp3"]
    playlist = Playlist("", tuple(Entry(str(it)) for it in songs))
    target = tmp_path / "list.m3u8"
    write_playlist(target, playlist)
    lines = [it for it in target.read_text("utf-8").splitlines() if not it.startswith("#EXT")]
    assert lines == [it.as_uri() for it in songs]
    write_playlist(target, playlist, relative=True)  # nobody reads %23 in a relative path
    assert "./Track #1.mp3" in target.read_text("utf-8").splitlines()
    for it in songs:
        it.touch()
    assert [it.location for it in read_playlist(target).entries] == [str(it) for it in songs]


@pytest.mark.process
@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")
@pytest.mark.parametrize("suffix", [".m3u8", ".xspf", ".csv", ".json"])
def test_ffmpeg_plays_the_locations_of_a_list_in_their_order(suffix: str, tmp_path: Path) -> None:
    """FFmpeg has no reader for lists of songs: its own kind of list is made of the locations."""
    target, heard = tmp_path / f"list{suffix}", tmp_path / "heard.wav"
    write_playlist(target, tones(tmp_path, ("d.wav", "b c.wav", "노래 100%.wav", "a.wav")))
    if suffix == ".json":
        found = [it["location"] for it in json.loads(target.read_text(encoding="utf-8"))["tracks"]]
    elif suffix == ".csv":
        with target.open(encoding="utf-8-sig", newline="") as file:
            found = [row["location"] for row in csv.DictReader(file)]
    else:
        found = [it.location for it in read_playlist(target).entries]
    (tmp_path / "concat.txt").write_text("".join(f"file '{it}'\n" for it in found))
    concat = str(tmp_path / "concat.txt")
    command = ["ffmpeg", "-v", "error", "-f", "concat", "-safe", "0", "-i", concat, str(heard)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    assert pitches(heard) == list(TONES)
