"""Playlists as players, people and worse write them."""

from __future__ import annotations

import os
import time
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from soundmap.errors import BadRequest
from soundmap.playlists.entries import Entry
from soundmap.playlists.reading import MOST_ENTRIES, MOST_MB, read_playlist

XSPF = '<?xml version="1.0" encoding="UTF-8"?><playlist version="1" xmlns="http://xspf.org/ns/0/">'


def entries_of(path: Path, data: bytes | str) -> tuple[Entry, ...]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_playlist(path).entries


def locations(path: Path, data: bytes | str) -> list[str]:
    return [entry.location for entry in entries_of(path, data)]


def code_of(path: Path, data: bytes | str) -> str:
    with pytest.raises(BadRequest) as caught:
        entries_of(path, data)
    assert str(caught.value)
    return caught.value.code


def test_an_m3u_tells_titles_artists_and_lengths(tmp_path: Path) -> None:
    text = (
        "#EXTM3U\n#PLAYLIST:Evening\n#EXTINF:123,Can - Halleluhwah\na.mp3\n\nhttp://b.example/c\n"
    )
    (tmp_path / "list.m3u").write_text(text)
    found = read_playlist(tmp_path / "list.m3u")
    assert found.title == "Evening"
    assert found.entries == (
        Entry(str(tmp_path / "a.mp3"), "Halleluhwah", "Can", 123),
        Entry("http://b.example/c"),
    )


@pytest.mark.parametrize(
    ("line", "seconds", "title"),
    [
        ("#EXTINF:-1,Live", 0, "Live"),
        ("#EXTINF:12.7, Spaced ", 12, "Spaced"),
        ('#EXTINF:-1 tvg-id="a,b" group-title="x",News', 0, "News"),
        ("#extinf:5,Low", 5, "Low"),
        ("#EXTINF:99999999999999999999,Long", 0, "Long"),
        ("#EXTINF:nan,Odd", 0, "nan,Odd"),
        ("#EXTINF:7", 7, ""),
        ("#EXTINF", 0, ""),
        ("#EXTINF:1," + "x" * 5000, 1, "x" * 300),
    ],
)
def test_what_is_said_of_an_entry(line: str, seconds: int, title: str, tmp_path: Path) -> None:
    (entry,) = entries_of(tmp_path / "l.m3u8", f"#EXTM3U\n{line}\na.mp3\n")
    assert (entry.seconds, entry.title) == (seconds, title)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("suffix", [".m3u", ".m3u8", ".txt"])
def test_every_form_of_unicode_is_read(codec: str, end: str, suffix: str, tmp_path: Path) -> None:
    text = end.join(["#EXTM3U", "#EXTINF:3,아이유 - 밤편지", "노래/밤편지.mp3", ""])
    (entry,) = entries_of(tmp_path / f"list{suffix}", text.encode(codec))
    assert entry == Entry(str(tmp_path / "노래/밤편지.mp3"), "밤편지", "아이유", 3)


@pytest.mark.parametrize(
    ("codec", "artist", "title"),
    [
        ("cp949", "아이유", "밤편지"),
        ("latin-1", "Björk", "Jóga"),
        ("cp1252", "Sigur Rós", "Ágætis byrjun – live"),
        ("shift_jis", "椎名林檎", "歌舞伎町の女王"),
    ],
)
def test_a_code_page_is_told_by_the_text(
    codec: str, artist: str, title: str, tmp_path: Path
) -> None:
    text = f"#EXTM3U\r\n#EXTINF:3,{artist} - {title}\r\n{artist}\\{title}.mp3\r\n"
    (tmp_path / artist).mkdir()
    (tmp_path / artist / f"{title}.mp3").touch()
    (entry,) = entries_of(tmp_path / "list.m3u", text.encode(codec))
    assert entry == Entry(str(tmp_path / artist / f"{title}.mp3"), title, artist, 3)


