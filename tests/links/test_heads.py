"""An answer whose head is long or odd is read, or has its code."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.links.served import bytes_of, code_of
from tests.loopback.wild import (
    chunked,
    endless,
    http,
    redirect,
)

HEADS = {
    "one line of 60 KiB": ["X: " + "x" * 60_000],
    "a long cookie": ["Set-Cookie: a=" + "x" * 20_000],
    "a hundred lines": [f"X-{n}: {'x' * 600}" for n in range(100)],
    "a thousand lines": [f"X-{n}: {'x' * 50}" for n in range(1_000)],
    "Latin-1": ["X: caf\xe9", 'Content-Disposition: inline; filename="\xe9.mp3"'],
    "no type": [],
    "a type that is none": ["Content-Type: ;;"],
    "two types": ["Content-Type: audio/mpeg", "Content-Type: text/plain"],
}


@pytest.mark.parametrize("head", HEADS)
def test_a_long_or_odd_head_is_read(head: str, song: bytes, tmp_path: Path) -> None:
    assert bytes_of({"/a.mp3": http(song, *HEADS[head])}, tmp_path) == song


@pytest.mark.parametrize("told", ["9" * 5_000, "soon", "-1", "\xb2", "9" * 12])
@pytest.mark.parametrize("status", ["503 Busy", "429 Too Many"])
def test_a_busy_host_may_say_anything_of_how_long(told: str, status: str, tmp_path: Path) -> None:
    busy = http(b"busy", f"Retry-After: {told}", status=status)
    assert code_of({"/a.mp3": busy}, tmp_path) in ("refused", "page_busy", "no_audio", "slow")


def test_a_head_without_end_is_given_up(tmp_path: Path) -> None:
    answer = endless(b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 60_000 + b"\r\n" * 40)
    assert code_of({"/a.mp3": endless(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 60_000)}, tmp_path) in (
        "unreachable",
        "slow",
    )
    assert code_of({"/a.mp3": answer}, tmp_path) in ("unreachable", "not_audio", "slow")


LINES = ["HTTP/1.0 200 OK", "HTTP/1.1 200", "HTTP/1.1 203 Non-Authoritative Information"]


@pytest.mark.parametrize("line", LINES)
def test_a_status_line_may_be_bare(line: str, song: bytes, tmp_path: Path) -> None:
    answer = http(song).replace(b"HTTP/1.1 200 OK", line.encode())
    assert bytes_of({"/a.mp3": answer}, tmp_path) == song


ODD: dict[str, Callable[[bytes], bytes]] = {
    "100 Continue": lambda song: b"HTTP/1.1 100 Continue\r\n\r\n" + http(song),
    "103 Early Hints": lambda song: b"HTTP/1.1 103 E\r\nLink: </a>\r\n\r\n" + http(song),
    "empty lines first": lambda song: b"\r\n\r\n" + http(song),
    "bare line feeds": lambda song: (
        http().replace(b"\r\n", b"\n").replace(b": 0", b": 99999") + song
    ),
    "a folded header": lambda song: http(song, "X: y\r\n z"),
    "a part unasked": lambda song: http(song, status="206 Partial Content"),
    "Chunked": lambda song: chunked(song).replace(b": chunked", b": Chunked"),
    "an extension of chunks": lambda song: chunked(song).replace(b"2710\r\n", b"2710;a=b\r\n"),
}

CODED: dict[str, tuple[bytes, str]] = {
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n", "unreachable"),
    "noise": (b"\x00\xff" * 500, "unreachable"),
    "a status of letters": (http(status="abc"), "unreachable"),
    "a status of 999": (http(status="999 Denied"), "refused"),
    "500": (http(status="500 Oops"), "refused"),
    "204": (http(status="204 No Content"), "refused"),
    "304": (http(status="304 Not Modified"), "refused"),
    "300": (http(b"", "Location: /b", status="300 Multiple Choices"), "refused"),
    "a length of words": (http(b"", "Content-Length: many", length=None), "unreachable"),
    "a negative length": (http(b"", length=-5), "unreachable"),
    "a length of a terabyte": (http(b"OggS" + bytes(60), length=10**12), "too_large"),
    "a length beyond all": (http(b"ID3", length=10**30), "unreachable"),
    "two lengths": (http(b"ID3", "Content-Length: 5"), "unreachable"),
    "a line without a colon": (http(b"ID3", "nonsense"), "unreachable"),
    "chunks of no size": (chunked(b"x" * 10_000).replace(b"2710", b"zz"), "unreachable"),
    "an empty file": (http(), "empty_file"),
    "an empty place": (redirect(b""), "too_many_redirects"),
    "brotli": (http(b"\x0b\x02\x80abc" * 1_000, "Content-Encoding: br"), "not_audio"),
    "empty gzip": (http(gzip.compress(b"")), "empty_file"),
    "gzip of zeros": (http(b"\x1f\x8b" + bytes(5_000)), "not_audio"),
    "gzip of a list": (http(gzip.compress(b"#EXTM3U\n/etc/passwd\n")), "playlist"),
    "cookies without end": (redirect("/a.mp3", "Set-Cookie: a=" + "x" * 50_000),
    "too_many_redirects"),
}  # fmt: skip


@pytest.mark.parametrize("how", ODD)
def test_an_odd_answer_is_heard(how: str, song: bytes, tmp_path: Path) -> None:
    assert bytes_of({"/a.mp3": ODD[how](song)}, tmp_path) == song


@pytest.mark.parametrize("how", CODED)
def test_an_answer_that_is_none_has_its_code(how: str, tmp_path: Path) -> None:
    answer, code = CODED[how]
    assert code_of({"/a.mp3": answer}, tmp_path) == code
