"""A redirect leads to the very bytes it names, with the cookies of its chain and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundmap.links.fetch import Fetched
from tests.links.served import code_of, fetched, on_server
from tests.loopback.wild import (
    Answer,
    Asked,
    Wild,
    http,
    redirect,
)


def test_a_redirect_to_itself_that_sets_a_cookie_is_passed(song: bytes, tmp_path: Path) -> None:
    def answer(asked: Asked) -> bytes:
        if asked.headers.get("cookie") == "pass=a/b==":
            return http(song)
        return redirect("/a.mp3", "Set-Cookie: pass=a/b==; Path=/; HttpOnly")

    async def work(server: Wild) -> None:
        for _ in range(2):  # the second time, the cookie of the first is gone
            assert isinstance(await fetched(server, "/a.mp3", tmp_path), Fetched)
        assert [one.headers.get("cookie") for one in server.asked] == [None, "pass=a/b=="] * 2

    on_server({"/a.mp3": answer}, work)


def test_cookies_are_for_their_host_only(song: bytes, tmp_path: Path) -> None:
    async def work(server: Wild) -> None:
        url = f"http://one.test:{server.port}/a.mp3"
        assert isinstance(await fetched(server, url, tmp_path), Fetched)
        assert [one.headers.get("cookie") for one in server.asked] == [None, None]

    def away(asked: Asked) -> bytes:
        port = asked.headers["host"].rpartition(":")[2]
        return redirect(f"http://two.test:{port}/b.mp3", "Set-Cookie: pass=1; Path=/")

    on_server({"/a.mp3": away, "/b.mp3": http(song)}, work)


def test_a_redirect_to_itself_without_end_is_given_up(tmp_path: Path) -> None:
    async def work(server: Wild) -> None:
        assert await fetched(server, "/a.mp3", tmp_path) == "too_many_redirects"
        assert len(server.asked) == 5  # the link, and four redirects

    on_server({"/a.mp3": redirect("/a.mp3", "Set-Cookie: a=b")}, work)


LOCATIONS = [  # Location in the answer of /x/y%2Fz//a.mp3?q=%2f, and the target of the next request
    (b"/caf\xe9.mp3", b"/caf%E9.mp3"), ("/café.mp3".encode(), b"/caf%C3%A9.mp3"),
    (b"/a%2fb%7E%41.mp3?s=%3d+%20&&t", b"/a%2fb%7E%41.mp3?s=%3d+%20&&t"), (b"b.mp3",
    b"/x/y%2Fz//b.mp3"),
    (b"b%2f.mp3?c=%2F", b"/x/y%2Fz//b%2f.mp3?c=%2F"), (b"../b.mp3", b"/x/y%2Fz/b.mp3"), (b"./b",
    b"/x/y%2Fz//b"),
    (b"?r=%2f%2F", b"/x/y%2Fz//a.mp3?r=%2f%2F"), (b"/b c.mp3", b"/b%20c.mp3"), (b"/b|c.mp3",
    b"/b|c.mp3"),
    (b'/"<b>".mp3', b"/%22%3Cb%3E%22.mp3"), (b"/b.mp3#t=%31", b"/b.mp3"), (b"/%.mp3?%zz",
    b"/%.mp3?%zz"),
    (b"/../../b.mp3", b"/b.mp3"), (b"/%2e%2e/b.mp3", b"/%2e%2e/b.mp3"), (b"  /b.mp3  ", b"/b.mp3"),
    (b"/b;c='d'!.mp3", b"/b;c='d'!.mp3"), (b"/b:c.mp3", b"/b:c.mp3"), (b"//127.0.0.1:PORT/%2f",
    b"/%2f"),
    (b"http://127.0.0.1:PORT/%2f?%2f", b"/%2f?%2f"), (b"HTTP://127.0.0.1:PORT/b", b"/b"),
    (b"http:/b%2f", b"/b%2f"),
    (b"http://127.0.0.1:PORT?q=1", b"/?q=1"), (b"http://127.0.0.1:PORT", b"/"), (b"/\xea\xb0",
    b"/%EA%B0"),
]  # fmt: skip


@pytest.mark.parametrize(("location", "target"), LOCATIONS)
def test_a_redirect_leads_to_the_very_bytes(
    location: bytes, target: bytes, song: bytes, tmp_path: Path
) -> None:
    def away(asked: Asked) -> bytes:
        if asked.target != start:
            return http(song)
        return redirect(
            location.replace(b"PORT", asked.headers["host"].rpartition(":")[2].encode())
        )

    async def work(server: Wild) -> None:
        answers.update({one.decode().partition("?")[0]: away for one in (start, target)})
        found = await fetched(server, start.decode(), tmp_path)
        assert [one.target for one in server.asked] == [start, target]
        assert isinstance(found, Fetched), found
        assert found.origin and "\ufffd" not in found.origin.title

    start, answers = b"/x/y%2Fz//a.mp3?q=%2f", dict[str, Answer]()
    on_server(answers, work)


@pytest.mark.parametrize("location", [b"ftp://x.test/a", b"file:///etc/passwd", b"data:,x", b"a:b"])
def test_a_redirect_out_of_the_web_is_refused(location: bytes, tmp_path: Path) -> None:
    assert code_of({"/a.mp3": redirect(location)}, tmp_path) == "no_link"


def test_a_redirect_without_a_place_is_no_file(tmp_path: Path) -> None:
    assert code_of({"/a.mp3": http(b"x", status="302 Found")}, tmp_path) == "refused"


_chars = "ABCxyz019-._~!$&'()*+,;=:@"
_piece = st.text(_chars, max_size=6) | st.binary(min_size=1, max_size=3).map(
    lambda raw: "".join(f"%{byte:02{'xX'[byte % 2]}}" for byte in raw)
)
_part = st.lists(_piece, max_size=5).map("".join)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(_part, min_size=1, max_size=4), st.none() | _part, st.booleans())
def test_path_and_query_go_out_as_given(
    song: bytes, tmp_path: Path, parts: list[str], query: str | None, moved: bool
) -> None:
    target = "/a" + "/".join(["", *parts]) + (f"?{query}" if query else "")
    if moved and any(part in (".", "..") for part in parts):
        return  # dots of a redirect are resolved

    async def work(server: Wild) -> None:
        answers[target.partition("?")[0]] = http(song)
        await fetched(server, "/to" if moved else f"{server.base}{target}", tmp_path)
        assert server.asked[-1].target == target.encode()

    answers: dict[str, Answer] = {"/to": redirect(target)}
    on_server(answers, work)


def test_what_may_not_stand_in_a_request_is_encoded(song: bytes, tmp_path: Path) -> None:
    async def work(server: Wild) -> None:
        given = f'{server.base}/노래 "1".mp3?q=é\r\nHost:x'
        assert isinstance(await fetched(server, given, tmp_path), Fetched)
        (asked,) = server.asked
        assert asked.target == b"/%EB%85%B8%EB%9E%98%20%221%22.mp3?q=%C3%A9Host:x"

    on_server({"/%EB%85%B8%EB%9E%98%20%221%22.mp3": http(song)}, work)