@pytest.mark.parametrize(
    "text",
    [
        "Music/a song.mp3",
        "./Music/a song.mp3",
        "../{here}/Music/a song.mp3",
        "Music\\a song.mp3",
        ".\\Music\\a song.mp3",
        "Music/a%20song.mp3",
        "{folder}/Music/a song.mp3",
        "file://{folder}/Music/a%20song.mp3",
        "file://localhost{folder}/Music/a%20song.mp3",
        "FILE:{folder}/Music/a song.mp3",
        "file:Music/a song.mp3",
    ],
)
@pytest.mark.parametrize("kind", ["m3u", "pls", "xspf"])
def test_a_path_is_found_however_it_is_written(text: str, kind: str, tmp_path: Path) -> None:
    song = tmp_path / "Music" / "a song.mp3"
    song.parent.mkdir()
    song.touch()
    text = text.format(folder=tmp_path, here=tmp_path.name)
    written = {
        "m3u": text,
        "pls": f"[playlist]\nFile1={text}\n",
        "xspf": XSPF
        + f"<trackList><track><location>{text}</location></track></trackList></playlist>",
    }
    (found,) = locations(tmp_path / f"list.{kind}", written[kind])
    assert Path(found).samefile(song)


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("C:\\Music\\a.mp3", "C:\\Music\\a.mp3"),
        ("file:///C:/Music/a%20b.mp3", "C:/Music/a b.mp3"),
        ("file://C:\\Music\\a.mp3", "C:\\Music\\a.mp3"),
        ("\\\\nas\\music\\a.mp3", "file://nas/music/a.mp3"),
        ("//nas/music/a.mp3", "file://nas/music/a.mp3"),
        ("file://nas/music/a.mp3", "file://nas/music/a.mp3"),
        ("file:////nas/music/a.mp3", "file:////nas/music/a.mp3"),
        ("http://a.example/a b<c>.mp3", "http://a.example/a%20b%3Cc%3E.mp3"),
        ("smb://nas/a.mp3", "smb://nas/a.mp3"),
        ("%2f%2fnas%2fa.mp3", "{folder}/%2f%2fnas%2fa.mp3"),
        ("-", "{folder}/-"),
        ("Intro: Op.1.mp3", "{folder}/Intro: Op.1.mp3"),
    ],
)
def test_what_is_elsewhere_is_named_and_not_visited(
    text: str, location: str, tmp_path: Path
) -> None:
    assert locations(tmp_path / "list.m3u", text) == [location.format(folder=tmp_path)]


def test_a_name_is_taken_as_it_stands_before_it_is_interpreted(tmp_path: Path) -> None:
    for name in ("a%20b.mp3", "a b.mp3", "c\\d.mp3"):
        (tmp_path / name).touch()
    found = locations(tmp_path / "list.m3u", "a%20b.mp3\nc\\d.mp3\n")
    assert found == [str(tmp_path / "a%20b.mp3"), str(tmp_path / "c\\d.mp3")]


def test_the_folder_of_a_playlist_is_the_real_one(tmp_path: Path) -> None:
    (tmp_path / "real" / "lists").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "lists")
    (tmp_path / "real" / "lists" / "list.m3u").write_text("../a.mp3\n")
    (entry,) = read_playlist(tmp_path / "link" / "list.m3u").entries
    assert entry.location == str(tmp_path / "real" / "a.mp3")


def test_a_pls_plays_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    text = "[Playlist]\nFile2=b.mp3\nTitle10=T\nFile10=c.mp3\nLength10=-1\nFILE1 = a.mp3\n"
    text += "Title1=X - Y\nLength1=61\nTitle3=no file\nFile=odd.mp3\nNumberOfEntries=99\n"
    folder = str(tmp_path)
    assert entries_of(tmp_path / "list.pls", text) == (
        Entry(f"{folder}/a.mp3", "Y", "X", 61),
        Entry(f"{folder}/b.mp3"),
        Entry(f"{folder}/c.mp3", "T"),
    )


