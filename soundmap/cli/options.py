"""Options that several commands share, and types of arguments."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from soundmap.audio.windows import (
    DEFAULT_WINDOWS,
    MOST_SECONDS,
    MOST_WINDOWS,
    WINDOW_SECONDS,
    Look,
)
from soundmap.bundle.listener import Filters
from soundmap.bundle.manifest import DEFAULT_BUNDLE
from soundmap.catalog.licenses import LICENSES, wish_of
from soundmap.cli.screen import Help, examples_text
from soundmap.cli.usage import filled, word
from soundmap.clock import seconds_of
from soundmap.errors import BadRequest
from soundmap.links.start import start_in
from soundmap.recommendation.request import MAX_COUNT, tempo_in
from soundmap.wording.guessing import meant

MOST_WORKERS = 256
_RUN = "checkpoints and figures; what was left unfinished goes on (default {folder})"
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_command(commands: Commands, name: str, text: str, examples: str) -> argparse.ArgumentParser:
    """Adds a command with the options that all commands have, and examples of its use."""
    parser = commands.add_parser(
        name, help=text, description=text, epilog=examples_text(examples), formatter_class=Help
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--bundle", type=Path, default=DEFAULT_BUNDLE, metavar="FOLDER", help="model bundle to use"
    )
    return parser


def add_option(
    parser: argparse.ArgumentParser, *names: str, once: Sequence[str] = (), **how: Any
) -> None:
    """Adds an option; ``once`` are its names of earlier versions, which work and are not listed."""
    action = parser.add_argument(*names, **how)
    quiet = {"dest": action.dest, "default": argparse.SUPPRESS, "help": argparse.SUPPRESS}
    if once:
        parser.add_argument(*once, **{**how, **quiet})


def add_words(parser: argparse.ArgumentParser, name: str, **how: Any) -> None:
    """Adds a list of words, between which options may stand."""
    parser.add_argument(name, nargs="*", action="extend", **how)


def add_out(
    parser: argparse.ArgumentParser, metavar: str, text: str, once: Sequence[str] = (), **how: Any
) -> None:
    """Adds the option for what a command writes, ``-o`` or ``--out``."""
    add_option(parser, "-o", "--out", once=once, type=Path, metavar=metavar, help=text, **how)


def seed(text: str) -> int:
    """Reads a whole number, 0 or more.  Raises BadRequest ``not_count``."""
    if not text.isdecimal():
        raise BadRequest("not_count", text=text)
    return int(text)


def one_of(text: str, known: Sequence[str]) -> str:
    """Reads one of the names that are known.  Raises BadRequest ``bad_choice``."""
    if text not in known:
        near = meant(text, known)
        raise BadRequest("bad_choice", choice=text, known=", ".join(known), meant=near)
    return text


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A type that reads a whole number from ``least`` to ``most``, or raises BadRequest."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise BadRequest("not_whole", text=text, least=least, most=most)
        return int(text)

    return read


track_count = whole_number(1, MAX_COUNT)
"""Reads the length of a list."""


def add_count(parser: argparse.ArgumentParser, usual: int) -> None:
    """Adds the option for the length of a list, ``usual`` tracks if it is not given."""
    text = filled("how many, 1 to {most} (default {usual})", most=MAX_COUNT, usual=usual)
    parser.add_argument("-n", "--count", type=track_count, default=usual, help=text)


def moment(text: str) -> float:
    """Reads a time within a sound, in seconds.  Raises BadRequest ``not_a_time``."""
    if (seconds := seconds_of(text.strip())) is None:
        raise BadRequest("not_a_time", text=text)
    return seconds


def add_look(parser: argparse.ArgumentParser) -> None:
    """Adds the options for where in a sound to listen."""
    parser.add_argument(
        "--windows",
        type=whole_number(1, MOST_WINDOWS),
        metavar="N",
        help=filled(
            "listen to a long sound in up to N windows spread over it, {most:.0f} s in total at"
            " most; 1: only the middle {seconds:.0f} s (default {windows})",
            most=MOST_SECONDS,
            seconds=WINDOW_SECONDS,
            windows=DEFAULT_WINDOWS,
        ),
    )
    parser.add_argument(
        "--start",
        type=moment,
        metavar="M:SS",
        help=filled(
            "only the {seconds:.0f} s from there on: 1:30 or 90 (default for a link: its own t=90)",
            seconds=WINDOW_SECONDS,
        ),
    )


def look_of(options: argparse.Namespace, source: str) -> Look:
    """Where in a source to listen, by its command's options or else by the link itself."""
    start_s = options.start if options.start is not None else start_in(source)
    return Look(options.windows or DEFAULT_WINDOWS, start_s)


