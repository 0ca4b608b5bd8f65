"""The ``soundmap`` command: parses arguments, runs a command, turns errors into exit statuses."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Container, Sequence

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
    mix,
    path,
    recommend,
    serve,
    simulate,
    train,
)
from soundmap.cli.common import (
    BAD_INPUT,
    BAD_USAGE,
    OK,
    complain,
    error_json,
    give_up_output,
    print_anywhere,
)
from soundmap.cli.parser import Parser, Quiet, options_of
from soundmap.cli.screen import Help, examples_text
from soundmap.cli.signals import ending_in_order
from soundmap.cli.usage import translate
from soundmap.errors import BadRequest, SoundMapError, unwritten

_EXAMPLES = """
soundmap recommend song.mp3          free tracks that sound like it
soundmap index ~/Music --name mine   a catalog of your own music
soundmap recommend --help            all that a command can do
"""
COMMANDS = (
    *(recommend, check, simulate, library, catalogs, map, path, mix, serve),
    *(evaluate, train, ladder, dataset, bench),
)


def flags(command: str, takes: Container[str] | None = None) -> dict[str, tuple[str, ...]]:
    """The options of a command that its help lists, by their long names, with their choices.

    Only those whose values ``takes`` names, if it is given.
    """
    return {
        flag: tuple(action.choices or ())
        for action in options_of(build(), command)
        for flag in action.option_strings
        if flag.startswith("--") and (takes is None or action.dest in takes)
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit status: 0, 1 for bad input, 2 for wrong usage."""
    print_anywhere()
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        with ending_in_order():
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
        return _failed(options, error)


def _not_written(options: argparse.Namespace, error: OSError) -> int:
    """Reports output that could not be written, as an error where even that is possible.

    It may have been the file of a picture that failed, and standard output may be fine.
    """
    failure = unwritten(error)
    try:
        sys.stdout.flush()
        return _failed(options, failure)
    except OSError:
        give_up_output()
    complain(failure)
    return BAD_INPUT


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parsed arguments.  Raises SystemExit after reporting wrong usage."""
    return build().parse_args(arguments)


def parse_quietly(
    arguments: Sequence[str], takes: Container[str]
) -> tuple[argparse.Namespace, dict[str, str]]:
    """Parsed arguments of a command; and the long names of the options given whose values
    ``takes`` does not name, by these values' names.

    Raises Misused, or SystemExit after printing help.
    """
    parser = build(Quiet)
    others = [it for it in options_of(parser, arguments[0]) if it.dest not in takes]
    for option in others:
        option.default = argparse.SUPPRESS  # so that the value is there only if it is given
    found = parser.parse_args(arguments)
    return found, {it.dest: it.option_strings[-1] for it in others if it.dest in found}


def _failed(options: argparse.Namespace, error: SoundMapError) -> int:
    if getattr(options, "json", False):
        print(error_json(error.code, str(error)), flush=True)
    else:
        complain(error)
    return BAD_USAGE if isinstance(error, BadRequest) else BAD_INPUT


def build(kind: type[Parser] = Parser) -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    translate()
    parser: argparse.ArgumentParser = kind(
        prog="soundmap",
        description="A sound in, its nearest free tracks out.",
        epilog=examples_text(_EXAMPLES),
        formatter_class=Help,
    )
    parser.add_argument("--version", action="version", version=f"soundmap {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
