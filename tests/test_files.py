"""A file that takes the place of another: whole, or not at all."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from soundmap.cli.main import main
from soundmap.files import kept_secret, parts_of, replacing

WRITER = """
import sys
from pathlib import Path
from soundmap.files import replacing

target, letter, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
for _ in range(times):
    with replacing(target) as part:
        with part.open("w") as file:
            for _ in range(50):
                file.write(letter * 1000)
                file.flush()
"""
SIZE = 50_000


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A file that is there already, alone in its folder."""
    path = tmp_path / "picture.png"
    path.write_text("old")
    return path


@contextmanager
def no_room(n_bytes: int = 1000) -> Iterator[None]:
    """No file of this process grows larger than this."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def writer(target: Path, letter: str, times: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(target), letter, str(times)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def alone(target: Path) -> bool:
    return list(target.parent.iterdir()) == [target]


def test_what_was_written_takes_the_place(target: Path) -> None:
    with replacing(target) as part:
        part.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new" and alone(target)


def test_it_need_not_have_been_there(tmp_path: Path) -> None:
    with replacing(tmp_path / "new.txt") as part:
        part.write_text("new")
    assert (tmp_path / "new.txt").read_text() == "new"


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, OSError])
def test_an_error_leaves_the_old_one_and_no_litter(target: Path, kind: type[BaseException]) -> None:
    with pytest.raises(kind), replacing(target) as part:
        part.write_text("half")
        raise kind
    assert target.read_text() == "old" and alone(target)


def test_a_full_disk_leaves_the_old_one_and_names_it(target: Path) -> None:
    with no_room(), pytest.raises(OSError) as caught, replacing(target) as part:
        part.write_text("x" * 5000)
    assert caught.value.filename == str(target)
    assert target.read_text() == "old" and alone(target)


def test_no_folder_is_an_error_about_the_file_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "a.txt"
    with pytest.raises(FileNotFoundError) as caught, replacing(path) as part:
        part.write_text("new")
    assert caught.value.filename == str(path)


def test_another_files_error_keeps_its_name(target: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, replacing(target) as part:
        part.write_bytes(target.with_name("source").read_bytes())
    assert caught.value.filename == str(target.with_name("source"))


def test_a_killed_writer_leaves_the_old_one_and_the_next_clears_up(target: Path) -> None:
    process = writer(target, "a", 1_000_000)
    while not parts_of(target):
        pass
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert target.read_text() in ("old", "a" * SIZE)
    for part in parts_of(target):
        os.utime(part, (1, 1))  # a while ago: a writer at work would have changed it
    with replacing(target) as part:
        part.write_text("new")
    assert target.read_text() == "new" and alone(target)


def test_nobody_elses_part_is_touched(target: Path) -> None:
    """Neither a fresh one nor that of a file whose name is longer."""
    with replacing(target) as first, replacing(target.with_name("picture.png.old")) as other:
        for part in (first, other):
            part.write_text("half")
        os.utime(other, (1, 1))
        with replacing(target) as second:
            second.write_text("second")
        assert first.read_text() == other.read_text() == "half"
    assert target.read_text() == "half"


def test_of_two_writers_one_wins_whole(target: Path) -> None:
    writers = [writer(target, letter, 100) for letter in "ab"]
    whole = {"old", "a" * SIZE, "b" * SIZE}
    while any(process.poll() is None for process in writers):
        assert target.read_text() in whole
    assert [process.wait() for process in writers] == [0, 0]
    for process in writers:
        process.communicate()
    assert target.read_text() in whole - {"old"} and alone(target)


def test_who_may_read_it_is_what_open_would_have_said(target: Path) -> None:
    before = os.umask(0o027)
    try:
        with replacing(target) as part:
            part.write_text("new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_stays_and_leads_to_the_new_one(target: Path, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "link.png"
    link.symlink_to(target)
    with replacing(link) as part:
        part.write_text("new")
    assert link.is_symlink() and target.read_text() == "new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with replacing(pipe) as part:
        part.write_text("new")
    assert os.read(reader, 10) == b"new" and pipe.is_fifo()
    os.close(reader)


@pytest.mark.parametrize("letter", ["x", "\N{HANGUL SYLLABLE GA}"])
def test_a_name_may_be_as_long_as_a_name_may_be(tmp_path: Path, letter: str) -> None:
    target = tmp_path / (letter * (250 // len(letter.encode())) + ".png")
    for text in ("old", "new"):
        with replacing(target) as part:
            part.write_text(text)
    assert target.read_text() == "new" and alone(target)


@pytest.mark.parametrize(
    "command",
    [
        ("map", "-o", "{}/old.html"),
        ("path", "2", "5", "--picture", "{}/old.png"),
        ("simulate", "--people", "1", "--picture", "{}/old.png"),
    ],
    ids=lambda command: command[0],
)
def test_a_full_disk_spoils_no_old_picture(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [word.format(tmp_path) for word in command]
    old = Path(asked[-1])
    old.write_text("drawn long ago")
    with no_room():
        assert main(asked) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert old.read_text() == "drawn long ago" and alone(old)


def test_a_secret_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "a" / "key"
    secret = kept_secret(path)
    assert kept_secret(path) == secret and len(secret) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text(" my own ☃\n", encoding="utf-8")
    assert kept_secret(path) == "my own ☃"
    for held in (b"", b" \n", b"\xff\xfe"):
        path.write_bytes(held)
        with pytest.raises(OSError, match="holds no text"):
            kept_secret(path)


def test_a_secret_that_the_disk_has_no_room_for_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with no_room(10), pytest.raises(OSError, match="key"):
        kept_secret(path)
    assert not path.exists() and len(kept_secret(path)) == 64
