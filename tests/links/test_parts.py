"""Of a long mp3 the windows that are heard are enough, if the server sends them and they fit."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from soundmap.audio.decode import decode
from soundmap.audio.windows import MIDDLE, Look, windows_of
from soundmap.errors import BadSound
from soundmap.files import sha256_of
from soundmap.links.fetch import Fetched
from soundmap.types import Clip
from tests.helpers.bent import variable, without_xing
from tests.helpers.sounds import encode, lag, music
from tests.links.served import bytes_of, code_of, fetched, on_server
from tests.loopback.wild import (
    NOT_FOUND,
    STALLED,
    Answer,
    Asked,
    Stream,
    Wild,
    http,
    in_parts,
    redirect,
    reset_after,
)


def music_in(data: bytes, path: Path) -> float:
    """The loudest frequency of a file, in Hz."""
    path.write_bytes(data)
    clip = decode(path)
    spectrum = np.abs(np.fft.rfft(clip.samples[: 44_100 * 30]))
    return float(spectrum.argmax()) * clip.sample_rate_hz / min(len(clip.samples), 44_100 * 30)


def cover_of(n_bytes: int) -> bytes:
    """An ID3v2.3 tag with a cover of ``n_bytes`` random bytes."""
    noise = np.random.default_rng(1).integers(0, 256, n_bytes, dtype=np.uint8).tobytes()
    picture = b"\0image/jpeg\0\x03\0\xff\xd8\xff\xe0" + noise
    frame = b"APIC" + len(picture).to_bytes(4, "big") + b"\0\0" + picture
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + frame


def partial(body: bytes, begin: int, end: int, size: int | str) -> bytes:
    where = f"Content-Range: bytes {begin}-{end - 1}/{size}"
    return http(body, where, status="206 Partial Content")


def short(asked: Asked, song: bytes) -> bytes:
    part = asked.range or slice(0)
    return partial(song[part][:-1], part.start, part.stop, len(song))


def elsewhere(asked: Asked, song: bytes) -> bytes:
    """A server that knows one part only."""
    part = asked.range or slice(0)
    n_bytes = part.stop - part.start
    return partial(song[:n_bytes], 0, n_bytes, len(song))


def changed(asked: Asked, song: bytes) -> bytes:
    """A file that has become another since."""
    part = asked.range or slice(0)
    return partial(song[part], part.start, part.stop, len(song) + 1)


def stalled_within(asked: Asked, song: bytes) -> Stream:
    part = asked.range or slice(0)
    answer = partial(song[part], part.start, part.stop, len(song))

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(answer[:1_000])
        await STALLED.write(writer)

    return Stream(write)


PARTS: dict[str, bytes | Stream | Callable[[Asked, bytes], bytes | Stream]] = {
    "short": short,
    "elsewhere": elsewhere,
    "changed": changed,
    "416": http(b"", status="416 Range Not Satisfiable"),
    "503": http(b"one at a time", status="503 Service Unavailable"),
    "403": http(b"used", status="403 Forbidden"),
    "410": http(b"used", status="410 Gone"),
    "page": http(b"<html>please wait</html>", "Content-Type: text/html"),
    "206 page": http(b"<html>" * 50_000, status="206 Partial Content"),
    "206 empty": http(b"", status="206 Partial Content"),
    "whole": b"",
    "redirect": redirect("/a.mp3"),
    "reset": reset_after(b""),
    "garbage": b"\x16\x03\x01 not HTTP\r\n\r\n",
    "stalled": STALLED,
    "stalled within": stalled_within,
}


@pytest.mark.parametrize("which", [1, 2])
@pytest.mark.parametrize("instead", PARTS)
def test_a_part_that_is_not_sent_costs_nothing(
    instead: str, which: int, long_song: bytes, tmp_path: Path
) -> None:
    """Of a link that works once, too, the first answer is the file."""
    asked_for: list[slice] = []

    def answer(asked: Asked) -> bytes | Stream:
        asked_for.extend([asked.range] if asked.range else [])
        if not asked.range or len(asked_for) < which:
            return in_parts(long_song)(asked)
        given = PARTS[instead]
        return given(asked, long_song) if callable(given) else given or http(long_song)

    assert bytes_of({"/a.mp3": answer}, tmp_path) == long_song
    assert which <= len(asked_for) <= which + 3  # busy hosts are asked again


@pytest.mark.parametrize("headers", [(), ("Accept-Ranges: none",)])
def test_a_link_that_works_once_is_asked_once(
    headers: tuple[str, ...], long_song: bytes, tmp_path: Path
) -> None:
    used: list[Asked] = []

    def answer(asked: Asked) -> bytes:
        used.append(asked)
        return http(long_song, *headers) if len(used) == 1 else NOT_FOUND

    assert bytes_of({"/a.mp3": answer}, tmp_path) == long_song
    assert len(used) == 1


@pytest.mark.parametrize("cover", [100_000, 4_000_000, 30_000_000])
def test_behind_a_large_cover_the_middle_is_music(
    cover: int, long_song: bytes, tmp_path: Path
) -> None:
    found = bytes_of({"/a.mp3": in_parts(cover_of(cover) + long_song)}, tmp_path)
    assert len(found) < len(long_song) / 2
    assert 200 + 8 * 65 < music_in(found, tmp_path / "part.mp3") < 200 + 8 * 95


def test_behind_a_large_cover_a_short_song_is_whole(song: bytes, tmp_path: Path) -> None:
    found = bytes_of({"/a.mp3": in_parts(cover_of(30_000_000) + song)}, tmp_path / "in")
    (tmp_path / "found.mp3").write_bytes(found)
    (tmp_path / "whole.mp3").write_bytes(song)
    heard, whole = decode(tmp_path / "found.mp3"), decode(tmp_path / "whole.mp3")
    assert heard.seconds == pytest.approx(whole.seconds, abs=0.05)
    assert lag(heard.samples, whole.samples) == 0


def test_a_cover_without_music_is_no_music(tmp_path: Path) -> None:
    answers: dict[str, Answer] = {"/a.mp3": in_parts(cover_of(30_000_000))}
    assert code_of(answers, tmp_path) == "too_large"


def test_cookies_of_the_file_go_along_with_its_part(long_song: bytes, tmp_path: Path) -> None:
    serve = in_parts(long_song, "Set-Cookie: pass=1")

    def answer(asked: Asked) -> bytes:
        return NOT_FOUND if asked.range and "cookie" not in asked.headers else serve(asked)

    assert len(bytes_of({"/a.mp3": answer}, tmp_path)) < len(long_song) / 2


@dataclass
class Counted:
    """A server that sends parts, and counts what went out; ``most`` is how many it sent at once."""

    sound: bytes
    n_bytes: int = 0
    parts: list[slice] = field(default_factory=list)
    most: int = 0
    _now: int = 0

    def __call__(self, asked: Asked) -> Stream:
        async def write(writer: asyncio.StreamWriter) -> None:
            self.parts.extend([asked.range] if asked.range else [])
            self._now += 1
            self.most = max(self.most, self._now)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            writer.transport.set_write_buffer_limits(0)
            answer = in_parts(self.sound)(asked)
            try:
                for at in range(0, len(answer), 8_192):
                    writer.write(answer[at : at + 8_192])
                    await writer.drain()
                    self.n_bytes += len(answer[at : at + 8_192])
            finally:
                self._now -= 1

        return Stream(write)


@pytest.fixture(scope="module")
def ten_minutes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """At 128 kbit/s, of a tone that rises by 4 Hz a second, so that it tells the time."""
    t = np.arange(44_100 * 600) / 44_100
    rising = (0.5 * np.sin(2 * np.pi * (200 * t + 2 * t * t))).astype(np.float32)
    path = tmp_path_factory.mktemp("song") / "ten.mp3"
    return encode(path, rising, 44_100, "mp3", "mp3", 128_000).read_bytes()


def off_by(clip: Clip) -> Iterator[float]:
    """How far the middle of each window lies from where it should be in that tone, in seconds."""
    at = 0.0
    for window in clip.windows:
        middle = round((at + window.seconds / 2) * 44_100)
        second = clip.samples[middle - 22_050 : middle + 22_050] * np.hanning(44_100)
        power = np.abs(np.fft.rfft(second)) ** 2
        hz = float(np.average(np.arange(len(power)), weights=power))
        yield (hz - 200) / 4 - window.start_s - window.seconds / 2
        at += window.seconds


LOOKS = {
    "all over": (Look(), 0.35, 33),
    "middle": (MIDDLE, 0.1, 2),
    "from 90 s": (Look(start_s=90), 0.1, 2),
    "from the start": (Look(start_s=0), 0.1, 2),
    "two windows": (Look(windows=2), 0.15, 3),
}


@pytest.mark.parametrize("max_mb", [25, 6])
@pytest.mark.parametrize("how", LOOKS)
def test_what_is_heard_is_fetched_and_no_more(
    how: str, max_mb: float, ten_minutes: bytes, tmp_path: Path
) -> None:
    """Of a file that is too large as a whole, too."""
    look, share, n_parts = LOOKS[how]
    server = Counted(ten_minutes)

    async def work(wild: Wild) -> None:
        found = await fetched(wild, "/a.mp3", tmp_path, look=look, max_mb=max_mb)
        assert isinstance(found, Fetched), found
        assert found.sha256 == sha256_of(found.path)
        assert server.n_bytes < share * len(ten_minutes)
        assert len(server.parts) == n_parts and server.most <= 5  # the first answer is open
        clip = decode(found.path, look)
        assert clip.duration_s == pytest.approx(600, abs=0.05)
        assert clip.seconds == sum(it.seconds for it in windows_of(600, look))
        assert all(abs(off_s) < 0.1 for off_s in off_by(clip))

    on_server({"/a.mp3": server}, work)


def test_a_part_behind_the_end_is_told_with_the_length(ten_minutes: bytes, tmp_path: Path) -> None:
    async def work(wild: Wild) -> None:
        look = Look(start_s=700)
        found = await fetched(wild, "/a.mp3", tmp_path, look=look, max_mb=6)
        assert isinstance(found, Fetched), found
        with pytest.raises(BadSound) as caught:
            decode(found.path, look)
        assert caught.value.code == "past_the_end" and "10:00" in str(caught.value)

    on_server({"/a.mp3": in_parts(ten_minutes)}, work)


@pytest.mark.parametrize("look", [Look(), Look(windows=2), Look(start_s=90), MIDDLE])
def test_a_song_of_which_most_is_heard_is_fetched_whole_at_once(
    look: Look, long_song: bytes, tmp_path: Path
) -> None:
    """Of 160 s at 320 kbit/s all but the middle, and what begins at 90 s, is most of it."""

    async def work(server: Wild) -> None:
        found = await fetched(server, "/a.mp3", tmp_path, look=look)
        assert isinstance(found, Fetched), found
        whole = look == Look()
        assert (found.path.read_bytes() == long_song) is whole
        assert (len(server.asked) == 1) is whole

    on_server({"/a.mp3": in_parts(long_song)}, work)


def test_parts_that_are_more_than_the_limit_are_not_fetched(
    long_song: bytes, tmp_path: Path
) -> None:
    async def work(server: Wild) -> None:
        assert await fetched(server, "/a.mp3", tmp_path, look=Look(), max_mb=4) == "too_large"
        assert len(server.asked) == 1

    on_server({"/a.mp3": in_parts(long_song)}, work)


def huge(song: bytes, *_: object) -> bytes:
    """A server that says that its song is a terabyte."""
    head = http(b"", "Accept-Ranges: bytes", "Content-Type: audio/mpeg", length=1 << 40)
    return head + without_xing(song[song.index(b"\xff\xfb") :])


def test_silence_does_not_fill_the_disk(song: bytes, tmp_path: Path) -> None:
    async def work(server: Wild) -> None:
        assert await fetched(server, "/a.mp3", tmp_path, look=Look(start_s=1)) == "too_large"
        assert len(server.asked) == 1

    on_server({"/a.mp3": huge(song)}, work)


@pytest.mark.parametrize("look", [Look(), Look(start_s=90)])
@pytest.mark.parametrize("kind", ["two songs", "variable", "jingle", "lies"])
def test_a_song_whose_first_frames_do_not_tell_its_length_is_fetched_whole(
    kind: str, look: Look, ten_minutes: bytes, tmp_path: Path
) -> None:
    jingle = encode(tmp_path / "j.mp3", music(3), 48_000, "mp3", "mp3", 128_000).read_bytes()
    xing = ten_minutes.index(b"Info")
    sound = {
        "two songs": cover_of(10) + variable(20) + ten_minutes,
        "variable": variable(60, (128_000, 64_000)) * 10,
        "jingle": without_xing(jingle[jingle.index(b"\xff\xfb") :]) + ten_minutes,
        "lies": ten_minutes[: xing + 8] + bytes(2) + b"\x99\x99" + ten_minutes[xing + 12 :],
    }[kind]

    async def work(server: Wild) -> None:
        found = await fetched(server, "/a.mp3", tmp_path / "in", look=look, max_mb=30)
        assert isinstance(found, Fetched), found
        assert found.path.read_bytes() == sound

    on_server({"/a.mp3": in_parts(sound)}, work)


def test_a_part_leads_to_no_other_host(ten_minutes: bytes, tmp_path: Path) -> None:
    """Or two that are asked for at once could open each other's way into a private network."""
    other: list[Asked] = []

    def answer(asked: Asked) -> bytes:
        if asked.headers["host"].startswith("other."):
            other.append(asked)
        if asked.range:
            return redirect(f"http://other.test:{asked.headers['host'].split(':')[1]}/a.mp3")
        return in_parts(ten_minutes)(asked)

    async def work(server: Wild) -> None:
        url = f"http://good.test:{server.port}/a.mp3"
        found = await fetched(server, url, tmp_path, look=Look())
        assert isinstance(found, Fetched), found
        assert found.path.read_bytes() == ten_minutes and not other

    on_server({"/a.mp3": answer}, work)
