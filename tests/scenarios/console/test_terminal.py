"""The console at a real terminal: its width, its language, its Tab key, what is dropped on it."""

from __future__ import annotations

import codecs
import fcntl
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 90.0
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07")
PROMPT = "♪ "


class Terminal:
    """A console on a pseudo-terminal of some width, in some language."""

    def __init__(
        self, folder: Path, columns: int = 80, stderr: Any = None, **settings: str
    ) -> None:
        self.ours, theirs = pty.openpty()
        self.resize(columns)
        env = {**os.environ, "SOUNDMAP_DATABASE": str(folder / "soundmap.db")}
        env |= {"SOUNDMAP_WORKERS": "1", "DISCORD_TOKEN": "", "TERM": "xterm"}
        env |= {"BROWSER": "true %s"}  # no page opens on the screen of whoever runs this
        env |= {"PYTHONPATH": str(ROOT), "HOME": str(folder), **settings}
        env.pop("COLUMNS", None)
        command = [sys.executable, "-m", "bot"]
        streams: dict[str, Any] = {"stdin": theirs, "stdout": theirs, "stderr": stderr or theirs}
        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            command, cwd=folder, env=env, **streams
        )
        os.close(theirs)
        self._seen = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def resize(self, columns: int) -> None:
        """Makes the terminal that wide."""
        size = struct.pack("HHHH", 50, columns, 0, 0)
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, size)

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self.ours, keys.encode())

    def until(self, text: str) -> str:
        """What is shown until a text is, which is the last of it."""
        end = time.monotonic() + PATIENCE_S
        while text not in self._seen:
            assert time.monotonic() < end, (text, self._seen)
            if select.select([self.ours], [], [], 0.2)[0]:
                more = self._decoder.decode(os.read(self.ours, 65536))
                self._seen = ESCAPES.sub("", self._seen + more)
        at = self._seen.index(text) + len(text)
        shown, self._seen = self._seen[:at], self._seen[at:]
        return shown.replace("\r", "")

    def say(self, line: str) -> str:
        """What is shown for a line."""
        self.type(f"{line}\n")
        echo = self.until("\n")
        assert line[:10].strip() in echo, echo
        return self.until(PROMPT)

    def quit(self) -> int:
        """Its exit status, once it has been told to quit."""
        self.type("/quit\n")
        status = self.process.wait(30)
        os.close(self.ours)
        return status


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Terminal]]:
    """Opens terminals, and closes them in the end; each is at its prompt."""
    all_: dict[str, Terminal] = {}

    def open_one(language: str = "C.UTF-8") -> Terminal:
        if language not in all_:
            all_[language] = Terminal(tmp_path_factory.mktemp("terminal"), LC_ALL=language)
            all_[language].until(PROMPT)
        return all_[language]

    yield open_one
    assert [terminal.quit() for terminal in all_.values()] == [0] * len(all_)


LINES = ["/help", "{demo}", "/why", "/about", "/mydata", "/hide 9", "/path #2 -> #141 -n 3", "/hm"]


@pytest.mark.parametrize("language", ["C.UTF-8", "ko_KR.UTF-8"])
def test_every_line_wraps_at_words_at_every_width(
    opened: Callable[..., Terminal], demo: Path, language: str
) -> None:
    terminal = opened(language)
    for columns in (40, 61, 80, 200):
        terminal.resize(columns)
        for line in LINES:
            shown = terminal.say(line.format(demo=demo)).removesuffix(PROMPT)
            for row in shown.splitlines():
                link = re.fullmatch(r"\s*\S*(https?://|/)\S*", row)
                assert cell_len(row.rstrip()) <= columns or link, (columns, line, row)
    assert (PROMPT[0] not in shown) and (
        ("명령은 없습니다" in shown) == (language == "ko_KR.UTF-8")
    )


@pytest.mark.parametrize("columns", [24, 40, 80])
def test_bars_fit(opened: Callable[..., Terminal], demo: Path, columns: int) -> None:
    terminal = opened()
    terminal.resize(columns)
    rows = [row for row in terminal.say(f"/genre {demo}").splitlines() if "%" in row]
    assert len([row for row in rows if "█" in row]) >= 1
    assert not [row for row in rows if "…" in row or cell_len(row.rstrip()) > columns]


def test_a_closed_window_ends_it(tmp_path: Path) -> None:
    with (tmp_path / "errors").open("w+b") as errors:
        terminal = Terminal(tmp_path, stderr=errors)
        terminal.until(PROMPT)
        os.close(terminal.ours)
        assert terminal.process.wait(PATIENCE_S) == 0
        assert errors.seek(0) == 0 and errors.read() == b""


