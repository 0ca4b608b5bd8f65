"""The console as a process: piped, and at a real terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "bot"]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDMAP_DATABASE", str(tmp_path / "soundmap.db"))
    monkeypatch.setenv("SOUNDMAP_WORKERS", "1")
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)


def piped(*lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        COMMAND,
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
        cwd=ROOT,
    )


class Chat:
    """A console that stays open and is told one line after the other."""

    def __init__(self, folder: Path) -> None:
        self._stderr, self._n_lines = folder / "stderr.txt", 0
        env = {**os.environ, "SOUNDMAP_DATABASE": str(folder / "soundmap.db")}
        env = {**env, "SOUNDMAP_WORKERS": "1", "DISCORD_TOKEN": ""}
        with self._stderr.open("w") as errors:
            self._process = subprocess.Popen(
                COMMAND,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=ROOT,
            )

    def say(self, line: str) -> subprocess.CompletedProcess[str]:
        """What is printed for a line; the next one, which is no command, tells where it ends."""
        assert self._process.stdin and self._process.stdout
        self._n_lines += 1
        end = f"/line-{self._n_lines}-is-over"
        before = self._stderr.stat().st_size
        self._process.stdin.write(f"{line}\n{end}\n")
        self._process.stdin.flush()
        said = ""
        while f"There is no command {end}." not in said:
            more = self._process.stdout.readline()
            assert more, (said, self._stderr.read_text())
            said += more
        errors = self._stderr.read_bytes()[before:].decode()
        return subprocess.CompletedProcess(line, 0, said.replace(end, ""), errors)

    def quit(self) -> int:
        """Its exit status, once it has been told to quit."""
        self._process.communicate("/quit\n", timeout=20)
        return self._process.returncode


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """One console for all that a console outlives."""
    made = Chat(tmp_path_factory.mktemp("console"))
    yield made
    assert made.quit() == 0


def test_a_path_is_answered(demo: Path) -> None:
    done = piped(str(demo))
    assert done.returncode == 0
    assert "1. " in done.stdout and "5. " in done.stdout
    assert done.stderr == ""


def test_commands(demo: Path) -> None:
    done = piped(
        f"/genre {demo}", "/help", "/recommend --genre Rock -n 2 " + str(demo), "/quit", "x"
    )
    assert done.returncode == 0
    assert done.stdout.count("Electronic") >= 1
    assert "/recommend PATH" in done.stdout
    assert "2. " in done.stdout and "3. " not in done.stdout
    assert done.stderr == ""


def test_an_empty_line_plays_the_next_demo_and_leaves_nothing() -> None:
    before = set(Path(tempfile.gettempdir()).glob("soundmap-*"))
    done = piped("", "/demo", "", "", "/quit")
    parts = done.stdout.split("It is demo ")[1:]
    assert [part[:6] for part in parts] == ["1 of 3", "2 of 3", "3 of 3", "1 of 3"]
    heard = ("Electronic", "Instrumental", "Experimental", "Electronic")
    for part, genre in zip(parts, heard, strict=True):
        assert f"Heard as {genre}" in part and "5. " in part and "Not sure" not in done.stdout
    assert set(Path(tempfile.gettempdir()).glob("soundmap-*")) == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no/such/file.mp3", "There is no file no/such/file.mp3."),
        ("/sing", "There is no command /sing."),
        ("/summary", "There is no command /summary."),
        ("/genre", "Give me something to listen to"),
        ("/genre -n 2", "/genre does not work like that: "),
        ("/recommend a.mp3 -n 0", "a whole number from 1 to 100"),
        ("/reccomend", "Did you mean /recommend?"),
        ("/catalog fmaa", "Did you mean fma?"),
        ("hello there", "There is no file hello there. "),
        ("mydata", "Did you mean /mydata? /help shows"),
        ("demo.wav", "There is no file demo.wav. /help shows"),
        ("/genre 'unclosed", "There is no file 'unclosed."),
        ("/recommend No - Such.mp3 -n 2", "There is no file No - Such.mp3."),
        ("/recommend -n 2", "I do not know your taste yet"),
        ("/forget", "Type yes to do it"),
        (".", "is a folder"),
        ("a" * 300, "too long"),
        ("~nobody-here/a.wav", "There is no file"),
        ("file://[abc", "There is no file"),
        ("https://sound.invalid/a.mp3", "cannot be reached"),
        ("\x00", "cannot be read"),
        ("pyproject.toml", "not audio"),
    ],
)
def test_wrong_lines_are_said_to_be_so_and_the_chat_goes_on(
    chat: Chat, line: str, said: str
) -> None:
    done = chat.say(line)
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "/quit" in chat.say("/help").stdout


STYLES = ["{}", "'{}'", "file://{}", "escaped", "/genre {}", "/recommend {} -n 2 --roam wide"]


@pytest.mark.parametrize("name", ["My (best) song.wav", "Ann - So  far.wav"])
@pytest.mark.parametrize("style", STYLES)
def test_dropped_paths_are_understood(
    chat: Chat, demo: Path, tmp_path: Path, style: str, name: str
) -> None:
    path = shutil.copy(demo, tmp_path / name)
    text = str(path).replace(" ", "\\ ").replace("(", "\\(").replace(")", "\\)")
    line = text if style == "escaped" else style.format(path)
    if style.startswith("file"):
        line = line.replace(" ", "%20")
    done = chat.say(line)
    assert "%" in done.stdout, done
    assert done.stderr == ""


def test_at_a_terminal(demo: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(COMMAND, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT)
    os.close(theirs)
    os.write(ours, f"/genre {demo}\n".encode())
    shown = read_until(ours, "█", 30)
    assert "♪ " in shown and "press Enter" in shown
    os.write(ours, b"/quit\n")
    assert process.wait(10) == 0
    os.close(ours)


def read_until(fd: int, text: str, seconds: float) -> str:
    end, seen = time.monotonic() + seconds, b""
    while text.encode() not in seen and time.monotonic() < end:
        if select.select([fd], [], [], 0.2)[0]:
            seen += os.read(fd, 4096)
    assert text.encode() in seen, seen.decode(errors="replace")
    return seen.decode(errors="replace")


def test_why_says_more_than_the_list(demo: Path) -> None:
    done = piped(str(demo), "/why", "/quit")
    listed, why = done.stdout.split("Your sound: ")
    assert "yours " not in listed and why.count("yours ") >= 5
    assert why.count("   • ") >= 5 and why.count("   distance ") == 5 and "%" in why


def test_votes_and_taste_at_the_console(demo: Path) -> None:
    done = piped(str(demo), "/like 1", "/like 9", "/more 2", "/taste", "/recommend", "/taste reset")
    assert done.returncode == 0 and done.stderr.count("soundmap:") == 1  # there is no ninth
    assert "Kept: you like number 1." in done.stdout
    assert "The last list has no number 9: it ends with number 5." in done.stderr
    assert "genre" in done.stdout and "Like “" in done.stdout
    assert "From your taste" in done.stdout
    assert "I believe nothing of you" in done.stdout


def test_what_is_kept_is_deleted_once_that_is_sure(demo: Path) -> None:
    done = piped(
        str(demo),
        "/like 1",
        "/mydata export",
        "/forget",
        "no",
        "/mydata forget",
        "/mydata",
        "yes",
        "/forget",
        "Yes",
        "/mydata",
        "/quit now",
        "x",
    )
    assert done.returncode == 0 and done.stderr.count("soundmap: ") == 1  # "yes" is no file
    before, after = done.stdout.split("Forgotten")
    assert "votes: 1" in before and "votes: 0" in after
    assert '"votes": [' in before and before.count("Type yes to do it") == 3
    assert before.count("Nothing was deleted.") == 2


def test_a_page_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "soundmap-map.html").mkdir()
    done = piped("/map", "/quit")
    assert f"({tmp_path / 'soundmap-map.html'})" in done.stderr


def test_a_path_is_walked_and_then_shown_on_the_map(demo: Path, tmp_path: Path) -> None:
    done = piped(f"/path {demo} -> #141 -n 3", f"/path '{demo}' 2 -n 2 --json", "/map", "/quit")
    assert done.returncode == 0 and done.stderr == ""
    assert f"From {demo.name}" in done.stdout and "3. " in done.stdout
    assert "The longest of 4 steps is" in done.stdout
    document = json.loads(next(line for line in done.stdout.splitlines() if line[:1] == "{"))
    assert len(document["picks"]) == 2 and document["to"]["track_id"] == 2
    page = (tmp_path / "soundmap-map.html").read_text(encoding="utf-8")
    assert f"{demo.name} \\u2192 " in page


def test_the_map_of_a_taste_is_a_picture(demo: Path, tmp_path: Path) -> None:
    picture = tmp_path / "soundmap-map-taste.png"
    cold = piped("/map taste", "/quit")
    assert "do not know what you like" in cold.stderr and not picture.exists()
    done = piped(str(demo), "/like 1", "/map taste", "/quit")
    assert picture.as_uri() in done.stdout and picture.read_bytes().startswith(b"\x89PNG")


def test_what_is_no_path_is_told(chat: Chat) -> None:
    told = {
        "/path": "two ends",
        "/path 2": "two ends",
        "/path 2 ->": "two ends",
        "/path -> 2": "two ends",
        "/path a -> b -> c": "two ends",
        '/path "2 141': "two ends",
        "/path 2 -> 99": "no number 99. For the track of the catalog",
        "/path #2 -> #2": "same sound",
        "/path #2 -> nowhere at all -n 3": "no track nowhere at all",
        "/path #2 #141 -n 99": "from 1 to 24",
        "/path #2 #141 --genre Polka": "no genre Polka",
    }
    for line, said in told.items():
        done = chat.say(line)
        assert said in done.stderr and "Traceback" not in done.stderr
