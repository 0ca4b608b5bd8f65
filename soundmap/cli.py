"""The ``soundmap`` command: reads arguments, runs a command, turns errors into exit statuses."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from soundmap import __version__
from soundmap.bundle import DEFAULT_BUNDLE
from soundmap.errors import BadRequest, SoundMapError
from soundmap.ladder import PROTOCOLS, ROWS
from soundmap.recommend import LICENSES, MAX_COUNT, ROAM_STRIDES, Request
from soundmap.search import METRICS
from soundmap.tiles import SPECS

if TYPE_CHECKING:
    from typing import TypeAlias

    _Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

OK, BAD_INPUT, BAD_USAGE = 0, 1, 2
MAX_PEOPLE = 10_000
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
        from soundmap import commands  # imports what answering needs, which --help does not

        return int(getattr(commands, options.command)(options))
    except SoundMapError as error:
        return _failed(options, error.code, str(error), isinstance(error, BadRequest))
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    except OSError as error:  # of the output: input has errors of its own
        print(f"soundmap: {SoundMapError('output', reason=error)}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return 130


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
    )


def print_anywhere() -> None:
    """Letters that an encoding lacks become question marks rather than an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def error_json(code: str, message: str) -> str:
    """An error as one line of JSON."""
    return json.dumps({"error": {"code": code, "message": message}})


def _failed(options: argparse.Namespace, code: str, message: str, usage: bool) -> int:
    if getattr(options, "json", False):
        print(error_json(code, message))
    else:
        print(f"soundmap: {message}", file=sys.stderr)
    return BAD_USAGE if usage else BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = _Parser(
        prog="soundmap", description="A sound in, its nearest free tracks out."
    )
    parser.add_argument("--version", action="version", version=f"soundmap {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_recommend(commands)
    _add_genre(commands)
    _add_evaluate(commands)
    _add_train(commands)
    _add_check(commands)
    _add_simulate(commands)
    _add_ladder(commands)
    _add_dataset(commands)
    return parser


def _command(commands: _Commands, name: str, text: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--bundle", type=Path, default=DEFAULT_BUNDLE, metavar="FOLDER", help="model bundle to use"
    )
    return parser


def _add_recommend(commands: _Commands) -> None:
    parser = _command(commands, "recommend", "Find the free tracks nearest to a sound.")
    parser.add_argument("source", metavar="SOURCE", help="audio file or link")
    parser.add_argument(
        "-n", "--count", type=_count, default=5, help=f"how many, 1 to {MAX_COUNT} (default 5)"
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
        "--include-self", action="store_true", help="keep the sound's own track if it has one"
    )


def _add_genre(commands: _Commands) -> None:
    parser = _command(commands, "genre", "Say which genres a sound is heard as.")
    parser.add_argument("source", metavar="SOURCE", help="audio file or link")


def _add_evaluate(commands: _Commands) -> None:
    text = "Score the bundle on a labeled tile file, or write its whole report."
    parser = _command(commands, "evaluate", text)
    labeled = parser.add_mutually_exclusive_group(required=True)
    labeled.add_argument(
        "--tiles",
        type=Path,
        metavar="FILE.npz",
        help="arrays track_id (n), tile uint8 (n, 128, columns) and genre (n names)",
    )
    labeled.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="tiles-training.npz, tiles-validation.npz, tracks.csv and, if any, features-*.npz",
    )
    parser.add_argument(
        "--audio",
        type=Path,
        metavar="FOLDER",
        help="with --data: clips to alter, named by their track ids, as 000002.mp3",
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FOLDER",
        help="with --data: where the report goes (default: report in the bundle's folder)",
    )
    parser.add_argument(
        "--protocol",
        choices=(*PROTOCOLS, "both"),
        help="with --data: train and score a network on slices held out at random, or by track",
    )
    _add_run(parser, Path("runs/leak"))


def _add_train(commands: _Commands) -> None:
    parser = _command(commands, "train", "Train a network on tile files and seal it as a bundle.")
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="tiles-training.npz, tiles-validation.npz and tracks.csv",
    )
    parser.add_argument(
        "--run",
        type=Path,
        default=Path("runs/overview"),
        metavar="FOLDER",
        help="checkpoints; a run left unfinished here goes on (default runs/overview)",
    )
    parser.add_argument("--fresh", action="store_true", help="start the run over")
    for flag, kind, text in (
        ("--width", int, "filters of the first layer (default 32)"),
        ("--epochs", int, "how many"),
        ("--batch-size", int, "tiles in a step"),
        ("--learning-rate", float, "the highest of the run"),
        ("--seed", int, "of every random choice"),
        ("--threads", int, "processor cores to use (default: all)"),
    ):
        parser.add_argument(flag, type=kind, help=text)


def _add_check(commands: _Commands) -> None:
    _command(commands, "check", "Verify a bundle: hashes, shapes, finite numbers, golden probe.")


def _add_simulate(commands: _Commands) -> None:
    parser = _command(commands, "simulate", "Try on simulated people what votes change.")
    parser.add_argument(
        "--people", type=_people, default=60, metavar="N", help="how many (default 60)"
    )
    parser.add_argument("--seed", type=_seed, default=0, help="of every random choice (default 0)")
    parser.add_argument(
        "--noise", type=_noise, default=0.1, help="share of wrong votes, 0 to 0.5 (default 0.1)"
    )
    parser.add_argument(
        "--sound-only", action="store_true", help="taste knows no sub-genres and no artists"
    )
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="draw it, too")


def _add_ladder(commands: _Commands) -> None:
    parser = _command(commands, "ladder", "Train and score rows of the published ladder.")
    parser.add_argument("rows", nargs="*", type=_row, metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--table", action="store_true", help="only print what is known")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="tiles-training.npz, tiles-validation.npz, features-*.npz and tracks.csv",
    )
    _add_run(parser, Path("runs/ladder"))


def _add_run(parser: argparse.ArgumentParser, folder: Path) -> None:
    """Options of what is trained in a folder of its own."""
    parser.add_argument(
        "--run",
        type=Path,
        default=folder,
        metavar="FOLDER",
        help=f"checkpoints and figures; what was left unfinished goes on (default {folder})",
    )
    parser.add_argument("--fresh", action="store_true", help="start over")
    parser.add_argument("--epochs", type=int, help="at most so many")
    parser.add_argument("--seed", type=_seed, help="of every random choice (default 0)")
    parser.add_argument("--threads", type=int, help="processor cores to use (default: all)")


def _add_dataset(commands: _Commands) -> None:
    parser = _command(commands, "dataset", "Cut a folder of audio into the files --data reads.")
    parser.add_argument("action", choices=("prepare",), help="decode, cut, write")
    parser.add_argument("kind", choices=("gtzan", "fma"), help="what the folder holds")
    parser.add_argument("--audio", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument(
        "--spec", choices=SPECS, default="overview", help="overview: one tile in 30 s; slices: ten"
    )
    parser.add_argument(
        "--splits", type=Path, metavar="FOLDER", help="of GTZAN: the three lists *_filtered.txt"
    )
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: all cores)")


def _row(text: str) -> str:
    if text not in ROWS:
        raise argparse.ArgumentTypeError(f"one of {', '.join(ROWS)}, not {text!r}")
    return text


def _people(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_PEOPLE:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {MAX_PEOPLE}, not {text!r}")
    return int(text)


def _seed(text: str) -> int:
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


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_COUNT:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {MAX_COUNT}, not {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
