"""Why a file cannot be used is said in words, in both languages, not as Python says it."""

from __future__ import annotations

import errno
import gzip
import json
import os
import re
import socket
import sqlite3
import ssl
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from soundmap.wording.causes import cause_of

DAMAGE: list[Callable[[], object]] = [
    lambda: json.loads("{"),
    lambda: json.loads(b"\xff\xfe\xff"),
    lambda: dict[str, int]()["spec"],
    lambda: gzip.decompress(b"hello there"),
    lambda: gzip.decompress(gzip.compress(b"hello" * 99)[:20]),
    lambda: np.load(BytesIO(b"")),
    lambda: np.load(BytesIO(b"\x93NUMPY\x01\x00")),
    lambda: json.loads("[" * 200_000),
]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("read", DAMAGE)
def test_what_is_damaged_is_said_to_be_so(read: Callable[[], object], language: str) -> None:
    with pytest.raises(Exception) as caught:
        read()
    said = cause_of(caught.value, language)
    assert re.search("damaged|UTF-8" if language == "en" else "손상|UTF-8", said), said
    assert "'" not in said and "Error" not in said


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_sqlite_says_is_put_in_our_words(language: str, tmp_path: Path) -> None:
    (tmp_path / "noise.db").write_bytes(b"no database" * 99)
    sqlite3.connect(tmp_path / "held.db", isolation_level=None).execute("CREATE TABLE a (b)")
    mine = sqlite3.connect(f"file:{tmp_path}/held.db?mode=ro", uri=True)
    small = sqlite3.connect(":memory:")
    small.execute("PRAGMA max_page_count=2")
    tries: list[Callable[[], object]] = [
        lambda: sqlite3.connect(tmp_path / "noise.db").execute("SELECT * FROM sqlite_master"),
        lambda: sqlite3.connect(tmp_path / "none" / "a.db"),
        lambda: mine.execute("INSERT INTO a VALUES (1)"),
        lambda: small.executescript("".join(f"CREATE TABLE a{it} (b);" for it in range(9))),
    ]
    for attempt in tries:
        with pytest.raises(sqlite3.DatabaseError) as caught:
            attempt()
        said = cause_of(caught.value, language)
        assert said not in str(caught.value) and bool(re.search("[가-힣]", said)) == (
            language == "ko"
        )


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_a_cause_names_no_number(number: int) -> None:
    error = OSError(number, os.strerror(number), "song.mp3")
    for language in ("en", "ko"):
        said = cause_of(error, language)
        assert said and "Errno" not in said and "song.mp3" not in said


def test_what_happens_to_files_is_said_in_korean(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ways = ("none/file", "file/file", "", "a" * 300)
    for name in ways:
        with pytest.raises(OSError) as caught:
            (tmp_path / name).read_bytes()
        assert re.search("[가-힣]", cause_of(caught.value, "ko")), name


@pytest.mark.parametrize("number", range(1, 16))
def test_errors_of_tls_and_of_names_of_hosts_are_not_those_of_files(number: int) -> None:
    for kind in (ssl.SSLError, ssl.SSLCertVerificationError, socket.gaierror):
        assert cause_of(kind(number, "what it says"), "ko") == "what it says"
