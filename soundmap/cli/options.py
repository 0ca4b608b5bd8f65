"""Options that several commands share, and types of arguments."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from soundmap.bundle.manifest import DEFAULT_BUNDLE
from soundmap.recommendation.request import MAX_COUNT

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_command(commands: Commands, name: str, text: str) -> argparse.ArgumentParser:
    """Adds a command with the options that all commands have."""
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--bundle", type=Path, default=DEFAULT_BUNDLE, metavar="FOLDER", help="model bundle to use"
    )
    return parser


def seed(text: str) -> int:
    """Reads a whole number, 0 or more.  Raises ArgumentTypeError."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a whole number, 0 or more, not {text!r}")
    return int(text)


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A type that reads a whole number from ``least`` to ``most``, or raises ArgumentTypeError."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most}, not {text!r}")
        return int(text)

    return read


track_count = whole_number(1, MAX_COUNT)
"""Reads the length of a list."""


def add_shelf(parser: argparse.ArgumentParser) -> None:
    """Adds the option for the folder of the catalogs."""
    parser.add_argument(
        "--catalogs",
        type=Path,
        metavar="FOLDER",
        help="where catalogs are kept (default: in your data folder)",
    )


def add_run(parser: argparse.ArgumentParser, folder: Path) -> None:
    """Adds the options of a training in ``folder``."""
    parser.add_argument(
        "--run",
        type=Path,
        default=folder,
        metavar="FOLDER",
        help=f"checkpoints and figures; what was left unfinished goes on (default {folder})",
    )
    parser.add_argument("--fresh", action="store_true", help="start over")
    parser.add_argument("--epochs", type=int, help="at most so many")
    parser.add_argument("--seed", type=seed, help="of every random choice (default 0)")
    parser.add_argument("--threads", type=int, help="processor cores to use (default: all)")
