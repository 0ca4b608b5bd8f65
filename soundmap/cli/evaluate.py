"""``soundmap evaluate``: scores of a bundle, its report, and the leak between slices."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from soundmap.bundle.listener import Listener
from soundmap.cli.common import tell
from soundmap.cli.options import Commands, add_command, add_run
from soundmap.cli.progress import progress
from soundmap.cli.show import show_looks, show_report
from soundmap.errors import BadRequest, NotInstalled
from soundmap.lab.ladder import PROTOCOLS


def evaluate(options: Namespace) -> int:
    """``soundmap evaluate --tiles FILE.npz``, or ``--data FOLDER`` for the whole report."""
    if options.protocol:
        return _leak(options)
    if options.data:
        return _report(options)
    if options.songs:
        return _looks(options)
    if options.audio or options.report:
        raise BadRequest("needs_data")
    from soundmap.lab.datasets.arrays import read_tiles
    from soundmap.lab.evaluation.scores import evaluate as score

    tiles = read_tiles(options.tiles)
    report = score(Listener(options.bundle, threads=0), tiles, progress)
    tell(options, report, lambda: show_report(report))
    return 0


def _report(options: Namespace) -> int:
    try:
        from soundmap.lab.evaluation.report import make_report, write_report
    except ImportError as error:
        raise NotInstalled("needs_matplotlib") from error
    folder = options.report or options.bundle.resolve() / "report"
    listener = Listener(options.bundle, threads=0)
    report = make_report(listener, options.data, options.audio, progress)
    write_report(report, folder)
    tell(options, report, lambda: show_report(report, folder=folder))
    return 0


def _looks(options: Namespace) -> int:
    """``soundmap evaluate --songs FOLDER``."""
    from soundmap.lab.evaluation.looks import measure_looks

    found = measure_looks(Listener(options.bundle), options.songs, progress)
    tell(options, found, lambda: show_looks(found))
    return 0


def _leak(options: Namespace) -> int:
    """``soundmap evaluate --protocol slices-random|tracks|both --data FOLDER``."""
    if not options.data:
        raise BadRequest("protocol_asks")
    try:
        from soundmap.lab.ladder.leak import changed_plan, forget, measure_leak
        from soundmap.lab.network.device import use_threads
    except ImportError as error:
        raise NotInstalled("needs_torch") from error
    from soundmap.cli import leak_table

    use_threads(options.threads)
    plan = changed_plan({"epochs": options.epochs, "seed": options.seed})
    if options.fresh:
        forget(options.run)
    asked = (options.data, options.run, options.protocol, progress)
    report = measure_leak(*asked, plan=plan)
    tell(options, report, lambda: leak_table.show(report))
    return 0


def add(commands: Commands) -> None:
    """Adds ``evaluate`` to a parser's commands."""
    text = "Score the bundle on a labeled tile file or on songs, or write its whole report."
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
    labeled.add_argument(
        "--songs",
        type=Path,
        metavar="FOLDER",
        help="whole songs: how far lists agree that are made of different parts of one",
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
    add_run(parser, Path("runs/leak"))
    parser.set_defaults(call=evaluate)
