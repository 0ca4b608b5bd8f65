"""What taggers wrote is read from their files, and whatever is in them does no harm."""

from __future__ import annotations

import json
import struct
import sys
import time
import tracemalloc
import zlib
from pathlib import Path, PurePath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundmap.catalog.licenses import license_class, license_in
from soundmap.catalog.text import tidy
from soundmap.library.tags import NO_TAGS, Tags, completed, read_tags
from tests.helpers.tagged import (
    SILENCE,
    ape,
    atom,
    chunk,
    comment,
    data,
    frame,
    info,
    mp4,
    opus,
    safe,
    text,
    wav,
)
from tests.library.tagged_examples import EXAMPLES, SONG, mp3


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_was_written_is_read(example: str, tmp_path: Path) -> None:
    name, content, expected = EXAMPLES[example]
    path = tmp_path / name
    path.write_bytes(content)
    assert read_tags(path) == Tags(**expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tags", "name", "title", "artist"),
    [
        (Tags(title="Song", artist="Ann"), "03 - Bob - Other.mp3", "Song", "Ann"),
        (NO_TAGS, "03 - Ann - Song.mp3", "Song", "Ann"),
        (Tags(artist="Ann"), "03 - Bob - Song.mp3", "Song", "Ann"),
        (Tags(title="03"), "03 - Ann - Song.mp3", "Song", "Ann"),
        (Tags(title="Track 3"), "03 - Ann - Song.mp3", "Song", "Ann"),
        (Tags(title="3/12"), "03 - Song.mp3", "Song", ""),
        (Tags(title="트랙 03"), "3 - Ann - Song.mp3", "Song", "Ann"),
        (Tags(title="22"), "Red.mp3", "22", ""),
        (Tags(title="1979"), "03 - Ann - Song.mp3", "1979", ""),
        (Tags(title="7"), "07.mp3", "7", ""),
        (Tags(title="99"), "98 - Ann - Song.mp3", "99", ""),
    ],
)
def test_the_name_of_a_file_says_what_its_tags_do_not(
    tags: Tags, name: str, title: str, artist: str
) -> None:
    whole = completed(tags, PurePath(name))
    assert (whole.title, whole.artist) == (title, artist)


def bomb() -> bytes:
    return zlib.compress(bytes(100_000_000), 9)


HARMFUL = {
    "packed": lambda: mp3(SONG, frame("TPE1", safe(2**27) + bomb(), 4, 0x09)),
    "comment": lambda: mp3(comment("x" * 10_000_000), SONG),
    "picture": lambda: mp3(SONG, frame("APIC", bytes(50_000_000))),
    "frames": lambda: mp3(SONG, frame("TALB", b"") * 200_000),
    "letters": lambda: mp3(SONG, text("TPE1", "a\0" * 1_000_000)),
    "items": lambda: SILENCE + ape(Title="Song", items={f"k{n}": "v" for n in range(20_000)}),
    "atom": lambda: mp4(atom(b"\xa9nam", data("Song")), atom(b"\xa9lyr", data("x" * 30_000_000))),
    "ogg": lambda: b"".join(opus("TITLE=Song", *(["LYRICS=x"] * 2_000))),
    "chunks": lambda: wav(info(INAM="Song"), chunk(b"junk", b"") * 200_000),
    "genres": lambda: mp3(SONG, text("TCON", "(17)" * 100_000)),
    "licenses": lambda: mp3(SONG, comment("Creative Commons Attribution" + " Non" * 100_000)),
}


@pytest.mark.parametrize("kind", HARMFUL)
def test_tags_that_mean_harm_cost_little(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(HARMFUL[kind]())
    tracemalloc.start()
    started = time.process_time()
    tags = read_tags(path)
    seconds, (_, most) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert tags.title == "Song"
    assert seconds < 5 and most < 200 << 20


@pytest.mark.parametrize("size", [3 << 30])
def test_a_file_of_nothing_but_one_atom_is_not_read_whole(size: int, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with path.open("wb") as file:
        file.write(atom(b"ftyp", b"M4A \0\0\0\0"))
        for name in (b"moov", b"udta"):
            file.write(struct.pack(">I4sQ", 1, name, size))
        file.write(
            struct.pack(">I4sQ4x", 1, b"meta", size) + struct.pack(">I4sQ", 1, b"ilst", size)
        )
        file.write(
            struct.pack(">I4sQ", 1, b"\xa9nam", size) + struct.pack(">I4sQ", 1, b"data", size)
        )
        file.truncate(size)  # with a hole that takes no room on disk
    tracemalloc.start()
    assert read_tags(path) == NO_TAGS
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 200 << 20


WHOLE = [content for _, content, _ in EXAMPLES.values() if len(content) < 60_000]


@given(st.data())
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_in_a_file_gives_tags_that_can_be_kept(
    tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(0, 8))):
        if content:
            at = data.draw(st.integers(0, min(len(content) - 1, 400)))
            content[at] = data.draw(st.integers(0, 255))
    path = tmp_path / f"a.{data.draw(st.sampled_from(['mp3', 'flac', 'wav', 'm4a', 'ogg']))}"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))] if content else b"")
    tags = read_tags(path)
    for value in (tags.title, tags.artist, tags.album, tags.license, tags.page, *tags.genres):
        value.encode()
        assert value == tidy(value) and len(value) <= 300
    assert json.loads(json.dumps(tags.title)) == tags.title


@given(st.text(max_size=400))
@settings(deadline=None)
def test_text_that_is_tidy_is_on_one_line_and_stays_so(written: str) -> None:
    once = tidy(written)
    assert tidy(once) == once and len(once) <= 300
    assert all(letter.isprintable() or letter in "\u200c\u200d" for letter in once)


@pytest.mark.parametrize(
    ("said_there", "found"),
    [
        ("https://www.CreativeCommons.org/licenses/by-nc-sa/2.5/ca/", "CC BY-NC-SA 2.5"),
        ("Licensed CC BY-ND-NC 1.0!", "CC BY-ND-NC 1.0"),
        ("CC-BY 4.0", "CC BY 4.0"),
        ("this is CC0", "CC0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0"),
        ("Creative Commons: Attribution-ShareAlike 3.0 Unported", "CC BY-SA 3.0"),
        ("proper attribution of samples", ""),
        ("made with a copy, cc by mail", ""),
        ("ACC BY 1", ""),
        ("All rights reserved", ""),
    ],
)
def test_a_license_is_found_in_a_text(said_there: str, found: str) -> None:
    assert license_in(said_there) == found
    assert license_class(found) == ("permissive" if found in ("CC BY 4.0", "CC0") else "restricted")


def test_without_pyav_all_but_its_own_containers_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    for name, content in (("a.mp3", mp3(SONG)), ("b.mka", EXAMPLES["Matroska"][1])):
        (tmp_path / name).write_bytes(content)
    assert read_tags(tmp_path / "a.mp3").title == "Song"
    assert read_tags(tmp_path / "b.mka") == NO_TAGS


def test_a_file_that_is_not_there_has_no_tags(tmp_path: Path) -> None:
    assert read_tags(tmp_path / "none.mp3") == read_tags(tmp_path) == NO_TAGS
