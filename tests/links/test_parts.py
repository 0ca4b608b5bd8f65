"""Of a long mp3 a part is enough, if the server sends it and it is music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundmap.audio.decode import decode
from soundmap.audio.windows import Look
from soundmap.links.fetch import Fetched
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


PARTS: dict[str, bytes | Stream] = {
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
}


@pytest.mark.parametrize("second", PARTS)
def test_a_part_that_is_not_sent_costs_nothing(
    second: str, long_song: bytes, tmp_path: Path
) -> None:
    """Of a link that works once, too, the first answer is the file."""

    def answer(asked: Asked) -> bytes | Stream:
        whole = http(long_song, "Accept-Ranges: bytes", "Content-Type: audio/mpeg")
        return PARTS[second] or http(long_song) if asked.range else whole

    assert bytes_of({"/a.mp3": answer}, tmp_path) == long_song


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
    assert len(found) < len(long_song) / 3
    assert 200 + 8 * 65 < music_in(found, tmp_path / "part.mp3") < 200 + 8 * 95


def test_behind_a_large_cover_a_short_song_is_whole(song: bytes, tmp_path: Path) -> None:
    found = bytes_of({"/a.mp3": in_parts(cover_of(30_000_000) + song)}, tmp_path)
    assert song.endswith(found) and len(found) > len(song) - 2_000


def test_a_cover_without_music_is_no_music(tmp_path: Path) -> None:
    answers: dict[str, Answer] = {"/a.mp3": in_parts(cover_of(30_000_000))}
    assert code_of(answers, tmp_path) == "too_large"


def test_cookies_of_the_file_go_along_with_its_part(long_song: bytes, tmp_path: Path) -> None:
    serve = in_parts(long_song, "Set-Cookie: pass=1")

    def answer(asked: Asked) -> bytes:
        return NOT_FOUND if asked.range and "cookie" not in asked.headers else serve(asked)

    assert len(bytes_of({"/a.mp3": answer}, tmp_path)) < len(long_song) / 3


@pytest.mark.parametrize("look", [Look(), Look(windows=2), Look(start_s=90), Look(1, 0.0)])
def test_a_sound_that_is_heard_elsewhere_is_fetched_whole(
    look: Look, long_song: bytes, tmp_path: Path
) -> None:
    async def work(server: Wild) -> None:
        found = await fetched(server, "/a.mp3", tmp_path, look=look)
        assert isinstance(found, Fetched), found
        assert found.path.read_bytes() == long_song and len(server.asked) == 1
        found = await fetched(server, "/a.mp3", tmp_path, look=look, max_mb=4)
        if look.start_s is None:  # too large for the limit: then the middle is better than nothing
            assert isinstance(found, Fetched), found
            assert found.path.stat().st_size < len(long_song) / 3
        else:
            assert found == "too_large"

    on_server({"/a.mp3": in_parts(long_song)}, work)
