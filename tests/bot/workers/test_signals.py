"""Signals that ask for the end, before anybody listens to them and for those who never do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from soundmap.library.signals import not_for_children
from tests.house.source import ROOT

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals"),
]
MASK = "import signal; print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))"


def begun(home: Path, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*command, sys.executable, "-m", "bot"],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SOUNDMAP_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def handles(process: subprocess.Popen[str], number: int) -> bool:
    """Whether a process has a handler of its own for a signal."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_bot_that_has_not_begun_ends_without_a_word(
    number: int, after_s: float, tmp_path: Path
) -> None:
    process = begun(tmp_path)
    while not handles(process, signal.SIGTERM):
        time.sleep(0.001)
    time.sleep(after_s)
    process.send_signal(number)
    assert process.communicate(timeout=20)[0] == ""
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_with_nohup_it_stays_when_the_terminal_goes_away(tmp_path: Path) -> None:
    process = begun(tmp_path, "nohup")
    while not handles(process, signal.SIGTERM):
        time.sleep(0.001)
    assert not handles(process, signal.SIGHUP)
    process.kill()
    process.communicate()


def test_what_a_terminal_sends_to_all_is_for_the_parent_alone() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with not_for_children():
        child = subprocess.run([sys.executable, "-c", MASK], capture_output=True, text=True)
    assert "SIGHUP" in child.stdout and "SIGINT" in child.stdout
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_console_that_waits_for_a_line_of_a_pipe_ends_when_told(
    number: int, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SOUNDMAP_HOME": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdin and process.stdout
    while b"/help" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(number)
    assert process.wait(30) == 0
    assert b"Fatal" not in process.stdout.read()
    process.stdin.close()
    process.stdout.close()
