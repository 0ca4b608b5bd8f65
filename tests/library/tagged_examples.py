"""Files with tags as taggers wrote them, and what is to be read in each."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from tests.helpers.tagged import (
    LATIN,
    SILENCE,
    UTF16,
    UTF16BE,
    aiff,
    ape,
    atom,
    chunk,
    comment,
    data,
    flac,
    footed,
    frame,
    freeform,
    id3,
    id3v1,
    info,
    made,
    mp4,
    opus,
    packed,
    safe,
    said,
    skeleton,
    stuffed,
    text,
    wav,
    words,
)

BY = "http://creativecommons.org/licenses/by/3.0/"
SONG, ANN = text("TIT2", "Song"), text("TPE1", "Ann")
OLD_SONG, OLD_ANN = text("TIT2", "Song", LATIN, 3), text("TPE1", "Ann", LATIN, 3)
LONG = "A long title of a song that version 1 cuts"


def mp3(*frames: bytes, version: int = 4, flags: int = 0) -> bytes:
    return id3(*frames, version=version, flags=flags) + SILENCE


def korean(title: str, artist: str, page: str = "cp949") -> bytes:
    names = {"TIT2": title, "TPE1": artist}
    fields = [text(name, value.encode(page), LATIN, 3) for name, value in names.items()]
    return mp3(*fields, version=3)


def genre(written: str, version: int = 3) -> bytes:
    return mp3(text("TCON", written, LATIN, version), version=version)


def packed_frame(name: str, body: bytes, version: int) -> bytes:
    content, flags = packed(body, version)
    return frame(name, content, version, flags)


def unsynchronised() -> bytes:
    """A tag of version 2.3 whose title has bytes that would be taken for sound."""
    frames = text("TIT2", "Söng ÿà", UTF16, 3) + frame("PRIV", b"x\0" + b"\xff\xe0" * 9, 3)
    return id3(stuffed(frames + OLD_ANN), version=3, flags=0x80)


def frame_unsynchronised() -> bytes:
    body = words("Söng ÿà", UTF16)
    return mp3(frame("TIT2", safe(len(body)) + stuffed(body), 4, 0x03), ANN, flags=0x80)


def streams() -> bytes:
    first, second = opus("TITLE=Song", "ARTIST=Ann"), opus("TITLE=Other", serial=2)
    return skeleton() + b"".join(one for pair in zip(first, second, strict=True) for one in pair)


BOTH = {"title": "Song", "artist": "Ann"}
EXAMPLES: dict[str, tuple[str, bytes, Mapping[str, object]]] = {
    # ID3, as its versions have it and as taggers understood them
    "2.4": ("a.mp3", mp3(SONG, ANN), BOTH),
    "2.3": ("a.mp3", mp3(OLD_SONG, OLD_ANN, version=3), BOTH),
    "2.2": (
        "a.mp3",
        mp3(text("TT2", "Song", LATIN, 2), text("TP1", "Ann", LATIN, 2), version=2),
        BOTH,
    ),
    "2.3 unsynchronised": (
        "a.mp3",
        unsynchronised() + SILENCE,
        {"title": "Söng ÿà", "artist": "Ann"},
    ),
    "2.4 frames unsynchronised, with data length": (
        "a.mp3",
        frame_unsynchronised(),
        {"title": "Söng ÿà", "artist": "Ann"},
    ),
    "2.4 with plain sizes": (
        "a.mp3",
        mp3(
            frame("PRIV", b"x\0" + b"p" * 300, plain=True),
            SONG,
            frame("COMM", b"\3eng\0" + b"c" * 200, plain=True),
            ANN,
        ),
        BOTH,
    ),
    "2.3 with sizes of 2.4": (
        "a.mp3",
        mp3(frame("PRIV", b"x\0" + b"p" * 300), SONG, frame("TPE1", words("A" * 200)), version=3),
        {"title": "Song", "artist": "A" * 200},
    ),
    "two tags": ("a.mp3", id3(ANN) + id3(SONG) + SILENCE, BOTH),
    "two tags, the first one padded": ("a.mp3", id3(ANN) + bytes(99) + id3(SONG) + SILENCE, BOTH),
    "two titles": ("a.mp3", id3(SONG) + id3(text("TIT2", "Older"), ANN) + SILENCE, BOTH),
    "extended header of 2.3": (
        "a.mp3",
        mp3(struct.pack(">IHI", 6, 0, 0), OLD_SONG, version=3, flags=0x40),
        {"title": "Song"},
    ),
    "extended header of 2.3 with a checksum": (
        "a.mp3",
        mp3(struct.pack(">IHII", 10, 0x8000, 0, 7), OLD_SONG, version=3, flags=0x40),
        {"title": "Song"},
    ),
    "extended header of 2.4": (
        "a.mp3",
        mp3(safe(6) + b"\1\0", SONG, flags=0x40),
        {"title": "Song"},
    ),
    "extended header that is not there": ("a.mp3", mp3(SONG, flags=0x40), {"title": "Song"}),
    "three letters under a head of 2.3": (
        "a.mp3",
        mp3(
            frame("TT2\0", words("Song", LATIN), 3),
            frame("TP1\0", words("Ann", LATIN), 3),
            version=3,
        ),
        BOTH,
    ),
    "frames of 2.2 under a head of 2.3": (
        "a.mp3",
        mp3(text("TT2", "Song", LATIN, 2), text("TP1", "Ann", LATIN, 2), version=3),
        BOTH,
    ),
    "packed 2.4": ("a.mp3", mp3(packed_frame("TIT2", words("Song"), 4), ANN), BOTH),
    "packed 2.3": (
        "a.mp3",
        mp3(packed_frame("TIT2", words("Song", LATIN), 3), OLD_ANN, version=3),
        BOTH,
    ),
    "grouped 2.4": ("a.mp3", mp3(frame("TIT2", b"\1" + words("Song"), 4, 0x40), ANN), BOTH),
    "grouped 2.3": (
        "a.mp3",
        mp3(frame("TIT2", b"\1" + words("Song"), 3, 0x20), OLD_ANN, version=3),
        BOTH,
    ),
    "encrypted": ("a.mp3", mp3(frame("TIT2", b"\1xyzxyz", 4, 0x04), ANN), {"artist": "Ann"}),
    "with a foot": ("a.mp3", footed(id3(SONG, ANN)) + SILENCE, BOTH),
    "at the end of the file": ("a.mp3", SILENCE + footed(id3(SONG, ANN)), BOTH),
    "at the end, before version 1": (
        "a.mp3",
        SILENCE + footed(id3(text("TIT2", LONG))) + id3v1(LONG.encode()),
        {"title": LONG},
    ),
    "behind zeros": ("a.mp3", bytes(100) + mp3(SONG), {"title": "Song"}),
    "longer than the file": (
        "a.mp3",
        b"ID3\4\0\0" + safe(2**28 - 1) + SONG + SILENCE,
        {"title": "Song"},
    ),
    "a frame longer than the tag": (
        "a.mp3",
        mp3(ANN, b"TIT2" + struct.pack(">I", 2**28) + b"\0\0\0Song", version=3),
        {"artist": "Ann", "title": "Song"},
    ),
    "an empty frame first": ("a.mp3", mp3(frame("TALB", b""), SONG), {"title": "Song"}),
    "1, junk behind NUL": (
        "a.mp3",
        SILENCE + id3v1(b"Song\0junk", b"Ann\0\xff\xff", genre=17),
        {**BOTH, "genres": ("Rock",)},
    ),
    "1, padded with blanks": ("a.mp3", SILENCE + id3v1(b"Song".ljust(30), b"Ann".ljust(30)), BOTH),
    "1 gives what 2 lacks": ("a.mp3", id3(SONG) + SILENCE + id3v1(b"Other", b"Ann"), BOTH),
    "2 with blanks only": ("a.mp3", mp3(text("TIT2", " \t\0 ")) + id3v1(b"Song", b"Ann"), BOTH),
    # Encodings
    "UTF-16 without its mark": (
        "a.mp3",
        mp3(text("TIT2", "Söng".encode("utf-16-le"), UTF16)),
        {"title": "Söng"},
    ),
    "UTF-16 of the other order without its mark": (
        "a.mp3",
        mp3(text("TIT2", "Söng".encode("utf-16-be"), UTF16)),
        {"title": "Söng"},
    ),
    "UTF-16 in Korean without its mark": (
        "a.mp3",
        mp3(text("TIT2", "사랑은 늘 도망가".encode("utf-16-be"), UTF16)),
        {"title": "사랑은 늘 도망가"},
    ),
    "UTF-16 called so, but ASCII": ("a.mp3", mp3(text("TIT2", b"Song", UTF16)), {"title": "Song"}),
    "UTF-16 called Latin-1": (
        "a.mp3",
        mp3(text("TIT2", "노래".encode("utf-16"), LATIN)),
        {"title": "노래"},
    ),
    "UTF-16 with half a letter": (
        "a.mp3",
        mp3(text("TIT2", "Söng".encode("utf-16") + b"\0", UTF16)),
        {"title": "Söng"},
    ),
    "UTF-16 with half a pair": (
        "a.mp3",
        mp3(text("TIT2", b"\xff\xfe" + "Song😀".encode("utf-16-le")[:-2], UTF16)),
        {"title": "Song"},
    ),
    "UTF-16 of big ends": ("a.mp3", mp3(text("TIT2", "노래", UTF16BE)), {"title": "노래"}),
    "UTF-8 with a mark": ("a.mp3", mp3(text("TIT2", "\ufeffSong")), {"title": "Song"}),
    "UTF-8 called so, but cp949": (
        "a.mp3",
        mp3(text("TIT2", "사랑은 늘 도망가".encode("cp949"))),
        {"title": "사랑은 늘 도망가"},
    ),
    "UTF-8 called Latin-1": (
        "a.mp3",
        mp3(text("TIT2", "노래 Été".encode(), LATIN)),
        {"title": "노래 Été"},
    ),
    "UTF-8 called Latin-1 and written so": (
        "a.flac",
        flac("TITLE=" + "노래 Été".encode().decode("latin-1")),
        {"title": "노래 Été"},
    ),
    "no number of an encoding": ("a.mp3", mp3(frame("TIT2", b"Song")), {"title": "Song"}),
    "Latin-1": ("a.mp3", mp3(text("TIT2", "Ágætis byrjun", LATIN)), {"title": "Ágætis byrjun"}),
    "Windows' quotes": ("a.mp3", mp3(text("TIT2", b"L\x92\xe9t\xe9", LATIN)), {"title": "L’été"}),
    "cp949": ("a.mp3", korean("밤편지", "아이유"), {"title": "밤편지", "artist": "아이유"}),
    "Shift-JIS": (
        "a.mp3",
        korean("さくら", "椎名林檎", "cp932"),
        {"title": "さくら", "artist": "椎名林檎"},
    ),
    "cp1251": (
        "a.mp3",
        korean("Группа крови", "Кино", "cp1251"),
        {"title": "Группа крови", "artist": "Кино"},
    ),
    "GB18030": (
        "a.mp3",
        korean("月亮代表我的心", "邓丽君", "gb18030"),
        {"title": "月亮代表我的心", "artist": "邓丽君"},
    ),
    "Big5": (
        "a.mp3",
        korean("告白氣球", "周杰倫", "big5"),
        {"title": "告白氣球", "artist": "周杰倫"},
    ),
    "cp949 in version 1": (
        "a.mp3",
        SILENCE + id3v1("사랑은 늘 도망가".encode("cp949"), "임영웅".encode("cp949")),
        {"title": "사랑은 늘 도망가", "artist": "임영웅"},
    ),
    "cp949 that only the file's name tells": (
        "꽃.mp3",
        mp3(text("TIT2", "꽃".encode("cp949"), LATIN)),
        {"title": "꽃"},
    ),
    "cp949 in Vorbis comments": (
        "a.flac",
        flac(b"TITLE=" + "노래".encode("cp949"), "ARTIST=Ann"),
        {"artist": "Ann"},
    ),
    # What a title may hold
    "family": ("a.mp3", mp3(text("TIT2", "👨‍👩‍👧 Song")), {"title": "👨‍👩‍👧 Song"}),
    "heart on fire": ("a.mp3", mp3(text("TIT2", "❤️‍🔥")), {"title": "❤️‍🔥"}),
    "Persian": ("a.mp3", mp3(text("TIT2", "می‌خواهم")), {"title": "می‌خواهم"}),
    "marks of direction": ("a.mp3", mp3(text("TIT2", "\u202eSo\u200bng\u2066")), {"title": "Song"}),
    "joiners that join nothing": (
        "a.mp3",
        mp3(text("TIT2", "\u200dS\u200co\u200dng\u200d")),
        {"title": "Song"},
    ),
    "escapes": ("a.mp3", mp3(text("TIT2", "So\x1b[31mng\r\nB")), {"title": "So [31mng B"}),
    "marks without end": (
        "a.mp3",
        mp3(text("TIT2", "So" + "\u0301" * 500 + "ng")),
        {"title": "Só" + "\u0301" * 4 + "ng"},
    ),
    "decomposed": ("a.mp3", mp3(text("TIT2", "\u1102\u1169\u1105\u1162")), {"title": "노래"}),
    "nothing to see": ("a.mp3", mp3(text("TIT2", "\u3164\u200b\u2800"), ANN), {"artist": "Ann"}),
    "long": ("a.mp3", mp3(text("TIT2", "x" * 5000)), {"title": "x" * 300}),
    # Artists
    "artists of 2.4": ("a.mp3", mp3(text("TPE1", "Ann\0Bob")), {"artist": "Ann, Bob"}),
    "artists of UTF-16, a mark each": (
        "a.mp3",
        mp3(text("TPE1", "Ann".encode("utf-16") + b"\0\0" + "Bob".encode("utf-16"), UTF16)),
        {"artist": "Ann, Bob"},
    ),
    "a slash of 2.3 is a name's": (
        "a.mp3",
        mp3(text("TPE1", "AC/DC", LATIN, 3), version=3),
        {"artist": "AC/DC"},
    ),
    "two frames": ("a.mp3", mp3(ANN, text("TPE1", "Bob")), {"artist": "Ann, Bob"}),
    "artists of Vorbis": ("a.flac", flac("ARTIST=Ann", "artist=Bob"), {"artist": "Ann, Bob"}),
    "artists listed twice": (
        "a.flac",
        flac("ARTIST=Ann & Bob", "ARTISTS=Ann", "ARTISTS=Bob"),
        {"artist": "Ann & Bob"},
    ),
    "artists of APE": ("a.mp3", SILENCE + ape(Artist="Ann\0Bob"), {"artist": "Ann, Bob"}),
    "artists of MP4": (
        "a.m4a",
        mp4(atom(b"\xa9ART", data("Ann"), data("Bob"))),
        {"artist": "Ann, Bob"},
    ),
    "the album's artist": ("a.mp3", mp3(SONG, text("TPE2", "Ann")), BOTH),
    # Genres
    "(17)(131)": ("a.mp3", genre("(17)(131)"), {"genres": ("Rock", "Indie")}),
    "(RX)": ("a.mp3", genre("(RX)"), {"genres": ("Remix",)}),
    "(RX)(CR)": ("a.mp3", genre("(RX)(CR)"), {"genres": ("Remix", "Cover")}),
    "(4)Eurodisco": ("a.mp3", genre("(4)Eurodisco"), {"genres": ("Disco", "Eurodisco")}),
    "((Sic)": ("a.mp3", genre("((Sic)"), {"genres": ("(Sic)",)}),
    "17": ("a.mp3", genre("17"), {"genres": ("Rock",)}),
    "17 and a name": ("a.mp3", genre("17\0Dub", 4), {"genres": ("Rock", "Dub")}),
    "a number of none": ("a.mp3", genre("(255)"), {}),
    "commas": ("a.mp3", genre("Rock, Pop"), {"genres": ("Rock", "Pop")}),
    "a comma of a name": (
        "a.flac",
        flac("GENRE=Folk, World, & Country", "GENRE=Dub"),
        {"genres": ("Folk, World, & Country", "Dub")},
    ),
    "all between": (
        "a.mp3",
        genre("Rock; Pop|Dub\\\\Ska/Jazz"),
        {"genres": ("Rock", "Pop", "Dub", "Ska", "Jazz")},
    ),
    "of letters and a sign": ("a.mp3", genre("Drum & Bass"), {"genres": ("Drum & Bass",)}),
    "in MP4 by number": ("a.m4a", mp4(atom(b"gnre", data(b"\0\x12", 0))), {"genres": ("Rock",)}),
    # Licenses and pages
    "WCOP": (
        "a.mp3",
        mp3(SONG, frame("WCOP", BY.encode())),
        {"title": "Song", "license": "CC BY 3.0"},
    ),
    "TXXX": ("a.mp3", mp3(said("LICENSE", "CC BY-SA 4.0")), {"license": "CC BY-SA 4.0"}),
    "TXXX in UTF-16": (
        "a.mp3",
        mp3(text("TXXX", "License\0CC BY-SA 4.0", UTF16, 3), version=3),
        {"license": "CC BY-SA 4.0"},
    ),
    "TXX": ("a.mp3", mp3(said("license", "CC0", 2), version=2), {"license": "CC0"}),
    "a comment": ("a.mp3", mp3(comment(f"Free: {BY} ok")), {"license": "CC BY 3.0"}),
    "the second comment": (
        "a.mp3",
        mp3(comment("0000 1111", "iTunNORM"), comment(f"under {BY}")),
        {"license": "CC BY 3.0"},
    ),
    "a comment by name": (
        "a.mp3",
        mp3(comment("Creative Commons Attribution-NonCommercial 4.0 International")),
        {"license": "CC BY-NC 4.0"},
    ),
    "a copyright": (
        "a.mp3",
        mp3(text("TCOP", "2010 Ann, CC BY-NC-ND 2.5")),
        {"license": "CC BY-NC-ND 2.5"},
    ),
    "a copyright that is none": ("a.mp3", mp3(text("TCOP", "2010 Ann")), {}),
    "in Vorbis": ("a.flac", flac(f"LICENSE={BY}"), {"license": "CC BY 3.0"}),
    "in Vorbis' copyright": ("a.flac", flac(f"COPYRIGHT=Ann {BY}"), {"license": "CC BY 3.0"}),
    "in APE": ("a.mp3", SILENCE + ape(License="CC BY 3.0"), {"license": "CC BY 3.0"}),
    "in MP4": ("a.m4a", mp4(freeform("LICENSE", "CC BY 4.0")), {"license": "CC BY 4.0"}),
    "in MP4's copyright": (
        "a.m4a",
        mp4(atom(b"cprt", data(f"Ann {BY}"))),
        {"license": "CC BY 3.0"},
    ),
    "in WAV": ("a.wav", wav(info(ICOP=f"Ann {BY}")), {"license": "CC BY 3.0"}),
    "another license": (
        "a.mp3",
        mp3(said("LICENSE", "Free Art License 1.3")),
        {"license": "Free Art License 1.3"},
    ),
    "WOAF": ("a.mp3", mp3(frame("WOAF", b"https://a.org/x\0junk")), {"page": "https://a.org/x"}),
    "WXXX": ("a.mp3", mp3(frame("WXXX", b"\0about\0https://a.org/y")), {"page": "https://a.org/y"}),
    "WXXX in UTF-16": (
        "a.mp3",
        mp3(frame("WXXX", b"\1" + "about".encode("utf-16") + b"\0\0https://a.org/y")),
        {"page": "https://a.org/y"},
    ),
    "a page that is none": ("a.mp3", mp3(frame("WOAF", b"javascript:alert(1)")), {}),
    "yt-dlp's page": ("a.flac", flac("PURL=https://a.org/z"), {"page": "https://a.org/z"}),
    # Other tags and containers
    "APE": (
        "a.mp3",
        SILENCE + ape(Title="Song", Artist="Ann", Genre="Dub"),
        {**BOTH, "genres": ("Dub",)},
    ),
    "APE without its head": ("a.mp3", SILENCE + ape(head=False, Title="Song", Artist="Ann"), BOTH),
    "APE before version 1": (
        "a.mp3",
        SILENCE + ape(Title=LONG, Artist="Ann") + id3v1(LONG.encode()),
        {"title": LONG, "artist": "Ann"},
    ),
    "APE behind ID3": ("a.mp3", id3(SONG) + SILENCE + ape(Title="Other", Artist="Ann"), BOTH),
    "WavPack": ("a.wv", made("wv", "wavpack") + ape(Title="Song", Artist="Ann"), BOTH),
    "FLAC": ("a.flac", flac("TITLE=Song", "ARTIST=Ann", "GENRE=Dub"), {**BOTH, "genres": ("Dub",)}),
    "FLAC behind ID3": (
        "a.flac",
        id3(text("TIT2", "Old"), text("TPE1", "Bob"), text("TCON", "Dub"))
        + flac("TITLE=Song", "ARTIST=Ann"),
        {**BOTH, "genres": ("Dub",)},
    ),
    "FLAC with a large picture": (
        "a.flac",
        flac("TITLE=Song", picture=15_000_000),
        {"title": "Song"},
    ),
    "Ogg of several streams": ("a.ogg", streams(), BOTH),
    "Ogg with a large picture": (
        "a.opus",
        b"".join(opus("METADATA_BLOCK_PICTURE=" + "A" * 100_000, "TITLE=Song", "ARTIST=Ann")),
        BOTH,
    ),
    "Ogg of FLAC": ("a.ogg", made("ogg", "flac", title="Song", artist="Ann"), BOTH),
    "Ogg behind ID3": (
        "a.ogg",
        id3(text("TIT2", "Old")) + b"".join(opus("TITLE=Song", "ARTIST=Ann")),
        BOTH,
    ),
    "Matroska": (
        "a.mka",
        made("matroska", "libopus", title="Song", artist="Ann", license=BY),
        {**BOTH, "license": "CC BY 3.0"},
    ),
    "WebM": ("a.webm", made("webm", "libopus", title="Song", artist="Ann"), BOTH),
    "MP4": ("a.m4a", mp4(atom(b"\xa9nam", data("Song")), atom(b"\xa9ART", data("Ann"))), BOTH),
    "QuickTime": ("a.m4a", mp4(atom(b"\xa9nam", data("Song")), brand=b"qt  "), {"title": "Song"}),
    "WMA": (
        "a.wma",
        made("asf", "wmav2", title="Söng", artist="Ann", copyright="CC BY 3.0"),
        {"title": "Söng", "artist": "Ann", "license": "CC BY 3.0"},
    ),
    "WAV in Latin-1": (
        "a.wav",
        wav(info(INAM="Café".encode("latin-1"), IART="Ann")),
        {"title": "Café", "artist": "Ann"},
    ),
    "WAV in UTF-8": ("a.wav", wav(info(INAM="노래 Café")), {"title": "노래 Café"}),
    "WAV in cp949": (
        "a.wav",
        wav(info(INAM="밤편지".encode("cp949"), IART="아이유".encode("cp949"))),
        {"title": "밤편지", "artist": "아이유"},
    ),
    "WAV, before its sound": (
        "a.wav",
        wav(info(INAM="Song", IGNR="Dub"), after=False),
        {"title": "Song", "genres": ("Dub",)},
    ),
    "WAV with ID3": ("a.wav", wav(info(INAM="Old"), chunk(b"id3 ", id3(SONG, ANN))), BOTH),
    "AIFF with ID3": ("a.aiff", aiff(chunk(b"ID3 ", id3(SONG, ANN), ">")), BOTH),
    "AIFF": ("a.aiff", aiff(chunk(b"NAME", b"Song", ">"), chunk(b"AUTH", b"Ann", ">")), BOTH),
    "CAF": ("a.caf", made("caf", "pcm_s16be", title="Song", artist="Ann"), BOTH),
    "AU": ("a.au", made("au", "pcm_s16be", title="Song", artist="Ann"), BOTH),
    "AAC": ("a.aac", id3(SONG, ANN) + made("adts", "aac"), BOTH),
    "TTA": ("a.tta", id3(SONG, ANN) + made("tta", "tta"), BOTH),
    "WAV of 64 bits": ("a.wav", wav(info(INAM="Song"), name=b"RF64"), {"title": "Song"}),
    "WAV that forgets to pad": (
        "a.wav",
        wav(chunk(b"junk", b"odd")[:-1], info(INAM="Song", IART="Ann")),
        BOTH,
    ),
    "AVI": ("a.avi", made("avi", "pcm_s16le", title="Song", artist="Ann"), BOTH),
    "QuickTime of old": ("a.mov", made("mov", "pcm_s16le", title="Song", artist="Ann"), BOTH),
    "mp3 called wav": ("a.wav", mp3(SONG, ANN), BOTH),
    "FLAC called mp3": ("a.mp3", flac("TITLE=Song", "ARTIST=Ann"), BOTH),
    "MP4 called mp3": ("a.mp3", mp4(atom(b"\xa9nam", data("Song"))), {"title": "Song"}),
    "Ogg called mp3": ("a.mp3", b"".join(opus("TITLE=Song", "ARTIST=Ann")), BOTH),
    "Matroska called mp3": ("a.mp3", made("matroska", "libopus", title="Song", artist="Ann"), BOTH),
    "no tags": ("a.mp3", SILENCE, {}),
    "nothing": ("a.mp3", b"", {}),
}
