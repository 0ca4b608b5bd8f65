"""One's own network is closed to links, but for the hosts that its owner names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import limits_of
from bot.config import BadSettings, read_settings
from soundmap.errors import BadLink
from soundmap.links.fetch import Fetched, Fetcher
from soundmap.links.limits import Limits, private_host
from tests.helpers.cli import run
from tests.helpers.sounds import encode, music
from tests.links.served import fetched, on_server, page_of
from tests.loopback.wild import (
    OTHER_HOST,
    Answer,
    Asked,
    Wild,
    http,
    redirect,
    wild_thread,
)

READ = {
    "nas": "nas",
    " nas.local ": "nas.local",
    "NAS.Local:8000": "nas.local:8000",
    "10.0.0.5": "10.0.0.5",
    "10.0.0.5:080": "10.0.0.5:80",
    "[fd00:0::1]": "[fd00::1]",
    "[FD00::1]:8000": "[fd00::1]:8000",
    "음악.local": "xn--ie5b30b.local",
    "my_nas": "my_nas",
}
NOT_READ = [
    "", " ", "*", "*.local", "10.0.0.0/8", "http://nas", "nas/", "nas/a", "a@nas", "nas:",
    "nas:0", "nas:65536",
    "nas:a", ".local", "nas..local", "a b", "a,b", "[fd00::1", "[zz]", "fd00::1", "nas?", "nas#a",
    "-:-", "nas\n.a",
]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_a_host_is_named_as_links_name_it(text: str) -> None:
    assert private_host(text) == READ[text]


@pytest.mark.parametrize("text", NOT_READ)
def test_what_is_no_single_host_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):
        private_host(text)
    if text.strip():
        assert run("genre", "http://127.0.0.1:1/", f"--allow-private={text}").returncode == 2


@pytest.mark.parametrize("port", [1, 22, 25, 111, 445, 1023])
def test_a_port_below_1024_is_to_be_named_too(port: int) -> None:
    assert not Limits(private_hosts=("nas",)).may_connect("10.0.0.5", port, "nas")
    assert Limits(private_hosts=(f"nas:{port}",)).may_connect("10.0.0.5", port, "nas")


def test_ipv6_is_named_in_brackets() -> None:
    limits = Limits(private_hosts=("[fd00::1]", "[fd00::2]:8000"))
    assert limits.may_connect("fd00::1", 80, "fd00::1")
    assert limits.may_connect("fd00::2", 8000, "fd00::2")
    assert not limits.may_connect("fd00::2", 8001, "fd00::2")
    assert not limits.may_connect("fd00::1", 80, "other")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wild]:
    path = tmp_path_factory.mktemp("song") / "song.mp3"
    songs = [
        http(encode(path, music(12, seed=seed), 44_100, "mp3", "mp3").read_bytes())
        for seed in (0, 1)
    ]
    away = redirect("http://127.0.0.2:1/a.mp3")
    with wild_thread({"/a.mp3": songs[0], "/b.mp3": songs[1], "/away": away}) as running:
        yield running


@pytest.mark.parametrize("command", ["genre", "recommend"])
def test_the_terminal_opens_a_named_host(command: str, server: Wild) -> None:
    link = f"http://localhost:{server.port}/a.mp3"
    closed = run(command, link)
    assert closed.returncode == 1 and "private network" in closed.stderr
    other = run(command, link, "--allow-private", "nas.local", "--allow-private", "127.0.0.1")
    assert other.returncode == 1 and "private network" in other.stderr
    for host in ("localhost", f"LOCALHOST:{server.port}"):
        done = run(
            command, f"<{link}>", "--json", "--allow-private", "nas", "--allow-private", host
        )
        assert done.returncode == 0, done.stderr


def test_the_other_commands_take_it_too(server: Wild, tmp_path: Path) -> None:
    link, page = f"http://127.0.0.1:{server.port}/a.mp3", tmp_path / "map.html"
    how = ("--allow-private", "127.0.0.1")
    for command in (
        ("path", link, link.replace("a.mp3", "b.mp3")),
        ("map", link, "--output", page),
    ):
        assert run(*command).returncode == 1
        done = run(*command, *how)
        assert done.returncode == 0, done.stderr


def test_a_named_host_leads_to_no_other(server: Wild) -> None:
    link = f"http://127.0.0.1:{server.port}/away"
    done = run("genre", link, "--allow-private", "127.0.0.1")
    assert done.returncode == 1 and "private network" in done.stderr


def test_the_bot_opens_what_its_setting_names(server: Wild, tmp_path: Path) -> None:
    async def fetch(hosts: str) -> None:
        settings = read_settings({"SOUNDMAP_ALLOW_PRIVATE_HOSTS": hosts}, tmp_path / ".env")
        async with Fetcher(limits_of(settings)) as fetcher:
            await fetcher.link(f"http://127.0.0.1:{server.port}/a.mp3", tmp_path)

    asyncio.run(fetch(f" nas.local, 127.0.0.1:{server.port},"))
    for closed in ("", "nas.local", "127.0.0.1:1"):
        with pytest.raises(BadLink) as caught:
            asyncio.run(fetch(closed))
        assert caught.value.code == "private_link"


@pytest.mark.parametrize("hosts", ["*", "nas.local;other", "10.0.0.0/8", "http://nas.local"])
def test_the_bot_says_what_is_no_host(hosts: str, tmp_path: Path) -> None:
    with pytest.raises(
        BadSettings, match="ALLOW_PRIVATE_HOSTS in the environment is hosts such as"
    ):
        read_settings({"SOUNDMAP_ALLOW_PRIVATE_HOSTS": hosts}, tmp_path / ".env")


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
            answers["/page"] = page_of(link)
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
