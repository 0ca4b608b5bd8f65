"""How the bot starts from a folder with an ``.env``, as a process with no terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = b"SOUNDMAP_QUEUE=many"  # read as a setting, so it is told
SETTING = "SOUNDMAP_QUEUE"

pytestmark = pytest.mark.process


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    bare = {k: v for k, v in os.environ.items() if "TOKEN" not in k and "SOUNDMAP" not in k}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**bare, "PYTHONPATH": str(ROOT), **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("soundmap-bot: ")
    return done.stderr


@pytest.mark.parametrize(
    "written",
    [
        None,
        b"",
        b"DISCORD_TOKEN=\n",
        b"DISCORD_TOKEN=   \n",
        b"# DISCORD_TOKEN=abc\n",
        b"DISCORD_TOKE=abc\n",
    ],
)
def test_without_a_token_and_a_terminal_it_names_the_file(
    tmp_path: Path, written: bytes | None
) -> None:
    if written is not None:
        (tmp_path / ".env").write_bytes(written)
    done = run(tmp_path)
    assert done.returncode == 2
    assert str(tmp_path / ".env") in one_sentence(done)
    assert [it.name for it in tmp_path.iterdir()] in ([".env"], [])  # nothing was made


@pytest.mark.parametrize(
    "written",
    [
        b'DISCORD_TOKEN="abc\ndef"\n',
        b"DISCORD_TOKEN='abc\r\ndef'\r\n",
        b"SLACK_APP_TOKEN=abc def\nSLACK_BOT_TOKEN=x\n",
        "DISCORD_TOKEN=“abc”\n".encode(),
        "DISCORD_TOKEN=abc\u200b\n".encode(),
        "DISCORD_TOKEN=abc\n".encode("utf-16"),
        b"DISCORD_TOKEN=\xff\n",
        b"DISCORD_TOKEN=abc\x00\n",
    ],
)
def test_a_token_that_cannot_be_one_is_a_sentence_with_the_file(
    tmp_path: Path, written: bytes
) -> None:
    (tmp_path / ".env").write_bytes(written)
    done = run(tmp_path)
    assert done.returncode == 2
    assert str(tmp_path / ".env") in one_sentence(done)
    assert "abc" not in done.stderr


def test_a_folder_in_its_place_is_a_sentence_too(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    done = run(tmp_path)
    assert done.returncode == 2
    assert str(tmp_path / ".env") in one_sentence(done)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_marks_and_ends_of_lines_of_any_editor_are_read(
    tmp_path: Path, mark: bytes, end: bytes
) -> None:
    (tmp_path / ".env").write_bytes(mark + GOOD + end + b"DISCORD_TOKEN=abc" + end)
    done = run(tmp_path)
    assert done.returncode == 1
    assert SETTING in one_sentence(done)
    assert str(tmp_path / ".env") in done.stderr


def test_a_token_from_the_environment_with_a_line_break_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, DISCORD_TOKEN="abc\ndef")
    assert done.returncode == 2
    assert "DISCORD_TOKEN" in one_sentence(done)
