"""Arguments of the commands that train and measure: train, evaluate, ladder, dataset."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from soundmap.arguments import add_command, seed
from soundmap.ladder import PROTOCOLS, ROWS
from soundmap.ladder.sources import ARCHIVE_NAMES
from soundmap.recipe import Recipe
from soundmap.tiles import SPECS

if TYPE_CHECKING:
    from soundmap.arguments import Commands


def add_training(commands: Commands) -> None:
    """Adds these commands to a parser's."""
    _add_evaluate(commands)
    _add_train(commands)
    _add_ladder(commands)
    _add_dataset(commands)


def _add_evaluate(commands: Commands) -> None:
    text = "Score the bundle on a labeled tile file, or write its whole report."
    parser = add_command(commands, "evaluate", text)
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


def _add_train(commands: Commands) -> None:
    parser = add_command(commands, "train", "Train a network on tile files; seal it as a bundle.")
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
        ("--width", int, f"filters of the first layer (default {Recipe().width})"),
        ("--epochs", int, f"how many (default {Recipe().epochs})"),
        ("--batch-size", int, "tiles in a step"),
        ("--learning-rate", float, "the highest of the run"),
        ("--seed", int, "of every random choice"),
        ("--threads", int, "processor cores to use (default: all)"),
    ):
        parser.add_argument(flag, type=kind, help=text)


def _add_ladder(commands: Commands) -> None:
    parser = add_command(commands, "ladder", "Train and score rows of the published ladder.")
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
    parser.add_argument("--seed", type=seed, help="of every random choice (default 0)")
    parser.add_argument("--threads", type=int, help="processor cores to use (default: all)")


def _add_dataset(commands: Commands) -> None:
    parser = add_command(commands, "dataset", "Fetch a data set, or cut one for training.")
    parser.add_argument(
        "action", choices=("prepare", "fetch"), help="decode, cut, write; or download and unpack"
    )
    parser.add_argument(
        "kind",
        choices=("gtzan", "fma", *ARCHIVE_NAMES),
        help="what the folder holds; or the archive to fetch",
    )
    parser.add_argument("--audio", type=Path, metavar="FOLDER", help="to prepare: the audio")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument(
        "--mirror", metavar="ADDRESS", help="to fetch: where the archives are, if not at home"
    )
    parser.add_argument("--zip-only", action="store_true", help="to fetch: do not unpack")
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
