"""Of a body everything that came is kept, unpacked and within the limit."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.links.served import bytes_of, code_of
from tests.loopback.wild import (
    Answer,
    chunked,
    http,
    in_parts,
    reset_after,
)


def breaks_off(song: bytes) -> dict[str, tuple[Answer, bytes]]:
    """Answers that break off, and what is to be kept of each."""
    part, packed = song[:100_000], gzip.compress(song)
    return {
        "too long a length": (http(song, length=len(song) + 5_000), song),
        "half of its length": (http(part, length=len(song)), part),
        "chunks without an end": (chunked(song, end=False), song),
        "a chunk cut short": (chunked(part)[:-2_000], part),
        "no length": (http(song, length=None), song),
        "a reset": (reset_after(http(part, length=len(song))), part),
        "a reset of chunks": (reset_after(chunked(part, end=False)), part),
        "a small file": (http(song[:30_000], length=40_000), song[:30_000]),
        "gzip": (http(packed[:100_000], "Content-Encoding: gzip"), part),
        "gzip and a reset": (reset_after(http(packed[:100_000], length=len(packed))), part),
    }


CUT = list(breaks_off(b""))


@pytest.mark.parametrize("how", CUT)
def test_what_came_before_an_answer_broke_off_is_kept(
    how: str, song: bytes, tmp_path: Path
) -> None:
    answer, kept = breaks_off(song)[how]
    found = bytes_of({"/a.mp3": answer}, tmp_path)
    assert song.startswith(found) and len(found) > len(kept) - 12_000
    if "gzip" not in how and "cut" not in how:
        assert found == kept


@pytest.mark.parametrize("answer", [http(b"", length=1_000), reset_after(b""), b"", b"HTTP/1.1"])
def test_of_an_answer_without_a_byte_nothing_is_kept(answer: Answer, tmp_path: Path) -> None:
    assert code_of({"/a.mp3": answer}, tmp_path) == "unreachable"


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda song: http(gzip.compress(song), "Content-Encoding: gzip"),
    "GZIP": lambda song: http(gzip.compress(song), "Content-Encoding: GZIP"),
    "x-gzip": lambda song: http(gzip.compress(song), "Content-Encoding: x-gzip"),
    "not said": lambda song: http(gzip.compress(song), "Content-Type: audio/mpeg"),
    "a .gz file": lambda song: http(gzip.compress(song), "Content-Type: application/gzip"),
    "in chunks": lambda song: chunked(gzip.compress(song)),
    "two members": lambda song: http(gzip.compress(song[:50_000]) + gzip.compress(song[50_000:])),
    "zeros behind it": lambda song: http(gzip.compress(song) + bytes(100)),
    "deflate": lambda song: http(zlib.compress(song), "Content-Encoding: deflate"),
    "said, but not": lambda song: http(song, "Content-Encoding: gzip"),
    "said deflate, but not": lambda song: http(song, "Content-Encoding: deflate"),
    "identity": lambda song: http(song, "Content-Encoding: identity"),
    "parts offered": lambda song: http(
        gzip.compress(song), "Content-Encoding: gzip", "Accept-Ranges: bytes"
    ),
}


@pytest.mark.parametrize("how", PACKED)
def test_a_packed_sound_is_unpacked(how: str, song: bytes, tmp_path: Path) -> None:
    assert bytes_of({"/a.mp3": PACKED[how](song)}, tmp_path) == song


def test_a_long_packed_mp3_is_fetched_whole(long_song: bytes, tmp_path: Path) -> None:
    packed = gzip.compress(long_song, 1)
    for said in ("Content-Encoding: gzip", "X: none"):
        assert bytes_of({"/a.mp3": in_parts(packed, said)}, tmp_path) == long_song


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_given_up_at_the_limit(song: bytes, layers: int, tmp_path: Path) -> None:
    bomb = gzip.compress(song + bytes(300 << 20), 1)
    for _ in range(layers - 1):
        bomb = gzip.compress(bomb)
    code = code_of({"/a.mp3": http(bomb, "Content-Encoding: gzip")}, tmp_path, max_mb=2)
    assert code == ("too_large" if layers == 1 else "not_audio")
    assert not list(tmp_path.rglob("*.mp3"))
