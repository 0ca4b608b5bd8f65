"""A playlist of HLS is one sound, behind a page or behind a link of its own."""

from __future__ import annotations

import secrets
from pathlib import Path

import av
import numpy as np
import pytest
from Cryptodome.Cipher import AES
from Cryptodome.Util.Padding import pad

from soundmap.audio.decode import decode
from soundmap.links import child
from soundmap.links.fetch import Fetched
from tests.helpers.sounds import music
from tests.links.served import code_of, fetched, on_server, page_of
from tests.loopback.wild import Answer, Asked, Wild, http, in_parts, redirect

SECONDS = 12
M3U8 = "Content-Type: application/vnd.apple.mpegurl"


@pytest.fixture(scope="module")
def hls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return written(tmp_path_factory.mktemp("hls"))


def written(folder: Path, **more: str) -> dict[str, bytes]:
    """A playlist, ``a.m3u8``, and its segments of four seconds."""
    how = {"hls_time": "4", "hls_playlist_type": "vod", **more}
    with av.open(folder / "a.m3u8", "w", format="hls", options=how) as output:
        stream = output.add_stream("aac", rate=44_100, layout="mono")
        samples = music(SECONDS).astype(np.float32)
        for at in range(0, len(samples), 44_100):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + 44_100], "fltp", "mono")
            frame.sample_rate, frame.pts = 44_100, at
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def served(files: dict[str, bytes]) -> dict[str, Answer]:
    return {
        f"/{name}": http(body, M3U8) if name.endswith("m3u8") else http(body)
        for name, body in files.items()
    }


def encrypted(hls: dict[str, bytes]) -> dict[str, bytes]:
    """The same with AES-128 (RFC 8216, section 5.2): the IV is the number of the segment."""
    key = secrets.token_bytes(16)
    playlist = (
        hls["a.m3u8"]
        .decode()
        .replace("#EXT-X-MEDIA", '#EXT-X-KEY:METHOD=AES-128,URI="key"\n#EXT-X-MEDIA', 1)
    )
    names = [line for line in playlist.splitlines() if line.endswith(".ts")]
    made = {"a.m3u8": playlist.encode(), "key": key}
    for number, name in enumerate(names):
        cipher = AES.new(key, AES.MODE_CBC, number.to_bytes(16, "big"))
        made[name] = cipher.encrypt(pad(hls[name], 16))
    return made


def heard(answers: dict[str, Answer], start: str, folder: Path) -> Fetched:
    found: list[Fetched] = []

    async def work(server: Wild) -> None:
        result = await fetched(server, start, folder)
        assert isinstance(result, Fetched), result
        found.append(result)

    on_server(answers, work)
    clip = decode(found[0].path)
    assert SECONDS - 0.5 < len(clip.samples) / clip.sample_rate_hz < SECONDS + 0.5
    return found[0]


def ways(hls: dict[str, bytes]) -> dict[str, tuple[dict[str, Answer], str]]:
    """Servers of one playlist, and where each begins."""
    plain = served(hls)
    master = b'#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=128000,CODECS="mp4a.40.2"\na.m3u8\n'
    relative = {**plain, "/x/y.m3u8": redirect("/a.m3u8")}
    page = page_of("/a.m3u8")
    signed = hls["a.m3u8"].replace(b".ts", b".ts?s=%2f%3D")

    def once_signed(asked: Asked) -> bytes:
        whole = asked.target.endswith(b"?s=%2f%3D")
        return http(hls[asked.path.strip("/")]) if whole else http(status="403 Forbidden")

    guarded = {f"/{name}": once_signed for name in hls if name.endswith(".ts")}
    return {
        "direct": (plain, "/a.m3u8"),
        "in a page": ({**plain, "/page": page}, "/page"),
        "redirected": (relative, "/x/y.m3u8"),
        "a master": ({**plain, "/m.m3u8": http(master, M3U8)}, "/m.m3u8"),
        "another name": ({**plain, "/play": http(hls["a.m3u8"], M3U8)}, "/play?id=1"),
        "another type": ({**plain, "/a.m3u8": http(hls["a.m3u8"], "Content-Type: text/plain")},
                         "/a.m3u8"),
        "no type": ({**plain, "/a.m3u8": http(hls["a.m3u8"])}, "/a.m3u8"),
        "lines of Windows": (
            {**plain, "/a.m3u8": http(hls["a.m3u8"].replace(b"\n", b"\r\n"), M3U8)}, "/a.m3u8"
        ),
        "signed segments": ({**plain, **guarded, "/a.m3u8": http(signed, M3U8)}, "/a.m3u8"),
        "encrypted": (served(encrypted(hls)), "/a.m3u8"),
        "encrypted, in a page": ({**served(encrypted(hls)), "/page": page}, "/page"),
    }  # fmt: skip


