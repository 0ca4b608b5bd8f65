"""How the server begins and ends, and the token it keeps."""

from __future__ import annotations

import signal
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.helpers.cli import run
from tests.serve.conftest import library_in
from tests.serve.player import SPEAKS, Server, serving

pytestmark = [pytest.mark.process, pytest.mark.timeout(600)]


def is_open(server: Server) -> bool:
    host, _, port = server.address.partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def test_the_token_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        path, token = Path(server.facts["token_file"]), server.token
        assert path == tmp_path / "serve.token"
        assert path.stat().st_mode & 0o777 == 0o600 and len(token) == 64
        assert server.facts["catalogs"] == [{"name": "fma", "tracks": 7194}]
        assert server.ask("ping")["status"] == "ok"
        assert server.end(signal.SIGTERM) == 0 and not is_open(server)
        assert server.process.stdout and server.process.stdout.read() == ""
    with serving(tmp_path) as server:
        assert server.token == token
        assert server.end(signal.SIGINT) == 130 and not is_open(server)


def test_a_token_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "my token"
    file.write_text("correct horse battery ☃\n", encoding="utf-8")
    with serving(tmp_path, "--token", file) as server:
        assert server.ask("ping")["status"] == "ok"
        assert server.document("ping", **server.shown("소금"), **SPEAKS)["status"] == "ok"
        assert not (tmp_path / "serve.token").exists()


@pytest.mark.parametrize("held", [b"short", b"", b" \n", b"\xff\xfe" * 20])
def test_a_token_that_is_none_is_said_to_be_none(tmp_path: Path, held: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(held)
    done = run("serve", "--token", file, "--port", "0")
    assert done.returncode == 1 and str(file) in done.stderr and done.stdout == ""
    assert run("serve", "--token", tmp_path, "--port", "0").returncode == 1


def test_it_listens_on_this_machine_only(server: Server) -> None:
    assert server.address.startswith("127.0.0.1:") and server.facts["loopback"]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", int(server.address.partition(":")[2])))


def test_it_may_be_told_to_listen_elsewhere(tmp_path: Path) -> None:
    with serving(tmp_path, "--host", "0.0.0.0") as server:
        assert not server.facts["loopback"]
        assert server.ask("ping")["status"] == "ok"


def test_a_port_that_is_taken_is_said_to_be_taken(server: Server, tmp_path: Path) -> None:
    port = server.address.partition(":")[2]
    done = run("serve", "--token", tmp_path / "token", "--port", port)
    assert done.returncode == 1 and f"127.0.0.1:{port}" in done.stderr
    assert ": Address already in use. Choose" in done.stderr
    for host in ("no such host", "ex\udcffample", "x" * 300, "1.2.3.4", "::g"):
        done = run("serve", "--token", tmp_path / "token", "--port", "0", "--host", host)
        assert done.returncode == 1 and "Nothing can be served" in done.stderr
        assert "damaged" not in done.stderr  # which is said of files


def test_a_catalog_that_is_not_there_is_asked_about(tmp_path: Path) -> None:
    done = run("serve", "--catalog", "fmaa", "--catalogs", tmp_path, "--token", tmp_path / "token")
    assert done.returncode == 2 and "Did you mean fma?" in done.stderr


def test_without_its_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("soundmap.serve.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = run("serve")
    assert done.returncode == 1
    assert done.stderr.startswith("soundmap: Serving needs optional packages: pip install")
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert "추가 패키지가 필요합니다" in run("serve").stderr


def test_what_is_being_sent_is_sent_to_the_end(tmp_path: Path) -> None:
    home = library_in(tmp_path)
    size = 30 << 20
    with serving(home, "--catalog", "mine") as server:
        song = server.ask("search3", query="tune 8")["searchResult3"]["song"][0]
        with (tmp_path / "music" / song["path"]).open("r+b") as file:
            file.truncate(size)
        query = urlencode({"apiKey": server.token, **SPEAKS, "id": song["id"]})
        response = server.send("GET", f"/rest/stream?{query}")
        first = response.read(1000)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert len(first) + len(response.read()) == size
        assert server.process.wait(60) == 0


def test_who_does_not_read_does_not_hold_up_the_end(tmp_path: Path) -> None:
    home = library_in(tmp_path)
    with serving(home, "--catalog", "mine") as server:
        song = server.ask("search3", query="tune 8")["searchResult3"]["song"][0]
        with (tmp_path / "music" / song["path"]).open("r+b") as file:
            file.truncate(30 << 20)
        query = urlencode({"apiKey": server.token, **SPEAKS, "id": song["id"]})
        response = server.send("GET", f"/rest/stream?{query}")
        assert response.read(10)
        start = time.monotonic()
        assert server.end(signal.SIGTERM) == 0
        assert time.monotonic() - start < 30
        response.close()


def test_a_file_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    home = library_in(tmp_path)
    with serving(home, "--catalog", "mine") as server:
        song = server.ask("search3", query="tune 8")["searchResult3"]["song"][0]
        (tmp_path / "music" / song["path"]).unlink()
        assert server.code("stream", id=song["id"]) == 70
        assert server.ask("getSonicSimilarTracks", id=song["id"])["sonicMatch"]


def test_keys_are_not_written_anywhere(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        token = server.token
        server.ask("ping")
        server.send("GET", f"/rest/ping?apiKey={token}&%zz").read()
        server.end(signal.SIGTERM)
        assert server.process.stdout and token not in server.process.stdout.read()


def test_errors_are_said_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    with serving(tmp_path, LC_ALL="ko_KR.UTF-8") as server:
        error = server.document("ping", apiKey="wrong")["error"]
        assert error == {"code": 44, "message": "API 키가 틀립니다."}