def test_an_xspf_tells_the_first_location_of_each_track(tmp_path: Path) -> None:
    text = XSPF + (
        "<title>Mine</title><trackList>"
        "<track><location>a%C3%A9.mp3</location><location>b.mp3</location><title>T &amp; U</title>"
        "<creator>C</creator><duration>61499</duration></track>"
        "<track><title>nowhere</title></track>"
        "<track><info>https://a.example/page</info></track>"
        "<track><extension application='x'><location>no.mp3</location></extension></track>"
        "</trackList></playlist>"
    )
    (tmp_path / "list.xspf").write_text(text)
    found = read_playlist(tmp_path / "list.xspf")
    assert found.title == "Mine"
    assert found.entries == (
        Entry(str(tmp_path / "aé.mp3"), "T & U", "C", 61),
        Entry("https://a.example/page", is_page=True),
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("l.xspf", f"<!-- by a player -->{XSPF[38:]}{{}}</playlist>"),
        ("l.xspf", "<x:playlist xmlns:x='http://xspf.org/ns/0/'>{x}</x:playlist>"),
        ("l.m3u", f"{XSPF}{{}}</playlist>"),
        ("l.pls", "; by a player\nFile1=a.mp3\n"),
        ("l.m3u", "[playlist]\nFile1=a.mp3\n"),
        ("l.pls", "#EXTM3U\na.mp3\n"),
        ("l.txt", "#EXTM3U8\na.mp3\n"),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_the_first_words_tell_the_format_or_else_the_name(
    name: str, data: str, codec: str, tmp_path: Path
) -> None:
    tracks = "<trackList><track><location>a.mp3</location></track></trackList>"
    data = data.replace(
        "{x}", tracks.replace("</", "</x:").replace("<t", "<x:t").replace("<l", "<x:l")
    )
    data = data.replace("{}", tracks).replace("UTF-8", codec)
    assert locations(tmp_path / name, data.encode(codec)) == [str(tmp_path / "a.mp3")]


def test_a_stream_is_no_playlist(tmp_path: Path) -> None:
    text = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.0,\nsegment0.ts\n"
    assert code_of(tmp_path / "live.m3u8", text) == "not_a_playlist"


BOMB = "".join(f"<!ENTITY e{n + 1} '{f'&e{n};' * 10}'>" for n in range(12))


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE playlist [<!ENTITY e0 'boom'>{BOMB}]>",
        "<!DOCTYPE playlist [<!ENTITY e12 SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE playlist SYSTEM 'http://127.0.0.1:9/x.dtd'>",
        "<!DOCTYPE playlist [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>",
    ],
)
def test_no_document_type_is_followed(doctype: str, tmp_path: Path) -> None:
    body = "<playlist><trackList><track><location>&e12;</location></track></trackList></playlist>"
    started = time.monotonic()
    assert code_of(tmp_path / "l.xspf", f'<?xml version="1.0"?>{doctype}{body}') == "not_a_playlist"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "data",
    [
        os.urandom(4096) + b"\0\1",
        b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 100,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        XSPF.encode(),
        XSPF.encode() + b"<a>" * 200_000,
        b"\xff\xfea",
    ],
)
@pytest.mark.parametrize("suffix", [".m3u", ".m3u8", ".pls", ".xspf", ".mp3"])
def test_rubbish_is_no_playlist(data: bytes, suffix: str, tmp_path: Path) -> None:
    assert code_of(tmp_path / f"list{suffix}", data) == "not_a_playlist"


@pytest.mark.parametrize(
    "data", ["", "\n\r\n", "#EXTM3U\n#EXTINF:3,A - B\n", "[playlist]\n", XSPF + "</playlist>"]
)
def test_an_empty_list_is_said_to_be_empty(data: str, tmp_path: Path) -> None:
    assert code_of(tmp_path / "list.m3u", data) == "empty_playlist"


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.m3u")
    for name, code in (
        ("gone.m3u", "no_playlist"),
        ("a\0b.m3u", "no_playlist"),
        ("empty", "empty_playlist"),
        ("pipe.m3u", "not_a_playlist"),
    ):
        with pytest.raises(BadRequest) as caught:
            read_playlist(tmp_path / name)
        assert caught.value.code == code


def test_a_folder_is_its_sounds_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.flac", "a/2.mp3", "a/1.MP3", "cover.jpg", "list.m3u", ".hidden.mp3"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = read_playlist(tmp_path)
    assert found.title == tmp_path.name
    assert [it.location for it in found.entries] == [
        str(tmp_path / name) for name in ("a/1.MP3", "a/2.mp3", "b.flac")
    ]


def test_playlists_in_playlists_stand_in_place_and_end(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "inner.m3u").write_text("1.mp3\n../outer.m3u\ninner.m3u\n2.mp3\n")
    (tmp_path / "broken.pls").write_bytes(b"\0\1\2")
    text = "a.mp3\nin/inner.m3u\nouter.m3u\nbroken.pls\ngone.m3u\nin/inner.m3u\nb.mp3\n"
    found = locations(tmp_path / "outer.m3u", text)
    names = ("a.mp3", "in/1.mp3", "in/2.mp3", "broken.pls", "gone.m3u", "b.mp3")
    assert found == [str(tmp_path / name) for name in names]


def test_a_thousand_lists_that_name_each_other_end(tmp_path: Path) -> None:
    text = "\n".join(f"{n}.m3u" for n in range(1000))
    for n in range(1000):
        (tmp_path / f"{n}.m3u").write_text(text)
    started = time.monotonic()
    assert len(locations(tmp_path / "0.m3u", text)) < 1000
    assert time.monotonic() - started < 30


@pytest.mark.timeout(300)
def test_a_hundred_thousand_entries_are_read_and_no_more(tmp_path: Path) -> None:
    lines = [f"/Music/{n}.mp3" for n in range(MOST_ENTRIES)]
    assert locations(tmp_path / "list.m3u", "\n".join(lines)) == lines
    assert code_of(tmp_path / "list.m3u", "\n".join([*lines, "/a.mp3"])) == "playlist_too_long"