WAYS = ["direct", "in a page", "redirected", "a master", "another name", "another type", "no type",
        "lines of Windows", "signed segments", "encrypted", "encrypted, in a page"]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_playlist_is_heard_whole(way: str, hls: dict[str, bytes], tmp_path: Path) -> None:
    found = heard(*ways(hls)[way], tmp_path)
    assert found.origin and found.origin.site == "127.0.0.1"


KINDS = {"fragments of MP4": {"hls_segment_type": "fmp4"}, "one file": {"hls_flags": "single_file"}}


@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_of_segments_are_heard(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "hls"
    folder.mkdir()
    files = written(folder, **KINDS[kind])
    parts: dict[str, Answer] = {f"/{name}": in_parts(body) for name, body in files.items()}
    heard({**parts, "/a.m3u8": http(files["a.m3u8"], M3U8)}, "/a.m3u8", tmp_path / "in")


def test_without_an_end_it_is_live(hls: dict[str, bytes], tmp_path: Path) -> None:
    playlist = hls["a.m3u8"].replace(b"#EXT-X-ENDLIST\n", b"").replace(b"-TYPE:VOD", b"-TYPE:EVENT")
    answers = {**served(hls), "/a.m3u8": http(playlist, M3U8)}
    assert code_of(answers, tmp_path, "/a.m3u8") == "live"


REFUSED = {
    "file:///etc/passwd": {"page_failed", "no_sound_there"},
    "http://127.0.0.2:1/a.ts": {"private_link"},
    "http://169.254.169.254/a.ts": {"private_link"},
    "http://[::1]/a.ts": {"private_link"},
}


@pytest.mark.parametrize("address", REFUSED)
@pytest.mark.parametrize("part", ["segment", "key", "map", "variant"])
def test_no_part_of_it_leads_where_a_link_may_not(
    address: str, part: str, hls: dict[str, bytes], tmp_path: Path
) -> None:
    lines = {
        "segment": hls["a.m3u8"].decode().replace("a1.ts", address),
        "key": encrypted(hls)["a.m3u8"].decode().replace('"key"', f'"{address}"'),
        "map": hls["a.m3u8"].decode().replace("#EXTINF", f'#EXT-X-MAP:URI="{address}"\n#EXTINF', 1),
        "variant": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=128000\n{address}\n",
    }
    answers = {**served(hls), "/a.m3u8": http(lines[part].encode(), M3U8)}
    assert code_of(answers, tmp_path, "/a.m3u8") in {*REFUSED[address], "page_failed"}
    assert not any(path.is_file() and b"root:" in path.read_bytes() for path in tmp_path.rglob("*"))


def test_a_list_of_songs_stays_a_playlist(tmp_path: Path) -> None:
    listed = http(b"#EXTM3U\n#EXTINF:3,Song\na.mp3\n", "Content-Type: audio/x-mpegurl")
    assert code_of({"/a.m3u": listed}, tmp_path, "/a.m3u") == "playlist"


# ------------------------------------------------------------------ what yt-dlp hides in addresses

SMUGGLED = "#__youtubedl_smuggle=%7B%22to_generic%22%3A+true%7D"


def test_the_origin_of_a_page_is_an_address_without_notes(
    hls: dict[str, bytes], tmp_path: Path
) -> None:
    page = page_of("/a.m3u8")
    found = heard({**served(hls), "/page": page}, f"/page{SMUGGLED}", tmp_path)
    assert found.origin is not None
    assert "smuggle" not in repr(found.origin) and found.origin.page.endswith("/page")


def test_what_a_link_smuggles_is_not_obeyed(hls: dict[str, bytes], tmp_path: Path) -> None:
    async def work(server: Wild) -> None:
        notes = "%7B%22referer%22%3A%22http%3A%2F%2Fevil.test%22%7D"
        url = f"{server.base}/a.m3u8#__youtubedl_smuggle={notes}"
        assert isinstance(await fetched(server, url, tmp_path), Fetched)
        assert all("evil" not in one.headers.get("referer", "") for one in server.asked)
        for broken in ("", "x", "%7B", "%5B%5D"):
            url = f"{server.base}/a.m3u8#__youtubedl_smuggle={broken}"
            assert isinstance(await fetched(server, url, tmp_path / broken), Fetched)

    on_server(served(hls), work)


def test_no_fact_of_a_page_shows_such_notes() -> None:
    assert child.text(f"https://a.example/b{SMUGGLED}") == "https://a.example/b"
    assert child.text("A title") == "A title" and child.text(None) == ""
