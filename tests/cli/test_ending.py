"""However a command is told to end, it ends in order, and says nothing of how it is made."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.sounds import music, write

COMMAND = [sys.executable, "-m", "soundmap"]
HIDDEN, SHOWN = b"\x1b[?25l", b"\x1b[?25h"
pytestmark = pytest.mark.process


def read_until(screen: int, text: bytes) -> bytes:
    """What a terminal shows until a text, or until its other end is closed."""
    told = b""
    while text not in told:
        try:
            told += os.read(screen, 1 << 16)
        except OSError:
            return told
    return told


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_gives_the_cursor_back(number: signal.Signals, tmp_path: Path) -> None:
    song = write(tmp_path / "song.wav", music(20), 44_100)
    screen, theirs = pty.openpty()
    asked = [*COMMAND, "genre", *[str(song)] * 99]
    env = {**os.environ, "TERM": "xterm", "TMPDIR": str(tmp_path)}
    with subprocess.Popen(asked, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        read_until(screen, HIDDEN)
        process.send_signal(number)
        told = read_until(screen, b"Traceback")
        assert process.wait() == 128 + number
    os.close(screen)
    assert b"Traceback" not in told
    assert told.rfind(SHOWN) > told.rfind(HIDDEN)


@pytest.mark.parametrize("program", ["soundmap", "bot"])
@pytest.mark.parametrize("seconds", [0.15, 0.25, 0.4])
def test_ctrl_c_at_the_start_is_no_traceback(program: str, seconds: float, tmp_path: Path) -> None:
    env = {**os.environ, "SOUNDMAP_HOME": str(tmp_path)}
    asked = [sys.executable, "-m", program, *(["check"] if program == "soundmap" else [])]
    with subprocess.Popen(
        asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    ) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert b"Traceback" not in told or b"frozen" in told  # Python itself had not started yet


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize(("name", "status"), [("song.wav", 0), ("none.wav", 1)])
def test_a_closed_stream_stops_nothing(closed: str, name: str, status: int, tmp_path: Path) -> None:
    write(tmp_path / "song.wav", music(5), 44_100)
    line = f"{sys.executable} -m soundmap genre {tmp_path / name} {closed}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == status and "Traceback" not in done.stderr
