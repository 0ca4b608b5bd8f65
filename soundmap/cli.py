"""The ``soundmap`` command: reads arguments, runs a command, turns errors into exit statuses."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from soundmap import __version__
from soundmap.arguments import add_answering
from soundmap.bench.arguments import add_bench
from soundmap.errors import BadRequest, SoundMapError, unwritten
from soundmap.library.arguments import add_library
from soundmap.map.arguments import add_map
from soundmap.path_arguments import add_path
from soundmap.recommend import Request
from soundmap.training_arguments import add_training

OK, BAD_INPUT, BAD_USAGE = 0, 1, 2
LINKS = ("http://", "https://")


class _Parser(argparse.ArgumentParser):
    """With ``--json`` among the arguments, wrong usage is JSON too."""

    def error(self, message: str) -> NoReturn:
        if "--json" in sys.argv:
            print(error_json("usage", message))
            raise SystemExit(BAD_USAGE)
        super().error(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status: 0, 1 for bad input, 2 for wrong usage."""
    print_anywhere()
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(options)
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    except OSError as error:  # of the output: input has errors of its own
        return _not_written(options, error)
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    try:
        from soundmap import commands  # imports what answering needs, which --help does not

        return int(getattr(commands, options.command)(options))
    except SoundMapError as error:
        return _failed(options, error.code, str(error), isinstance(error, BadRequest))


def _not_written(options: argparse.Namespace, error: OSError) -> int:
    """Where no answer can be written, an error may be: it was a picture's file that could not."""
    sentence = str(unwritten(error))
    with suppress(OSError):
        return _failed(options, "output", sentence, usage=False)
    print(f"soundmap: {sentence}", file=sys.stderr)
    return BAD_INPUT


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parsed arguments.  Raises SystemExit once wrong usage has been said."""
    return _parser().parse_args(arguments)


def request_of(options: argparse.Namespace) -> Request:
    """What ``recommend`` was asked for."""
    return Request(
        count=options.count,
        genre=options.genre,
        license=options.license,
        metric=options.metric,
        include_self=options.include_self,
        roam=options.roam,
        catalog=options.catalog,
    )


def print_anywhere() -> None:
    """Letters that an encoding lacks become question marks rather than an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def is_there(path: str | Path) -> bool:
    """Whether something lies at a path."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # no name that a file could have
        return False


def error_json(code: str, message: str) -> str:
    """An error as one line of JSON."""
    return json.dumps({"error": {"code": code, "message": message}})


def _failed(options: argparse.Namespace, code: str, message: str, usage: bool) -> int:
    if getattr(options, "json", False):
        print(error_json(code, message), flush=True)
    else:
        print(f"soundmap: {message}", file=sys.stderr)
    return BAD_USAGE if usage else BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = _Parser(
        prog="soundmap", description="A sound in, its nearest free tracks out."
    )
    parser.add_argument("--version", action="version", version=f"soundmap {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_answering(commands)
    add_library(commands)
    add_map(commands)
    add_path(commands)
    add_training(commands)
    add_bench(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
