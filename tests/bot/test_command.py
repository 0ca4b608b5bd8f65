"""How the bot starts and ends, as a process with no terminal."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import command
from soundmap import __version__
from tests.cli.test_help import examples
from tests.helpers.waiting import free_port, until

ROOT = Path(__file__).resolve().parents[2]
GOOD = b"SOUNDMAP_QUEUE=many"  # read as a setting, so it is told
SETTING = "SOUNDMAP_QUEUE"

pytestmark = pytest.mark.process


def run(
    folder: Path, *arguments: str, said: str | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Runs the bot in a folder; without what somebody ``said`` there is nobody to talk to."""
    bare = {k: v for k, v in os.environ.items() if "TOKEN" not in k and "SOUNDMAP" not in k}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**bare, "PYTHONPATH": str(ROOT), **settings},
        stdin=subprocess.DEVNULL if said is None else None,
        input=said,
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
    said = one_sentence(done)
    assert str(tmp_path / ".env") in said
    assert ("(there is no such file)" in said) == (written is None)
    assert [it.name for it in tmp_path.iterdir()] in ([".env"], [])  # nothing was made


@pytest.mark.parametrize(
    "written",
    [
        b'DISCORD_TOKEN="abc\ndef"\n',
        b"DISCORD_TOKEN='abc\r\ndef'\r\n",
        b"SLACK_APP_TOKEN=xapp-abc def\nSLACK_BOT_TOKEN=xoxb-x\n",
        "DISCORD_TOKEN=“abc”\n".encode(),
        "DISCORD_TOKEN=abc\u200b\n".encode(),
        "DISCORD_TOKEN=abc\n".encode("utf-16"),
        b"DISCORD_TOKEN=\xff\n",
        b"DISCORD_TOKEN=abc\x00\n",
        b"DISCORD_TOKEN: abc\n",
        b"DISCORD_TOKEN abc\n",
        b'DISCORD_TOKEN="abc\n',
        b"abc.def.ghi\n",
        b"discord_token=abc\n",
        b"SLACK_TOKEN=abc\n",
        "DISCORD_TOKEN=abc\n".encode("utf-16-le"),
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


# ---------------------------------------------------------------------- without the extra

WITHOUT = """
import sys


class Lacking:
    def find_spec(self, name, *_):
        if name.partition(".")[0] == {package!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)


sys.meta_path.insert(0, Lacking())
"""


def without(folder: Path, package: str) -> str:
    """The path of modules of a Python that lacks a package."""
    (folder / "lacking").mkdir()
    (folder / "lacking" / "sitecustomize.py").write_text(WITHOUT.format(package=package))
    return f"{folder / 'lacking'}{os.pathsep}{ROOT}"


@pytest.mark.parametrize(
    "package", ["aiohttp", "aiosqlite", "discord", "dotenv", "pebble", "prometheus_client"]
)
def test_without_a_package_of_the_bot_it_says_how_to_get_it(tmp_path: Path, package: str) -> None:
    database = str(tmp_path / "soundmap.db")
    facts = {"DISCORD_TOKEN": "abc", "SOUNDMAP_DATABASE": database}
    done = run(tmp_path, PYTHONPATH=without(tmp_path, package), **facts)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert package in last and "pip install 'soundmap[bot]'" in last
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("package", ["aiohttp", "dotenv", "discord"])
@pytest.mark.parametrize("asked", ["--version", "--help", "settings"])
def test_what_it_says_of_itself_needs_no_package(tmp_path: Path, package: str, asked: str) -> None:
    done = run(tmp_path, asked, PYTHONPATH=without(tmp_path, package))
    assert done.returncode == 0 and done.stdout and not done.stderr


def test_both_commands_have_a_version(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").stdout == f"soundmap-bot {__version__}\n"
    told = subprocess.check_output([sys.executable, "-m", "soundmap", "--version"], cwd=ROOT)
    assert told.decode() == f"soundmap {__version__}\n"


# ---------------------------------------------------------------------- where things are


@pytest.mark.parametrize("named", [False, True], ids=["usual", "named"])
def test_the_console_says_where_votes_are_kept_and_leaves_nothing_else(
    tmp_path: Path, named: bool
) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    here.mkdir()
    facts = {"SOUNDMAP_HOME": str(tmp_path / "named")} if named else {}
    done = run(here, said="/quit\n", HOME=str(home), **facts)
    folder = tmp_path / "named" if named else home / ".local" / "share" / "soundmap"
    assert f"Votes and lists are kept in {folder / 'soundmap.db'}.\n" in done.stdout
    assert {"soundmap.db", "soundmap.db.key"} <= {it.name for it in folder.iterdir()}
    assert not list(here.iterdir()) and not done.stderr


def test_a_backup_is_of_the_database_in_use(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SOUNDMAP_HOME={tmp_path / 'home'}\n")
    run(tmp_path, said="/quit\n")
    done = run(tmp_path, "backup", "copy.db")
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "home" / "soundmap.db.key") in done.stdout
    assert (tmp_path / "copy.db").stat().st_size


# ---------------------------------------------------------------------- the end of the console


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("at_work", [False, True])
def test_a_signal_ends_the_console_and_leaves_nothing(
    tmp_path: Path, number: signal.Signals, at_work: bool
) -> None:
    bare = {k: v for k, v in os.environ.items() if "TOKEN" not in k}
    folders = dict.fromkeys(("SOUNDMAP_HOME", "TMPDIR"), str(tmp_path))
    console = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot"],
        cwd=tmp_path,
        env={**bare, **folders, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert console.stdin and console.stdout
    while "/help" not in console.stdout.readline():
        assert console.poll() is None
    if at_work:
        console.stdin.write("/demo\n")
        console.stdin.flush()
        while not console.stdout.readline().strip():
            assert console.poll() is None
    console.send_signal(number)
    _, complained = console.communicate(timeout=30)
    assert (console.returncode, complained) == (0, "")
    assert not list(tmp_path.glob("soundmap-*"))  # temporary folders


def test_a_console_that_nobody_reads_any_more_ends_without_a_word(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    folders = dict.fromkeys(("SOUNDMAP_HOME", "TMPDIR"), str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "bot"],
        cwd=tmp_path,
        env={**os.environ, **folders, "PYTHONPATH": str(ROOT)},
        input="/about\n/help\n",
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
        timeout=100,
    )
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, "")


# ---------------------------------------------------------------------- whether it can answer


@pytest.mark.timeout(300)
def test_another_process_asks_a_running_bot_whether_it_can_answer(tmp_path: Path) -> None:
    port = str(free_port())
    database = tmp_path / "soundmap.db"
    (tmp_path / ".env").write_text(f"SOUNDMAP_HEALTH_PORT={port}\nSOUNDMAP_DATABASE={database}\n")
    gone = run(tmp_path, "ready")
    assert gone.returncode == 1 and f"No bot answers at port {port}" in one_sentence(gone)
    with running(tmp_path):
        until(lambda: run(tmp_path, "ready").returncode == 0, 200, pause_s=1)
        second = run(tmp_path, said="/quit\n")
    assert second.returncode == 1
    assert "SOUNDMAP_HEALTH_PORT cannot be used" in one_sentence(second)
    assert "rrno" not in second.stderr and "('" not in second.stderr


@contextmanager
def running(folder: Path) -> Iterator[None]:
    """A console in a folder, which ends with the block."""
    bare = {k: v for k, v in os.environ.items() if "TOKEN" not in k and "SOUNDMAP" not in k}
    with subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=folder,
        env={**bare, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as console:
        try:
            yield
        finally:
            console.communicate(b"/quit\n", timeout=60)


def test_without_a_port_nobody_can_be_asked(tmp_path: Path) -> None:
    done = run(tmp_path, "ready")
    assert done.returncode == 1 and "SOUNDMAP_HEALTH_PORT" in one_sentence(done)


def test_every_help_has_examples_which_are_parsed() -> None:
    parser = command.command_parser()
    (commands,) = (it for it in parser._actions if isinstance(it.choices, dict))
    assert isinstance(commands.choices, dict)
    for each in (parser, *commands.choices.values()):
        shown = examples(each.format_help())
        assert shown
        for program, *arguments in map(shlex.split, shown):
            assert program == "soundmap-bot"
            parser.parse_args(arguments)