def test_what_wraps_hangs(opened: Callable[..., Terminal]) -> None:
    terminal = opened()
    terminal.resize(70)
    rows = terminal.say("/help").splitlines()
    begins = {row.index("  ", 3) for row in rows if row.startswith("  /map")}
    at = next(row for row in rows if row.startswith("  /map")).index("where the last")
    following = rows[next(i for i, row in enumerate(rows) if row.startswith("  /map")) + 1]
    assert begins and following[:at].isspace() and not following[at].isspace()


def test_korean_is_spoken_under_a_korean_locale(
    opened: Callable[..., Terminal], demo: Path
) -> None:
    terminal = opened("ko_KR.UTF-8")
    terminal.resize(100)
    told = {
        str(demo): "라이선스를 알 수 없는 곡: ",
        "/like 2": "2번이 마음에 듭니다",
        "/dislike 3": "3번은 마음에 들지 않습니다",
        "/unlike 3": "거두었습니다",
        "/hide 9": "5번까지 있습니다",
        "/hide 1": "다시 보여 드리지 않습니다",
        "/unhide 1": "다시 보여 드림",
        "/taste": "세부 장르",
        "/path 1 -> 3 -n 2": "도착: ",
        "/recommend x --genre Rok": "혹시 Rock인가요?",
        "/nope.mp3": "파일이 없습니다",
        "/more": "번호로 알려 주세요",
        "/credit 3": "3. ",
        "/clean": "거친 말이 있는 곡도",
        "/clean on": "거친 말이 있는 곡을 뺍니다",
        "/clean onn": "혹시 on인가요?",
        "/recommend x --tempo fast": "BPM 범위나",
        "/recommend x --instrumetal": "--instrumental인가요?",
        "/forget": "예 또는 yes",
        "네": "모두 지웠습니다",
        "/help": "나가기",
    }
    for line, said in told.items():
        assert said in terminal.say(line), line


def test_a_document_is_the_same_in_every_language(opened: Callable[..., Terminal]) -> None:
    asked = ("/genre nope.mp3 --json", "/path x --json", "/recommend a.mp3 b.mp3 --json")
    spoken = [[opened(it).say(line) for line in asked] for it in ("C.UTF-8", "ko_KR.UTF-8")]
    assert spoken[0] == spoken[1] and all('"error"' in shown for shown in spoken[0])


def test_tab_completes_commands_and_paths(opened: Callable[..., Terminal], demo: Path) -> None:
    terminal = opened()
    terminal.resize(120)
    song = Path(shutil.copy(demo, demo.with_name("tab song.wav")))
    terminal.type("/gen\t")
    terminal.until("/genre ")
    terminal.type(f"{song.parent}/tab\t")
    terminal.until("tab song.wav")
    terminal.type("\n")
    assert "%" in terminal.until(PROMPT)
    terminal.type("/un\t\t")
    assert {"/unhide", "/unlike"} <= set(terminal.until(f"{PROMPT}/un").split())
    terminal.type("\x15")  # Ctrl-U
    terminal.type("/recommend x --lic\t")
    terminal.until("--license ")
    terminal.type("kn\t")
    terminal.until("known ")
    terminal.type("--roam wi\t\t\t")
    assert {"wide", "wider"} <= set(terminal.until(f"{PROMPT}/recommend").split())
    terminal.type("\x15")
    assert "There is no command /x" in terminal.say("/x")


def test_two_dropped_files_are_two_questions(
    opened: Callable[..., Terminal], demo: Path, tmp_path: Path
) -> None:
    terminal = opened()
    terminal.resize(200)
    first = Path(shutil.copy(demo, tmp_path / "first one.wav"))
    second = Path(shutil.copy(demo, tmp_path / "second.wav"))
    escaped = str(first).replace(" ", "\\ ")
    for line in (f"'{first}' '{second}' ", f"{escaped} {second}", f"/genre '{first}' {second}"):
        shown = terminal.say(line)
        assert shown.count("%)") == 2, shown
        assert "first one.wav" in shown and "second.wav" in shown
    shown = terminal.say(f"'{first}' '{tmp_path}/gone.wav' '{second}'")
    assert shown.count("%)") == 2 and "gone.wav: There is no file" in shown.replace("\n", "")
    documents = [
        json.loads(row)
        for row in terminal.say(f"/genre '{first}' '{second}' --json").splitlines()
        if row.startswith("{")
    ]
    assert [it["source"] for it in documents] == [str(first), str(second)]
    terminal.say(f"'{first}' '{second}'")
    page = re.search(r"file://(\S*)", terminal.say("/map"))
    assert page
    marked = Path(page[1]).read_text(encoding="utf-8")
    assert first.name in marked and second.name in marked


