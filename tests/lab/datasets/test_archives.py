"""Archives of a data set, fetched from a real server on loopback that does what servers do."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import re
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from soundmap.cli.main import main
from soundmap.errors import SoundMapError
from soundmap.lab.datasets import archives
from soundmap.lab.datasets.archives import Archive, Fetch

NAME = "fma_small"


def packed(members: dict[str, bytes]) -> bytes:
    """A zip of these files, compressed as the archives of FMA are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


NOISE = np.random.default_rng(0).bytes(300_000)
MEMBERS = {f"{NAME}/000/000002.mp3": NOISE, f"{NAME}/README.txt": b"read me"}
CONTENT = packed(MEMBERS)


class Server(http.server.ThreadingHTTPServer):
    """Serves ``content`` at any address, in parts where ``ranges`` are asked for.  It ``cuts`` the
    connection after so many bytes, once for each number, and begins with ``answers`` that are
    none; ``asked`` holds the first byte of every request.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content, self.ranges = CONTENT, True
        self.cuts: list[int] = []
        self.answers: list[int] = []
        self.asked: list[int] = []
        self.promised = 0

    @property
    def mirror(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/fma/"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start, content = int(found[1]) if found else 0, self.server.content
        self.server.asked.append(start)
        if self.server.answers:
            self.send_error(self.server.answers.pop(0))
            return
        if not self.server.ranges:
            found, start = None, 0
        total = self.server.promised or len(content)
        if found and start >= len(content):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{total}")
            self.end_headers()
            return
        self.send_response(206 if found else 200)
        if found:
            self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        self.send_header("Content-Length", str(total - start))
        self.end_headers()
        end = start + self.server.cuts.pop(0) if self.server.cuts else len(content)
        self.wfile.write(content[start:end])
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@contextmanager
def unseen(_: str, __: int) -> Iterator[Callable[[float], None]]:
    yield lambda _: None


def fetch(server: Server, out: Path, content: bytes = CONTENT, unpacked: bool = True) -> Fetch:
    archive = Archive(NAME, hashlib.sha1(content).hexdigest(), len(content))
    return Fetch(archive, out, unseen, server.mirror, unpacked, pause_s=0.01)


def test_an_archive_is_fetched_checked_and_unpacked_once(server: Server, tmp_path: Path) -> None:
    facts = fetch(server, tmp_path).run()
    assert (facts["bytes"], facts["files"]) == (len(CONTENT), 2)
    for name, content in MEMBERS.items():
        assert (tmp_path / name).read_bytes() == content
    assert {path.name for path in tmp_path.iterdir()} == {NAME, f"{NAME}.zip"}
    again = tmp_path / NAME / "README.txt"
    again.unlink()
    fetch(server, tmp_path).run()
    assert again.read_bytes() == b"read me" and server.asked == [0]


def test_a_cut_in_the_middle_goes_on_from_there(server: Server, tmp_path: Path) -> None:
    server.cuts = [100_000, 70_000]
    fetch(server, tmp_path).run()
    assert server.asked == [0, 100_000, 170_000]
    assert (tmp_path / f"{NAME}.zip").read_bytes() == CONTENT


def test_the_next_run_goes_on_where_one_gave_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.cuts = [50_000, 0, 0, 0, 0, 0]
    waits: list[float] = []
    monkeypatch.setattr("soundmap.lab.datasets.download.time.sleep", waits.append)
    with pytest.raises(SoundMapError, match="Run it again"):
        fetch(server, tmp_path).run()
    assert np.array(waits) / 0.01 == pytest.approx([1, 2, 4, 8, 16])
    assert (tmp_path / f"{NAME}.zip.part").read_bytes() == CONTENT[:50_000]
    fetch(server, tmp_path).run()
    assert server.asked[-1] == 50_000
    assert (tmp_path / f"{NAME}.zip").read_bytes() == CONTENT


def test_a_whole_part_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.zip.part").write_bytes(CONTENT)
    fetch(server, tmp_path).run()
    assert server.asked == [len(CONTENT)]


def test_a_server_without_parts_sends_it_from_the_start(server: Server, tmp_path: Path) -> None:
    server.ranges, server.cuts = False, [100_000]
    fetch(server, tmp_path).run()
    assert server.asked == [0, 100_000]
    assert (tmp_path / f"{NAME}.zip").read_bytes() == CONTENT


def test_a_busy_server_is_asked_again_and_one_that_has_nothing_is_not(
    server: Server, tmp_path: Path
) -> None:
    server.answers = [503, 502]
    fetch(server, tmp_path / "a").run()
    assert len(server.asked) == 3
    server.answers = [404]
    with pytest.raises(SoundMapError, match="it answered 404"):
        fetch(server, tmp_path / "b").run()
    assert len(server.asked) == 4


def test_another_size_is_refused_before_a_byte_is_kept(server: Server, tmp_path: Path) -> None:
    server.content = b"<html>Log in to this network first</html>"
    with pytest.raises(SoundMapError, match="it is not that archive"):
        fetch(server, tmp_path).run()
    assert list(tmp_path.iterdir()) == []


def test_another_content_is_found_and_not_kept(server: Server, tmp_path: Path) -> None:
    server.content = CONTENT[:-1] + b"!"
    with pytest.raises(SoundMapError, match="SHA-1"):
        fetch(server, tmp_path).run()
    assert list(tmp_path.iterdir()) == []
    server.content = CONTENT
    fetch(server, tmp_path).run()


def test_a_disk_too_small_is_told_before_a_byte_is_fetched(server: Server, tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    server.promised = 2 * free
    wanted = Fetch(Archive(NAME, "", server.promised), tmp_path, unseen, server.mirror)
    with pytest.raises(SoundMapError, match="MB free"):
        wanted.run()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk here that is always full")
def test_a_disk_that_fills_up_is_told(server: Server, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.zip.part").symlink_to("/dev/full")
    with pytest.raises(SoundMapError, match="no room left on the disk"):
        fetch(server, tmp_path).run()


def test_a_member_that_would_leave_the_folder_is_refused(server: Server, tmp_path: Path) -> None:
    server.content = packed({"../outside.txt": b"x", f"{NAME}/a": NOISE})
    with pytest.raises(SoundMapError, match="outside its folder"):
        fetch(server, tmp_path / "in", server.content).run()
    assert not (tmp_path / "outside.txt").exists()


def test_two_do_not_fetch_one_archive(server: Server, tmp_path: Path) -> None:
    with archives.alone(tmp_path / f"{NAME}.lock"), pytest.raises(SoundMapError, match="Another"):
        fetch(server, tmp_path).run()


@pytest.mark.parametrize(
    "arguments",
    [
        ["fetch", "gtzan"],
        ["prepare", "fma_small", "--audio", "."],
        ["prepare", "fma"],
    ],
)
def test_wrong_usage_says_what_is_right(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dataset", *arguments, "--out", str(tmp_path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "dataset_asks"


def test_from_the_command_line(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["dataset", "fetch", NAME, "--out", str(tmp_path), "--mirror", server.mirror]
    assert main([*command, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "other_size"
