"""Stars and ends of paths are called what the tags of their files say."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from bot.app import opened
from bot.config import read_settings
from bot.types import Answer, Heard, LocalFile, Named, PathAnswer
from soundmap.library.tags import NO_TAGS, Tags, titled
from soundmap.recommendation.request import Request
from soundmap.types import Origin
from tests.helpers.cli import answer, run
from tests.helpers.sounds import encode, music
from tests.helpers.tagged import LATIN, id3, text

FAMILY = "👨‍👩‍👧 Song"


def tagged(folder: Path, name: str, title: str, artist: str = "", seed: int = 0) -> Path:
    """A sound with tags: FLAC, mp3 or Matroska, each of which another reader reads."""
    path, samples = folder / name, music(4, seed=seed)
    if path.suffix == ".mp3":
        encode(path, samples, 44_100, "libmp3lame", "mp3")
        names = {"TIT2": title.encode("cp949"), "TPE1": artist.encode("cp949")}
        frames = (text(frame, value, LATIN, 3) for frame, value in names.items() if value)
        path.write_bytes(id3(*frames, version=3) + path.read_bytes())
    elif path.suffix == ".mka":
        encode(path.with_suffix(".ogg"), samples, 48_000, "libopus", "ogg")
        with av.open(path.with_suffix(".ogg")) as heard, av.open(path, "w", "matroska") as made:
            made.metadata.update({"title": title, "artist": artist})
            stream = made.add_stream_from_template(heard.streams.audio[0])
            for packet in heard.demux():
                if packet.dts is not None:
                    packet.stream = stream
                    made.mux(packet)
    else:
        with soundfile.SoundFile(path, "w", 44_100, 1) as file:
            if title:
                file.title, file.artist = title, artist
            file.write(np.asarray(samples))
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tagged")
    return {
        "flac": tagged(folder, "a.flac", FAMILY, "Ann", 1),
        "mp3": tagged(folder, "b.mp3", "밤편지", "아이유", 2),
        "mka": tagged(folder, "c.mka", "Song", "Bob", 3),
        "bare": tagged(folder, "d.flac", "", "", 4),
    }


NAMES = {"flac": f"Ann - {FAMILY}", "mp3": "아이유 - 밤편지", "mka": "Bob - Song", "bare": "d.flac"}


def test_at_the_terminal(files: dict[str, Path], tmp_path: Path) -> None:
    found = answer("map", *files.values(), "-n", "1", "-o", tmp_path / "map.html")
    assert [sound["name"] for sound in found["sounds"]] == list(NAMES.values())
    for start, end in (("flac", "mp3"), ("mka", "bare")):
        way = answer("path", files[start], files[end], "-n", "1")
        assert (way["from"]["name"], way["to"]["name"]) == (NAMES[start], NAMES[end])
    assert f"From {NAMES['flac']}\n" in run("path", files["flac"], files["mp3"], "-n", "1").stdout


@pytest.mark.process
def test_in_chats_whose_workers_are_confined(files: dict[str, Path], tmp_path: Path) -> None:
    settings = read_settings({"SOUNDMAP_WORKERS": "1"}, tmp_path / ".env")

    async def work() -> None:
        async with opened(replace(settings, database=tmp_path / "soundmap.db")) as service:
            for kind in ("flac", "mp3", "mka"):
                listed = await service.recommend("ann", LocalFile(files[kind]), Request())
                assert isinstance(listed, Answer) and listed.name == NAMES[kind]
                again = await service.genre("ann", LocalFile(files[kind]))
                assert isinstance(again, Heard) and again.name == NAMES[kind]
            ends = LocalFile(files["bare"]), LocalFile(files["mp3"])
            way = await service.charts.path("ann", ends, Request(1), lambda _: None)
            assert isinstance(way, PathAnswer)
            assert way.names == (NAMES["bare"], NAMES["mp3"])
            to_track = (LocalFile(files["mka"]), Named("2"))
            way = await service.charts.path("ann", to_track, Request(1), lambda _: None)
            assert isinstance(way, PathAnswer) and way.names[0] == NAMES["mka"]

    asyncio.run(asyncio.wait_for(work(), 100))


@pytest.mark.parametrize(
    ("origin", "tags", "named"),
    [
        (Origin("a.org", "x.mp3", "", "u"), Tags(title="Song", artist="Ann"), ("Song", "Ann")),
        (Origin("a.org", "x.mp3", "", "u"), Tags(artist="Ann"), ("x.mp3", "")),
        (Origin("a.org", "x.mp3", "", "u"), NO_TAGS, ("x.mp3", "")),
        (Origin("Tube", "Page", "Bob", "u"), Tags(title="Song"), ("Page", "Bob")),
    ],
)
def test_a_link_to_a_file_is_called_what_the_file_says(
    origin: Origin, tags: Tags, named: tuple[str, str]
) -> None:
    there = titled(origin, tags)
    assert (there.title, there.uploader) == named
    assert (there.site, there.page) == (origin.site, origin.page)