def test_ten_thousand_odd_entries_are_read_in_seconds(tmp_path: Path) -> None:
    text = "".join(f"#EXTINF:1,Café - {n}\nMusic\\{n}%20é.mp3\n" for n in range(10_000))
    started = time.monotonic()
    assert len(entries_of(tmp_path / "list.m3u", text.encode("latin-1"))) == 10_000
    assert time.monotonic() - started < 60


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.m3u"
    with path.open("wb") as file:
        file.truncate((MOST_MB << 20) + 1)
    with pytest.raises(BadRequest) as caught:
        read_playlist(path)
    assert caught.value.code == "playlist_too_large"


@pytest.mark.parametrize("hostile", ["a\x1b[31mb", "a\u202eb", "a\tb", "\ud800a", " a  b "])
def test_what_is_shown_of_an_entry_is_one_tidy_line(hostile: str) -> None:
    entry = Entry("/a.mp3", hostile, hostile)
    assert entry.title == entry.artist
    assert entry.title.isprintable()
    assert entry.title == " ".join(entry.title.split())


@pytest.mark.parametrize("there", ["NFC", "NFD"])
@pytest.mark.parametrize("kind", ["{}", "./{}", "sub\\..\\{}", "file://{folder}/{}"])
def test_letters_whole_or_composed_name_the_file_that_is_there(
    there: Literal["NFC", "NFD"], kind: str, tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    song = tmp_path / unicodedata.normalize(there, "나무늘보 é.mp3")
    song.touch()
    form: Literal["NFC", "NFD"]
    for form in ("NFC", "NFD"):
        text = kind.format(unicodedata.normalize(form, "나무늘보 é.mp3"), folder=tmp_path)
        (found,) = locations(tmp_path / "l.m3u8", f"{text}\n")
        assert Path(found).resolve() == song


def test_lists_put_one_behind_the_other_are_one(tmp_path: Path) -> None:
    text = "\ufeff#EXTM3U\na.mp3\n\ufeff#EXTM3U\nb.mp3\n\ufeffc.mp3\n"
    assert [Path(it).name for it in locations(tmp_path / "l.m3u8", text)] == [
        "a.mp3",
        "b.mp3",
        "c.mp3",
    ]


def test_places_in_xspf_begin_at_its_base(tmp_path: Path) -> None:
    def placed(base: str, *inner: str) -> list[str]:
        tracks = "".join(f"<track{it}</track>" for it in inner)
        head = XSPF.replace("<playlist", f'<playlist xml:base="{base}"')
        return locations(tmp_path / "l.xspf", f"{head}<trackList>{tracks}</trackList></playlist>")

    assert placed(
        f"file://{tmp_path}/a%20b/",
        "><location>c%20d.mp3</location>",
        "><location>../e.mp3</location>",
        ' xml:base="in/"><location>f.mp3</location>',
        "><location>http://a.example/g</location>",
    ) == [
        f"{tmp_path}/a b/c d.mp3",
        f"{tmp_path}/e.mp3",
        f"{tmp_path}/a b/in/f.mp3",
        "http://a.example/g",
    ]
    assert placed("sub/", "><location>a.mp3</location>") == [f"{tmp_path}/sub/a.mp3"]
    assert placed(
        "http://a.example/m/", "><location>http://[b/c</location>", "><location>d</location>"
    ) == ["http://[b/c", "http://a.example/m/d"]  # one that is no address costs no other


@pytest.mark.parametrize("tag", ["a", 'a xml:base="aaaaaaaaaaaaaaaa/"'])
def test_nesting_costs_nothing(tag: str, tmp_path: Path) -> None:
    text = f"{XSPF}{f'<{tag}>' * 100_000}{'</a>' * 100_000}</playlist>"
    before = time.monotonic()
    assert code_of(tmp_path / "l.xspf", text) == "empty_playlist"
    assert time.monotonic() - before < 5


def test_a_song_is_soon_seen_to_be_no_playlist(tmp_path: Path) -> None:
    before = time.monotonic()
    assert code_of(tmp_path / "a.mp3", bytes(range(1, 256)) * 16_000) == "not_a_playlist"
    assert time.monotonic() - before < 2


@pytest.mark.parametrize(
    ("said", "codec"),
    [("EUC-KR", "cp949"), ("UTF-8", "cp949"), ("ISO-8859-1", "latin-1"), ("UTF-16", "utf-16")],
)
def test_xspf_is_read_in_the_letters_it_is_written_in(
    said: str, codec: str, tmp_path: Path
) -> None:
    title = "Jóga" if codec == "latin-1" else "밤편지"
    head = XSPF.replace("UTF-8", said)
    track = f"<track><location>a.mp3</location>\n<title>{title}</title></track>"
    text = f"{head}<trackList>{track}</trackList></playlist>"
    (entry,) = entries_of(tmp_path / "l.xspf", text.encode(codec))
    assert (Path(entry.location).name, entry.title) == ("a.mp3", title)
