"""The ``soundmap`` command: parses arguments, runs a command, turns errors into exit statuses."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from soundmap import __version__
from soundmap.cli import (
    bench,
    catalogs,
    check,
    dataset,
    evaluate,
    ladder,
    library,
    map,  # noqa: A004  (the command)
    path,
    recommend,
    simulate,
    train,
)
from soundmap.cli.common import BAD_INPUT, BAD_USAGE, OK, error_json, give_up_output, print_anywhere
from soundmap.errors import BadRequest, SoundMapError, unwritten

COMMANDS = (
    *(recommend, check, simulate, library, catalogs, map, path),
    *(evaluate, train, ladder, dataset, bench),
)


class _Parser(argparse.ArgumentParser):
    """An argument parser that reports wrong usage as JSON, too, if ``--json`` is given."""

    def error(self, message: str) -> NoReturn:
        if "--json" not in sys.argv:
            super().error(message)
        try:
            print(error_json("usage", message), flush=True)
        except OSError:
            give_up_output()
        raise SystemExit(BAD_USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit status: 0, 1 for bad input, 2 for wrong usage."""
    print_anywhere()
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _run(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        give_up_output()
        return OK
    except OSError as error:  # of the output; input raises errors of its own
        return _not_written(options, error)
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    try:
        return int(options.call(options))
    except SoundMapError as error:
        return _failed(options, error.code, str(error), isinstance(error, BadRequest))


def _not_written(options: argparse.Namespace, error: OSError) -> int:
    """Reports output that could not be written, as an error where even that is possible.

    It may have been the file of a picture that failed, and standard output may be fine.
    """
    sentence = str(unwritten(error))
    try:
        sys.stdout.flush()
        return _failed(options, "output", sentence, usage=False)
    except OSError:
        give_up_output()
    print(f"soundmap: {sentence}", file=sys.stderr)
    return BAD_INPUT


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parsed arguments.  Raises SystemExit after reporting wrong usage."""
    return _parser().parse_args(arguments)


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
    for command in COMMANDS:
        command.add(commands)
    return parser
