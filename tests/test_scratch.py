"""Temporary folders go with their process, even if it is killed, and no other's are touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from soundmap.scratch import remove_left_overs, scratch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it has no such locks")

IN_USE = """
import sys, time
from soundmap.scratch import scratch
with scratch() as folder:
    (folder / "song.wav").write_bytes(b"RIFF")
    print(folder, flush=True)
    time.sleep(600)
"""
ON_A_WORKER = """
import sys, time
from soundmap import cluster
folder = cluster.unpacked({"model.onnx": b"graph"})
with cluster.laid_down(b"RIFF", ".wav") as path:
    assert path.suffix == ".wav" and path.read_bytes() == b"RIFF"
    print(path, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@contextmanager
def running(code: str) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that uses temporary files, and where one of them is."""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("soundmap-*"))


def test_a_folder_is_gone_after_its_block(temporary: Path) -> None:
    with scratch() as folder:
        assert folder.is_relative_to(temporary) and list(folder.iterdir()) == []
        (folder / "deep").mkdir()
        (folder / "deep" / "song.wav").touch()
    with pytest.raises(ZeroDivisionError), scratch() as folder:
        raise ZeroDivisionError
    assert left(temporary) == []


@pytest.mark.process
@pytest.mark.parametrize("code", [IN_USE, ON_A_WORKER])
def test_who_starts_next_deletes_what_a_killed_process_left(temporary: Path, code: str) -> None:
    with running(code) as (process, path):
        assert path.exists()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert path.exists() and left(temporary)
    with scratch():
        assert len(left(temporary)) == 1
    assert left(temporary) == []


@pytest.mark.process
@pytest.mark.parametrize("code", [IN_USE, ON_A_WORKER])
def test_what_a_running_process_uses_is_let_be(temporary: Path, code: str) -> None:
    with running(code) as (process, path):
        before = left(temporary)
        os.utime(temporary / before[0], (0, 0))  # however old it is
        remove_left_overs()
        with scratch():
            pass
        assert left(temporary) == before and path.exists()
        process.send_signal(signal.SIGSTOP)
        remove_left_overs()
        assert path.exists()


@pytest.mark.process
def test_a_worker_that_ends_in_peace_leaves_nothing(temporary: Path) -> None:
    subprocess.run([sys.executable, "-c", ON_A_WORKER.replace("600", "0")], check=True)
    assert left(temporary) == []


def test_what_is_not_known_to_be_left_over_is_let_be(temporary: Path, tmp_path: Path) -> None:
    (temporary / "soundmap-mine").mkdir()  # someone's own, of that name
    (temporary / "soundmap-notes.wav").touch()
    others = tmp_path / "others"
    others.mkdir()
    (others / ".owner").touch()
    (temporary / "soundmap-link").symlink_to(others)
    with scratch() as folder:
        remove_left_overs()
        assert folder.exists()
    assert left(temporary) == ["soundmap-link", "soundmap-mine", "soundmap-notes.wav"]
    assert others.is_dir()


@pytest.mark.process
def test_many_that_start_at_once_do_not_harm_each_other(temporary: Path) -> None:
    code = """
from soundmap.scratch import scratch
for _ in range(200):
    with scratch() as folder:
        (folder / "song.wav").write_bytes(b"RIFF")
        assert (folder / "song.wav").read_bytes() == b"RIFF"
"""
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert left(temporary) == []
