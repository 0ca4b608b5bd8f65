"""Links to a server on loopback that serves good sounds and everything that means harm.

Nothing may be left in the folder, nobody may come to the trap, and every end is a code.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import numpy as np
import pytest

from soundmap.audio.decode import decode
from soundmap.errors import SoundMapError
from soundmap.links import child
from soundmap.links.fetch import Fetched, Fetcher
from soundmap.links.limits import Limits, is_public
from soundmap.links.pages import ytdlp_version
from soundmap.links.proxy import Proxy
from tests.helpers.bent import id3
from tests.helpers.evil import Evil, evil
from tests.helpers.sounds import encode, music, write

SECONDS = 12.0


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("song") / "song.mp3"
    return encode(path, music(12), 44_100, "mp3", "mp3")


@pytest.fixture(scope="module")
def long_song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("song") / "long.mp3"
    t = np.arange(44_100 * 160) / 44_100
    rising = 0.5 * np.sin(2 * np.pi * (200 * t + 4 * t * t))  # 200 Hz, and 8 more a second
    return encode(path, rising.astype(np.float32), 44_100, "mp3", "mp3", 320_000)


def with_server(song: Path, work: Callable[[Evil], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with evil(song) as server:
            await work(server)
            assert server.trapped == []

    asyncio.run(asyncio.wait_for(whole(), 60))


def limits(server: Evil, seconds: float = SECONDS, max_mb: float = 2) -> Limits:
    return Limits(max_mb=max_mb, seconds=seconds, redirects=4, allowed=server.allowed)


async def fetched(server: Evil, url: str, folder: Path, **how: float) -> Fetched | str:
    """The file behind a link, or the code of what is wrong; the folder is clean either way."""
    folder.mkdir(exist_ok=True)
    url = url if "://" in url else f"{server.base}/{url}"
    async with Fetcher(limits(server, **how), server.look_up) as fetcher:
        try:
            return await fetcher.link(url, folder)
        except SoundMapError as error:
            assert str(error)
            return error.code


@pytest.mark.parametrize("path", ["song.mp3", "wrong-type", "to-good.mp3", "page/song.mp3"])
def test_a_good_sound_arrives_whole(song: Path, tmp_path: Path, path: str) -> None:
    async def work(server: Evil) -> None:
        found = await fetched(server, path, tmp_path / "in")
        assert isinstance(found, Fetched), found
        assert found.path.read_bytes() == song.read_bytes()
        assert found.origin is not None and found.origin.site == "127.0.0.1"

    with_server(song, work)


def test_a_page_is_named_by_its_title(song: Path, tmp_path: Path) -> None:
    async def work(server: Evil) -> None:
        found = await fetched(server, f"http://good.test:{server.port}/page/song.mp3", tmp_path)
        assert isinstance(found, Fetched), found
        assert found.origin is not None
        assert found.origin.title.startswith("A page")
        assert found.origin.site == "good.test"

    with_server(song, work)


HARM = {
    "endless.mp3": "too_large",
    "larger.mp3": "too_large",
    "bomb.mp3": "not_audio",
    "to-loopback.mp3": "private_link",
    "to-metadata.mp3": "private_link",
    "to-mapped.mp3": "private_link",
    "to-file.mp3": "no_link",
    "loop.mp3": "too_many_redirects",
    "local.m3u8": {"page_failed", "no_sound_there"},
    "trap.m3u8": "private_link",
    "list.m3u": "playlist",
    "words.txt": "not_audio",
    "empty.html": "no_sound_there",
    "nothing-here": "gone",
    "page/trap": "private_link",
    "page/file": {"no_sound_there", "page_failed"},
    "page/two": "playlist_page",
    "page/endless.mp3": "too_large",
    "page/larger.mp3": "too_large",
    "page/to-loopback.mp3": "private_link",
    "page/to-metadata.mp3": "private_link",
    "page/to-mapped.mp3": "private_link",
    "page/to-file.mp3": {"page_failed", "no_sound_there"},
    "page/loop.mp3": "page_failed",
    "page/local.m3u8": {"page_failed", "no_sound_there"},
    "page/trap.m3u8": "private_link",
    "bomb.html": {"page_failed", "no_sound_there", "too_large"},
    "broken.html": {"page_failed", "no_sound_there"},
    "http://169.254.169.254/latest": "private_link",
    "http://[::1]/": "private_link",
    "http://localhost:1/": {"unreachable", "private_link"},
    "http://2130706434/": {"unreachable", "private_link", "no_link"},
    "http://0x7f.2/": {"unreachable", "private_link", "no_link"},
    "http://nowhere.test/a.mp3": "unreachable",
    "ftp://127.0.0.1/a.mp3": "no_link",
    "file:///etc/passwd": "no_link",
    "http://": "no_link",
}


@pytest.mark.parametrize("path", HARM)
def test_harm_ends_in_a_plain_code_with_nothing_left(song: Path, tmp_path: Path, path: str) -> None:
    async def work(server: Evil) -> None:
        started = time.monotonic()
        code = await fetched(server, path, tmp_path / "in")
        expected = HARM[path]
        assert code in (expected if isinstance(expected, set) else {expected})
        assert time.monotonic() - started < SECONDS + 1

    with_server(song, work)


@pytest.mark.alone
@pytest.mark.parametrize("path", ["drip.mp3", "page/drip.mp3"])
def test_a_drip_is_given_up_at_the_limit_and_within_a_second(
    song: Path, tmp_path: Path, path: str
) -> None:
    async def work(server: Evil) -> None:
        started = time.monotonic()
        assert await fetched(server, path, tmp_path / "in", seconds=3) == "slow"
        assert 2.9 < time.monotonic() - started < 4

    with_server(song, work)


def test_of_a_file_larger_than_it_claims_no_more_is_taken_than_it_claims(
    song: Path, tmp_path: Path
) -> None:
    async def work(server: Evil) -> None:
        found = await fetched(server, "claims-little.mp3", tmp_path / "in")
        if isinstance(found, Fetched):
            assert found.path.stat().st_size <= 1_000
        else:
            assert found == "unreachable"  # the client takes such a server for broken

    with_server(song, work)


def test_a_name_that_changes_its_mind_leads_nowhere_new(song: Path, tmp_path: Path) -> None:
    async def work(server: Evil) -> None:
        url = f"http://rebinds.test:{server.port}"
        first = await fetched(server, f"{url}/song.mp3", tmp_path / "a")
        assert isinstance(first, Fetched)  # one look-up, and that very address
        assert server.lookups == ["rebinds.test"]
        assert await fetched(server, f"{url}/song.mp3", tmp_path / "b") == "private_link"
        server.lookups.clear()
        assert await fetched(server, f"{url}/page/song.mp3", tmp_path / "c") == "private_link"

    with_server(song, work)


def test_of_a_name_with_two_addresses_only_the_good_one_is_used(song: Path, tmp_path: Path) -> None:
    async def work(server: Evil) -> None:
        found = await fetched(server, f"http://both.test:{server.port}/song.mp3", tmp_path / "a")
        assert isinstance(found, Fetched) or found == "private_link"

    with_server(song, work)


def test_of_a_long_mp3_only_what_is_heard_is_fetched(long_song: Path, tmp_path: Path) -> None:
    async def work(server: Evil) -> None:
        found = await fetched(server, "song.mp3", tmp_path / "in", max_mb=25)
        assert isinstance(found, Fetched)
        size, parts = long_song.stat().st_size, [part for _, part in server.asked]
        assert parts[:2] == ["", f"bytes={size - 4096}-{size - 1}"] and len(parts) == 3
        first, last = parts[2].removeprefix("bytes=").split("-")
        assert int(last) - int(first) < size / 4 and found.path.stat().st_size < size / 2
        clip = decode(found.path)
        spectrum = np.abs(np.fft.rfft(clip.samples[: 44_100 * 30]))
        loudest_hz = spectrum.argmax() * clip.sample_rate_hz / (44_100 * 30)
        assert 200 + 8 * 65 < loudest_hz < 200 + 8 * 95  # what sounds at 1:05 to 1:35 of 2:40

    with_server(long_song, work)


@pytest.mark.parametrize("kind", ["mp3", "wav"])
def test_a_long_tag_does_not_tell_what_follows_it(
    kind: str, long_song: Path, tmp_path: Path
) -> None:
    tagged = tmp_path / "tagged.mp3"
    write(tmp_path / "a.wav", music(45), 44_100)
    sound = long_song if kind == "mp3" else tmp_path / "a.wav"
    tagged.write_bytes(id3(200_000) + sound.read_bytes())

    async def work(server: Evil) -> None:
        found = await fetched(server, "song.mp3", tmp_path / "in", max_mb=25)
        assert isinstance(found, Fetched)
        whole = found.path.stat().st_size == tagged.stat().st_size
        assert whole is (kind == "wav")
        assert decode(found.path).seconds == pytest.approx(30, abs=0.01)

    with_server(tagged, work)


def test_the_proxy_wants_its_password(song: Path) -> None:
    async def work(server: Evil) -> None:
        async with Proxy(limits(server), server.look_up) as proxy, aiohttp.ClientSession() as web:
            bare = proxy.url.replace(proxy.url.partition("//")[2].partition("@")[0] + "@", "")
            async with web.get(f"{server.base}/song.mp3", proxy=bare) as refused:
                assert refused.status == 407
            async with web.get(f"{server.base}/song.mp3", proxy=proxy.url) as answered:
                assert await answered.read() == song.read_bytes()
            assert proxy.received > song.stat().st_size
            async with web.get(f"http://127.0.0.2:{server.port}/", proxy=proxy.url) as private:
                assert private.status == 403
            assert proxy.refused

    with_server(song, work)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "fd00:ec2::254", "2001:db8::1",
        "64:ff9b:1::a9fe:a9fe", "::127.0.0.1", "::ffff:0:7f00:1", "fec0::1", "2a00::5efe:7f00:1",
        "2a00::200:5efe:a00:1", "3fff::1", "5f00::1", "4000::1", "192.0.0.8", "192.88.99.1",
        "168.63.129.16",
    ],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("ERROR: [youtube] a4104x: Private video. Sign in if you have access", "private_page"),
        ("ERROR: [youtube] x: Sign in to confirm you’re not a bot", "page_busy"),
        ("ERROR: [youtube] x: Sign in to confirm your age", "age_gate"),
        (
            "ERROR: [generic] a410b: Unable to download webpage: HTTP Error 404: Not Found",
            "page_gone",
        ),
        ("ERROR: [generic] x: Unable to download webpage: HTTP Error 503", "page_busy"),
        (
            "ERROR: [generic] x: Read timed out. https://members.drmusic.example/georgia",
            "page_failed",
        ),
        ("ERROR: [x] y: This live event will begin in 2 hours", "live"),
        ("ERROR: [x] y: This video is DRM protected", "drm"),
        ("ERROR: Unsupported URL: https://example.com/private", "no_sound_there"),
        ("ERROR: [x] y: Unable to extract webpage data", "page_failed"),
        ("OSError: [Errno 28] No space left on device", "disk_full"),
    ],
)
def test_what_extractors_say_is_told_in_plain_words(message: str, code: str) -> None:
    assert child.refusal_of(message, "1").code == code


def test_odd_ports_of_the_internet_are_left_alone() -> None:
    assert Limits().may_connect("8.8.8.8", 443) and Limits().may_connect("8.8.8.8", 8000)
    assert not Limits().may_connect("8.8.8.8", 25) and not Limits().may_connect("8.8.8.8", 22)


def test_the_version_of_ytdlp_is_known() -> None:
    assert ytdlp_version()[:2] == "20"