def license_wanted(text: str) -> str:
    """Reads a license that may be asked for, in any spelling; what is unknown stays as it is."""
    return wish_of(text) or text


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Adds the options for what tracks have to be."""
    parser.add_argument("--genre", help="only tracks of this genre")
    parser.add_argument(
        "--license",
        type=license_wanted,
        choices=LICENSES,
        default="any",
        metavar="LICENSE",
        help="known; exactly cc0, by, by-sa, by-nc, by-nd, by-nc-sa or by-nc-nd; by-sa+ and the"
        " like: that or wider; permissive: CC0, public domain, CC BY (default any)",
    )
    parser.add_argument("--page", action="store_true", help="only tracks whose page is known")
    parser.add_argument(
        "--clean", action="store_true", help="no strong language in titles and names"
    )
    parser.add_argument(
        "--instrumental", action="store_true", help="only tracks that are called instrumental"
    )
    parser.add_argument(
        "--tempo",
        type=tempo_in,
        default=(),
        metavar="BPM",
        help="90-110, 120- or more, or about 120",
    )


def filters_of(options: argparse.Namespace) -> Filters:
    """The options of ``add_filters`` as fields of a request."""
    return Filters(
        genre=options.genre,
        license=options.license,
        page=options.page,
        clean=options.clean,
        instrumental=options.instrumental,
        tempo_bpm=options.tempo,
    )


def add_credits(parser: argparse.ArgumentParser) -> None:
    """Adds the option for lines of credit."""
    parser.add_argument(
        "--credits",
        action="store_true",
        help="below the list, a line of credit to copy for each track (always in --json)",
    )


def host(text: str) -> str:
    """Reads a host of one's own network.  Raises BadRequest ``not_a_host``."""
    from soundmap.links.limits import private_host

    try:
        return private_host(text)
    except ValueError as error:
        raise BadRequest("not_a_host", text=text) from error


def add_private(parser: argparse.ArgumentParser) -> None:
    """Adds the option for hosts of one's own network that links may lead to."""
    parser.add_argument(
        "--allow-private",
        action="append",
        default=[],
        type=host,
        metavar="HOST",
        help="host of your own network, such as nas.local or 10.0.0.5:8000, that a link may lead to"
        " (default: none); may be given again",
    )


def add_shelf(parser: argparse.ArgumentParser) -> None:
    """Adds the option for the folder of the catalogs."""
    parser.add_argument(
        "--catalogs",
        type=Path,
        metavar="FOLDER",
        help="where catalogs are kept (default: in your data folder)",
    )


def add_workers(parser: argparse.ArgumentParser, once: Sequence[str] = ()) -> None:
    """Adds the option for how many processes listen."""
    add_option(
        parser,
        "--workers",
        once=once,
        type=whole_number(1, MOST_WORKERS),
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes (default: all cores)",
    )


def add_run(parser: argparse.ArgumentParser, folder: Path | None) -> None:
    """Adds the options of a training in ``folder``, or in one that depends on what is asked."""
    parser.add_argument(
        "--run",
        type=Path,
        default=folder,
        metavar="FOLDER",
        help=filled(_RUN, folder=folder or word("a folder in runs")),
    )
    parser.add_argument("--fresh", action="store_true", help="start over")
    parser.add_argument("--epochs", type=int, help="at most so many")
    parser.add_argument("--seed", type=seed, help="of every random choice (default 0)")
    parser.add_argument("--threads", type=int, help="processor cores to use (default: all)")
