"""What is behind a page is fetched with the same care."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from soundmap.links.fetch import Fetched
from tests.links.served import bytes_of, code_of, fetched, on_server, page_of
from tests.loopback.wild import (
    Answer,
    Wild,
    chunked,
    http,
    redirect,
)


def test_codes_go_out_as_given_through_pages_too(song: bytes, tmp_path: Path) -> None:
    async def work(server: Wild) -> None:
        link = "/p%2fq/pa%7Ege?sig=a%2fb%3D%41"
        found = await fetched(server, link, tmp_path)
        assert isinstance(found, Fetched), found
        assert found.origin and found.origin.page == f"{server.base}{link}"
        assert [one.target for one in server.asked][-2:] == [b"/to", b"/s%2f1/a%7E.mp3?x=%2B%2b&y+"]

    answers: dict[str, Answer] = {
        "/p%2fq/pa%7Ege": page_of("/to"),
        "/to": redirect("/s%2f1/a%7E.mp3?x=%2B%2b&y+"),
        "/s%2f1/a%7E.mp3": http(song),
    }
    on_server(answers, work)


BEHIND_PAGES: dict[str, Callable[[bytes], Answer]] = {
    "gzip": lambda song: http(gzip.compress(song), "Content-Encoding: gzip"),
    "a long head": lambda song: http(song, "X: " + "x" * 60_000),
    "a long length": lambda song: http(song, length=len(song) + 500),
    "chunks": chunked,
    "a cookie": lambda song: (
        lambda asked: (
            http(song) if "cookie" in asked.headers else redirect("/a.mp3", "Set-Cookie: a=b")
        )
    ),
}


@pytest.mark.parametrize("how", BEHIND_PAGES)
def test_odd_answers_behind_a_page_are_heard(how: str, song: bytes, tmp_path: Path) -> None:
    answers: dict[str, Answer] = {"/page": page_of("/a.mp3"), "/a.mp3": BEHIND_PAGES[how](song)}
    assert bytes_of(answers, tmp_path, "/page") == song


def test_what_came_from_behind_a_page_is_kept(song: bytes, tmp_path: Path) -> None:
    answers: dict[str, Answer] = {"/page": page_of("/a.mp3"), "/a.mp3": chunked(song, end=False)}
    found = bytes_of(answers, tmp_path, "/page")
    assert song.startswith(found) and len(found) > 20_000


@pytest.mark.parametrize("host", ["a..b", ".org", "a" * 300 + ".org"])
def test_a_page_that_names_no_host_is_refused(host: str, tmp_path: Path) -> None:
    answers: dict[str, Answer] = {"/page": page_of(f"http://{host}/a.mp3")}
    assert code_of(answers, tmp_path, "/page") in ("page_failed", "page_gone", "no_sound_there")
