"""A chat in the terminal, with no account and no token: a path in, genre and picks out."""

from __future__ import annotations

import contextlib
import io
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from soundmap import cli
from soundmap.bundle import DEFAULT_BUNDLE, read_manifest
from soundmap.demo import write_demo
from soundmap.errors import SoundMapError

PROMPT = "♪ "
WELCOME = """SoundMap: give it a sound, get free music that sounds like it.

Type or drop the path of an audio file, or press Enter for a demo sound. /help says more.
"""
HELP = """  PATH                    genre of a sound, and the free tracks nearest to it
  /recommend PATH [...]   the same, with options: -n 10, --genre Rock, --license permissive,
                          --metric cosine
  /genre PATH             only the genre
  /demo                   a sound that SoundMap makes itself
  /help                   this
  /quit                   leave (Ctrl-D does too)
"""
_COMMANDS = {"/recommend": "recommend", "/genre": "genre"}
_QUIT = ("/quit", "/exit", "quit", "exit")


def main() -> int:
    """Answers line after line until there are no more; returns the exit status."""
    cli.print_anywhere()
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # names of any bytes go through unharmed
    try:
        read_manifest(DEFAULT_BUNDLE)
    except SoundMapError as error:
        print(f"soundmap: {error}", file=sys.stderr)
        return cli.BAD_INPUT
    print(WELCOME, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        for line in _lines():
            if line.casefold() in _QUIT:
                break
            answer(line)
            print(flush=True)
    return cli.OK


def answer(line: str) -> None:
    """Does what one line asks for; whatever goes wrong is said, and the chat goes on."""
    command, _, rest = line.partition(" ")
    command = command.casefold()
    if command in ("", "/demo"):
        _demo()
    elif command in ("/help", "help", "?") and not _exists(line):
        print(HELP, end="")
    elif command in _COMMANDS:
        _run(_COMMANDS[command], _arguments(rest.strip()))
    elif line.startswith(("http://", "https://")):
        print("Links are not read yet: give the path of a file.")
    elif command.startswith("/") and not _exists(line) and "/" not in line[1:]:
        print(f"There is no command {command}. /help lists what there is.")
    else:
        _run("recommend", ["--", _path(line)])


def _lines() -> Iterator[str]:
    """Lines from the keyboard, with a prompt, or from a pipe, until the end."""
    if sys.stdin is None:  # closed
        return
    interactive = sys.stdin.isatty()
    if interactive:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  (arrow keys and history for input())
    with contextlib.suppress(EOFError):
        while True:
            yield input(PROMPT if interactive else "").strip()


def _run(command: str, arguments: list[str]) -> None:
    sys.stdout.flush()
    with contextlib.suppress(SystemExit):  # wrong usage has been said
        cli.main([command, *arguments])


def _arguments(text: str) -> list[str]:
    """Arguments of a command; a path with spaces needs no quotes when it stands alone."""
    if text and _exists(_path(text)):
        return ["--", _path(text)]
    try:
        return shlex.split(text)
    except ValueError:
        return ["--", text]


def _path(text: str) -> str:
    """A path as typed, or as terminals write one dropped on them: quoted, escaped, a file URL."""
    if _exists(text):
        return text
    if text.startswith("file://"):
        return unquote(text.removeprefix("file://"))
    with contextlib.suppress(ValueError):
        text = " ".join(shlex.split(text)) or text
    with contextlib.suppress(RuntimeError):  # "~nobody": a user who is not there
        text = str(Path(text).expanduser())
    return text


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # too long for a path, or with a zero byte in it
        return False


def _demo() -> None:
    print("Here is a house groove that SoundMap made up just now.\n")
    with tempfile.TemporaryDirectory(prefix="soundmap-") as folder:
        path = Path(folder) / "demo.wav"
        write_demo(path)
        _run("recommend", [str(path)])
