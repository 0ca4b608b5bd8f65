"""A radio stream is told by its head: nobody waits for its end."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.links.served import bytes_of, code_of, page_of
from tests.loopback.wild import (
    Answer,
    chunked,
    endless,
    http,
)

OK = b"HTTP/1.1 200 OK\r\n"
ICY = b"ICY 200 OK\r\nicy-name:Radio\r\nicy-br:128\r\nContent-Type: audio/mpeg\r\n\r\n"
ICECAST = (
    b"HTTP/1.0 200 OK\r\nServer: Icecast 2.4.4\r\nConnection: Close\r\nContent-Type: %b\r\n"
    b"Cache-Control: no-cache\r\nicy-br:128\r\nice-audio-info: bitrate=128\r\n\r\n"
)
RADIO = {
    "ICY": ICY,
    "ICY without headers": b"ICY 200 OK\r\n\r\n",
    "Icecast": ICECAST % b"audio/mpeg",
    "Icecast, Ogg": ICECAST % b"application/ogg",
    "Icecast, AAC": ICECAST % b"audio/aacp",
    "by its server only": OK + b"server: icecast 2.5\r\nContent-Type: audio/ogg\r\n\r\n",
    "SHOUTcast 2": OK + b"Content-Type: audio/mpeg\r\nIcy-Name: R\r\nicy-pub: 1\r\n\r\n",
    "with a length": OK + b"Content-Length: 54000000\r\nicy-name: R\r\n\r\n",
    "in chunks": OK + b"Transfer-Encoding: chunked\r\nicy-name: R\r\n\r\n",
}


@pytest.mark.parametrize("radio", RADIO)
def test_radio_is_live_at_once(radio: str, song: bytes, tmp_path: Path) -> None:
    started = time.monotonic()
    piece = chunked(song[:8_000], end=False).partition(b"\r\n\r\n")[2]
    assert code_of({"/a.mp3": endless(RADIO[radio], piece)}, tmp_path, seconds=20) == "live"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("radio", RADIO)
def test_radio_behind_a_page_is_live_too(radio: str, song: bytes, tmp_path: Path) -> None:
    piece = chunked(song[:8_000], end=False).partition(b"\r\n\r\n")[2]
    answers: dict[str, Answer] = {
        "/page": page_of("/a.mp3"),
        "/a.mp3": endless(RADIO[radio], piece),
    }
    started = time.monotonic()
    assert code_of(answers, tmp_path, "/page", seconds=40) == "live"
    assert time.monotonic() - started < 20


def test_a_file_on_a_radio_server_is_a_file(song: bytes, tmp_path: Path) -> None:
    head = ("Server: Icecast 2.4.4", "Accept-Ranges: bytes", "Content-Type: audio/mpeg")
    assert bytes_of({"/a.mp3": http(song, *head)}, tmp_path) == song
