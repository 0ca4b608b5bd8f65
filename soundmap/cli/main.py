"""The ``soundmap`` command: parses arguments, runs a command, turns errors into exit statuses."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Container, Sequence
from typing import Any, NoReturn

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
    sentence_of,
)
from soundmap.cli.screen import Help, Screen, examples_text
from soundmap.cli.usage import translate, word
from soundmap.errors import BadRequest, SoundMapError, unwritten
from soundmap.wording.guessing import meant

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
        for action in _options(build(), command)
        for flag in action.option_strings
        if flag.startswith("--") and (takes is None or action.dest in takes)
    }


def _options(parser: argparse.ArgumentParser, command: str) -> list[argparse.Action]:
    """The options of a command that its help lists."""
    (commands,) = (it for it in parser._actions if isinstance(it, argparse._SubParsersAction))
    every = commands.choices[command]._actions
    return [it for it in every if it.option_strings and it.help != argparse.SUPPRESS]


class _Parser(argparse.ArgumentParser):
    """An argument parser that reports wrong usage as JSON, too, if ``--json`` is given."""

    def error(self, message: str) -> NoReturn:
        if "--json" not in sys.argv:
            self.print_usage(sys.stderr)
            told = word("%(prog)s: error: %(message)s\n") % {"prog": self.prog, "message": message}
            Screen(stderr=True).tell(told.rstrip())
            raise SystemExit(BAD_USAGE)
        try:
            print(error_json("usage", message), flush=True)
        except OSError:
            give_up_output()
        raise SystemExit(BAD_USAGE)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Reads a list on behind an option; argparse ends it there."""
        options, extra = super().parse_known_args(args, namespace)
        if extra and any(action.nargs == argparse.ZERO_OR_MORE for action in self._actions):
            return super().parse_known_args(extra, options)
        return options, extra

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Asks about what may have been meant by an option that is not there."""
        options, extra = self.parse_known_args(args, namespace)
        if extra and extra[0].startswith("--"):
            name = extra[0].partition("=")[0]
            near = meant(name, flags(options.command))
            self.error(_reason(BadRequest("unknown_option", name=name, meant=near)))
        return super().parse_args(args, namespace) if extra else options

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        """Reads a value; what is wrong with it is said in the language of the terminal."""
        try:
            return super()._get_value(action, arg_string)
        except BadRequest as error:
            raise argparse.ArgumentError(action, _reason(error)) from error

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Asks about what may have been meant, for commands and for choices of options."""
        if action.choices is None or value in action.choices:
            return
        names = [str(choice) for choice in action.choices]
        near, known = meant(str(value), names), ", ".join(names)
        if action.dest == "command":
            unknown = BadRequest("unknown_command", name=value, known=known, meant=near)
            raise argparse.ArgumentError(None, _reason(unknown))
        bad = BadRequest("bad_choice", choice=value, known=known, meant=near)
        raise argparse.ArgumentError(action, _reason(bad))


class Misused(Exception):
    """Arguments that do not fit; its text says why."""


class _Quiet(_Parser):
    """An argument parser that leaves it to its caller to report wrong usage."""

    def error(self, message: str) -> NoReturn:
        raise Misused(message)


def _reason(error: BadRequest) -> str:
    return str(error) if "--json" in sys.argv else sentence_of(error)


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
    parser = build(_Quiet)
    others = [it for it in _options(parser, arguments[0]) if it.dest not in takes]
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


def build(kind: type[_Parser] = _Parser) -> argparse.ArgumentParser:
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
