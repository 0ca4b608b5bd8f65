"""How arguments are read, and how wrong usage is reported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from soundmap.cli.common import BAD_USAGE, error_json, give_up_output, sentence_of
from soundmap.cli.screen import Screen
from soundmap.cli.usage import word
from soundmap.errors import BadRequest
from soundmap.wording.guessing import meant


def options_of(parser: argparse.ArgumentParser, command: str) -> list[argparse.Action]:
    """The options that the help of a command lists; of a parser without one, its own."""
    every = _of_command(parser, command)._actions
    return [it for it in every if it.option_strings and it.help != argparse.SUPPRESS]


def _of_command(parser: argparse.ArgumentParser, command: str) -> argparse.ArgumentParser:
    """The parser of a command; the whole one without a command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction) and command in action.choices:
            found: argparse.ArgumentParser = action.choices[command]
            return found
    return parser


class Parser(argparse.ArgumentParser):
    """An argument parser that reports wrong usage as JSON, too, if ``--json`` is given."""

    def error(self, message: str) -> NoReturn:
        """Reports wrong usage and ends the process."""
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
        if not extra:
            return options
        parser = _of_command(self, options.command)
        if not extra[0].startswith("--"):
            parser.error(word("unrecognized arguments: %s") % " ".join(extra))
        name = extra[0].partition("=")[0]
        there = (it.option_strings for it in options_of(parser, ""))
        near = meant(name, (flag for flags in there for flag in flags if flag.startswith("--")))
        return parser.error(_reason(BadRequest("unknown_option", name=name, meant=near)))

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


class Quiet(Parser):
    """An argument parser that leaves it to its caller to report wrong usage."""

    def error(self, message: str) -> NoReturn:
        """Raises Misused."""
        raise Misused(message)


def _reason(error: BadRequest) -> str:
    return str(error) if "--json" in sys.argv else sentence_of(error)
