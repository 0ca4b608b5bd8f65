"""Arguments of the commands that answer: recommend, genre, check, simulate."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from soundmap.argument_types import whole_number
from soundmap.bundle import DEFAULT_BUNDLE
from soundmap.library.arguments import add_shelf
from soundmap.recommend import LICENSES, MAX_COUNT, ROAM_STRIDES
from soundmap.search import METRICS

if TYPE_CHECKING:
    from typing import TypeAlias

    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

MAX_PEOPLE = 10_000
_SOURCE = "audio file or link; one that begins with - goes behind --"

track_count = whole_number(1, MAX_COUNT)
"""How long a list shall be."""


def add_answering(commands: Commands) -> None:
    """Adds these commands to a parser's."""
    _add_recommend(commands)
    _add_genre(commands)
    _add_check(commands)
    _add_simulate(commands)


def add_command(commands: Commands, name: str, text: str) -> argparse.ArgumentParser:
    """A command with the options that all have."""
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--bundle", type=Path, default=DEFAULT_BUNDLE, metavar="FOLDER", help="model bundle to use"
    )
    return parser


def _add_recommend(commands: Commands) -> None:
    parser = add_command(commands, "recommend", "Find the free tracks nearest to a sound.")
    parser.add_argument("source", metavar="SOURCE", help=_SOURCE)
    parser.add_argument(
        "-n", "--count", type=track_count, default=5, help=f"how many, 1 to {MAX_COUNT} (default 5)"
    )
    parser.add_argument("--genre", help="only tracks of this genre")
    parser.add_argument(
        "--license", choices=LICENSES, default="any", help="permissive: CC0, public domain, CC BY"
    )
    parser.add_argument("--metric", choices=METRICS, default="euclidean")
    parser.add_argument(
        "--roam",
        choices=ROAM_STRIDES,
        default="closer",
        help="closer: the nearest; wide, wider: every 4th, 16th on the way outwards",
    )
    parser.add_argument(
        "--catalog", default="", metavar="NAME", help="of these tracks: soundmap catalogs lists"
    )
    add_shelf(parser)
    parser.add_argument(
        "--include-self", action="store_true", help="keep the sound's own track if it has one"
    )


def _add_genre(commands: Commands) -> None:
    parser = add_command(commands, "genre", "Say which genres a sound is heard as.")
    parser.add_argument("source", metavar="SOURCE", help=_SOURCE)


def _add_check(commands: Commands) -> None:
    add_command(commands, "check", "Verify a bundle: hashes, shapes, finite numbers, golden probe.")


def _add_simulate(commands: Commands) -> None:
    parser = add_command(commands, "simulate", "Try on simulated people what votes change.")
    parser.add_argument(
        "--people",
        type=whole_number(1, MAX_PEOPLE),
        default=60,
        metavar="N",
        help="how many (default 60)",
    )
    parser.add_argument("--seed", type=seed, default=0, help="of every random choice (default 0)")
    parser.add_argument(
        "--noise", type=_noise, default=0.1, help="share of wrong votes, 0 to 0.5 (default 0.1)"
    )
    parser.add_argument(
        "--sound-only", action="store_true", help="taste knows no sub-genres and no artists"
    )
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="draw it, too")


def seed(text: str) -> int:
    """A whole number, 0 or more.  Raises ArgumentTypeError."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a whole number, 0 or more, not {text!r}")
    return int(text)


def _noise(text: str) -> float:
    try:
        noise = float(text)
    except ValueError:
        noise = -1.0
    if not 0 <= noise <= 0.5:
        raise argparse.ArgumentTypeError(f"a number from 0 to 0.5, not {text!r}")
    return noise
