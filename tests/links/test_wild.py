"""Links on servers that do as real ones do: what they mean is heard, or refused by its code."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundmap.audio.decode import decode
from soundmap.errors import SoundMapError
from soundmap.links.fetch import Fetched, Fetcher, fetch_once
from soundmap.links.limits import Limits
from tests.helpers.sounds import encode, music
from tests.loopback.wild import (
    NOT_FOUND,
    OTHER_HOST,
    STALLED,
    Answer,
    Asked,
    Stream,
    Wild,
    chunked,
    endless,
    http,
    in_parts,
    redirect,
    reset_after,
    wild,
)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("song") / "song.mp3"
    return encode(path, music(12), 44_100, "mp3", "mp3").read_bytes()


@pytest.fixture(scope="module")
def long_song(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """160 s at 320 kbit/s of a tone that rises: 200 Hz, and 8 more a second."""
    path = tmp_path_factory.mktemp("song") / "long.mp3"
    t = np.arange(44_100 * 160) / 44_100
    rising = 0.5 * np.sin(2 * np.pi * (200 * t + 4 * t * t))
    return encode(path, rising.astype(np.float32), 44_100, "mp3", "mp3", 320_000).read_bytes()


def limits_of(server: Wild, seconds: float, max_mb: float, private: tuple[str, ...] = ()) -> Limits:
    allowed = server.allowed
    return Limits(max_mb, seconds, redirects=4, private_hosts=private, allowed=allowed)


async def fetched(
    server: Wild,
    url: str,
    folder: Path,
    seconds: float = 12,
    max_mb: float = 25,
    private: tuple[str, ...] = (),
) -> Fetched | str:
    """What is behind a link, or the code of what is wrong."""
    folder.mkdir(exist_ok=True)
    url = url if "://" in url else f"{server.base}{url}"
    limits = limits_of(server, seconds, max_mb, private)
    async with Fetcher(limits, server.look_up) as fetcher:
        try:
            return await fetcher.link(url, folder)
        except SoundMapError as error:
            assert str(error)
            return error.code


def on_server(answers: dict[str, Answer], work: Callable[[Wild], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with wild(answers) as server:
            await work(server)

    asyncio.run(asyncio.wait_for(whole(), 60))


def bytes_of(answers: dict[str, Answer], folder: Path, path: str = "/a.mp3") -> bytes:
    """The bytes that are fetched from a server with these answers."""
    found: list[bytes] = []

    async def work(server: Wild) -> None:
        result = await fetched(server, path, folder)
        assert isinstance(result, Fetched), result
        found.append(result.path.read_bytes())

    on_server(answers, work)
    return found[0]


def code_of(answers: dict[str, Answer], folder: Path, path: str = "/a.mp3", **how: float) -> str:
    """The code with which a server with these answers is refused."""
    found: list[str] = []

    async def work(server: Wild) -> None:
        result = await fetched(server, path, folder, **how)  # type: ignore[arg-type]
        assert isinstance(result, str)
        found.append(result)

    on_server(answers, work)
    return found[0]


# ------------------------------------------------------------------ hosts

NO_HOSTS = [
    "http://a..b/a.mp3", "http://.org/a.mp3", f"http://{'a' * 300}.org/a.mp3", "http://../",
    "http://./",
    f"http://{'a' * 64}.org/", f"http://{'a.' * 150}org/", "http://a.org../", "http://-.invalid/",
    "http://a_b..invalid/", "http://[::1/", "http://[v1.x]/", "http://[]/", "http://x.org:99999/",
    "http://x.org:port/", "http://x.org:-1/", "http://\x00.invalid/", "http://a b.invalid/",
    "http://@/",
    "http://:80/", "http://xn--\u200d.invalid/", "http://xn--a.invalid/", "http://%00.invalid/",
    "http://\u2024/",
    "http://*.invalid/", "http://\ud800.invalid/", "https:///x", "http:x.org",
    "http://a\u3002\u3002b/",
    "http://0x7f.1/", "http://127.1/", "http://1.2.3.4.5/", "http://999.1.1.1/",
    "http://\u0661.1.1.1/",
]  # fmt: skip


@pytest.mark.parametrize("url", NO_HOSTS)
def test_a_host_that_cannot_be_has_a_sentence(url: str, tmp_path: Path) -> None:
    with pytest.raises(SoundMapError) as caught:
        asyncio.run(fetch_once(url, tmp_path))
    assert caught.value.code in ("no_link", "unreachable", "private_link")
    assert str(caught.value)


@pytest.mark.parametrize("url", [u for u in NO_HOSTS if "\x00" not in u and "\ud800" not in u])
def test_a_redirect_to_such_a_host_has_one_too(url: str, tmp_path: Path) -> None:
    async def work(server: Wild) -> None:
        async with Fetcher(Limits(allowed=server.allowed)) as fetcher:  # the system's resolver
            with pytest.raises(SoundMapError) as caught:
                await fetcher.link(f"{server.base}/a.mp3", tmp_path)
            assert caught.value.code in ("no_link", "unreachable", "private_link", "gone")

    on_server({"/a.mp3": redirect(url)}, work)


# ------------------------------------------------------------------ redirects and cookies


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


# ------------------------------------------------------------------ parts


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


# ------------------------------------------------------------------ heads and bodies

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


# ------------------------------------------------------------------ radio

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
    page = http(b'<html><title>Radio</title><audio src="/a.mp3"></audio></html>')
    answers: dict[str, Answer] = {"/page": page, "/a.mp3": endless(RADIO[radio], piece)}
    started = time.monotonic()
    assert code_of(answers, tmp_path, "/page", seconds=40) == "live"
    assert time.monotonic() - started < 20


def test_a_file_on_a_radio_server_is_a_file(song: bytes, tmp_path: Path) -> None:
    head = ("Server: Icecast 2.4.4", "Accept-Ranges: bytes", "Content-Type: audio/mpeg")
    assert bytes_of({"/a.mp3": http(song, *head)}, tmp_path) == song


# ------------------------------------------------------------------ one's own network


def private_answers(song: bytes) -> dict[str, Answer]:
    def away(asked: Asked) -> bytes:
        port = asked.headers["host"].rpartition(":")[2]
        return redirect(f"http://nas.home.test:{port}/a.mp3")

    return {"/a.mp3": http(song), "/away": away}


@pytest.mark.parametrize(
    ("private", "url", "found"),
    [
        ((), "http://nas.home.test:PORT/a.mp3", False),
        (("nas.home.test",), "http://nas.home.test:PORT/a.mp3", True),
        (("nas.home.test",), "http://NAS.Home.Test:PORT/a.mp3", True),
        (("nas.home.test:PORT",), "http://nas.home.test:PORT/a.mp3", True),
        (("nas.home.test:1",), "http://nas.home.test:PORT/a.mp3", False),
        (("home.test",), "http://nas.home.test:PORT/a.mp3", False),
        (("nas.home.test",), "http://other.home.test:PORT/a.mp3", False),
        (("nas.home.test",), "http://nas.home.test.:PORT/a.mp3", False),
        (("nas.home.test",), "http://127.0.0.2:PORT/a.mp3", False),
        (("nas.home.test",), "http://nas.home.test@127.0.0.2:PORT/a.mp3", False),
        (("nas.home.test",), "http://127.0.0.2:PORT/a.mp3#nas.home.test", False),
        (("127.0.0.2",), "http://127.0.0.2:PORT/a.mp3", True),
        (("127.0.0.2",), "http://nas.home.test:PORT/a.mp3", False),
        (("127.0.0.2",), "http://[::ffff:127.0.0.2]:PORT/a.mp3", False),
        ((), "http://one.test:PORT/away", False),
        (("nas.home.test",), "http://one.test:PORT/away", True),
        (("other.home.test",), "http://one.test:PORT/away", False),
    ],
)
@pytest.mark.parametrize("page", [False, True])
def test_a_private_host_is_reached_only_by_its_name(
    private: tuple[str, ...], url: str, found: bool, page: bool, song: bytes, tmp_path: Path
) -> None:
    async def work(server: Wild) -> None:
        named = tuple(name.replace("PORT", str(server.port)) for name in private)
        link = url.replace("PORT", str(server.port))
        if page:
            answers["/page"] = http(f'<html><audio src="{link}"></audio></html>'.encode())
        start = f"{server.base}/page" if page else link
        result = await fetched(server, start, tmp_path, private=named)
        if found:
            assert isinstance(result, Fetched), result
            assert result.path.read_bytes() == song
        else:
            assert isinstance(result, str) and (page or result in ("private_link", "unreachable"))
            assert all(one.at != OTHER_HOST for one in server.asked)

    answers = private_answers(song)
    on_server(answers, work)