def test_lines_that_are_pasted_together_are_answered_one_by_one(
    opened: Callable[..., Terminal], demo: Path
) -> None:
    terminal = opened()
    terminal.resize(200)
    terminal.type(f"\x1b[200~/genre {demo}\n/nope-1\x1b[201~\n")
    assert "%" in terminal.until("There is no command /nope-1.")
    terminal.until(PROMPT)


def test_a_list_is_voted_on_and_its_artists_hidden(
    opened: Callable[..., Terminal], demo: Path
) -> None:
    terminal = opened()
    terminal.resize(200)
    shown = terminal.say(str(demo))
    first, third = (re.search(rf"{n}\. .* by (.*)\n", shown) for n in (1, 3))
    assert first and third
    said = {
        "/like": "Say which, by its number in the last list: /like 1.",
        "/like 2": "Kept: you like number 2.",
        "/dislike 2": "Kept: you do not like number 2.",
        "/unlike 2": "Taken back: your vote on number 2.",
        "/unlike 02": "You have no vote on number 2.",
        "/dislike 6": "The last list has no number 6: it ends with number 5.",
        "/unlike 0": "no number 0",
        "/hide 9": "The last list has no number 9: it ends with number 5.",
        "/hide ²": "Say which",
        "/unhide": "You hide nobody.",
        "/hide 3": f"Hidden: {third[1].strip()} is not shown",
        "/hide 1": f"Hidden: {first[1].strip()} is not shown",
        f"/unhide {third[1].strip().upper()}": f"Shown again: {third[1].strip()}.",
        "/unhide 3": "You do not hide",
        "/unhide 7": "no number 7",
        "/unhide nobody at all": "You do not hide nobody at all.",
    }
    for line, answer in said.items():
        assert answer in terminal.say(line), line
    assert first[1].strip() not in terminal.say(str(demo)).replace(str(demo), "")


def test_numbers_of_a_path_are_those_of_the_last_list(
    opened: Callable[..., Terminal], demo: Path
) -> None:
    terminal = opened()
    terminal.resize(200)
    shown = terminal.say(str(demo))
    picks = [re.search(rf"\n{n}\. (.*) by (.*)\n", shown) for n in (1, 3)]
    for between in (" -> ", "->", " ", " → ", " --> ", "-->", " ==> ", " ➡️ ", " ⇒ "):
        path = terminal.say(line := f"/path 1{between}3 -n 2")
        for pick, end in zip(picks, ("From", "To"), strict=True):
            assert pick and f"{end} {pick[2].strip()} - {pick[1].strip()}" in path, line
    assert "no number 6. For the track of the catalog with that number, write #6." in terminal.say(
        "/path 6 -> 1"
    )
    assert "From AWOL - Food" in terminal.say("/path #2 -> 1 -n 1")


def test_what_is_kept_is_written_to_a_new_file(
    opened: Callable[..., Terminal], demo: Path, tmp_path: Path
) -> None:
    terminal = opened()
    terminal.resize(200)
    terminal.say(str(demo))
    target = tmp_path / "What Is Kept.json"
    assert f"Written: {target}" in terminal.say(f"/export {target}")
    assert json.loads(target.read_text(encoding="utf-8"))["lists"]
    before = target.read_bytes()
    assert "is there already" in terminal.say(f"/mydata export '{target}'")
    assert target.read_bytes() == before
    assert "cannot be written" in terminal.say(f"/export {tmp_path}/none/x.json")
    shown = terminal.say(f"/export {tmp_path}/list.m3u8")
    assert f"/save {tmp_path}/list.m3u8 writes the last list" in shown
    assert not (tmp_path / "list.m3u8").exists()


def test_one_track_of_a_list_is_explained(opened: Callable[..., Terminal], demo: Path) -> None:
    terminal = opened()
    terminal.resize(200)
    terminal.say(str(demo))
    ranks = [re.findall(r"\n(\d)\. ", terminal.say(f"/why{it}")) for it in ("", " 2")]
    assert ranks == [["1", "2", "3", "4", "5"], ["2"]]
    assert "has no number 9" in terminal.say("/why 9")


def test_an_address_without_its_beginning_is_asked_about(opened: Callable[..., Terminal]) -> None:
    terminal = opened()
    terminal.resize(200)
    asked = "Did you mean https://www.example.org/a.mp3?x=1"
    assert asked in terminal.say("www.example.org/a.mp3?x=1")
    assert "https" not in terminal.say("/no.such/a.mp3")


def test_a_dumb_terminal_does(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, columns=40, TERM="dumb", LC_ALL="C.UTF-8")
    shown = terminal.until(PROMPT)
    assert max(map(len, shown.splitlines())) <= 40
    assert "Type yes to do it" in terminal.say("/forget")
    assert "Forgotten: all of it." in terminal.say("yes")
    assert terminal.quit() == 0
