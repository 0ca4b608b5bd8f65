"""``soundmap evaluate``: scores of a bundle, its report, and protocols to judge recipes by."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from soundmap.bundle.listener import Listener
from soundmap.cli.common import tell
from soundmap.cli.options import Commands, add_command, add_out
from soundmap.cli.progress import progress
from soundmap.cli.protocols import add_protocol, measure
from soundmap.cli.show import show_looks, show_report
from soundmap.errors import BadRequest, NotInstalled

_EXAMPLES = """
soundmap evaluate --tiles tiles-validation.npz
soundmap evaluate --data tiles -o report        a page with figures and pictures
soundmap evaluate --songs music                 do parts of one song agree?
soundmap evaluate --mixes tiles/tracks.csv      do several sounds find what belongs together?
soundmap evaluate --data tiles --protocol both  what slices of one song on both sides do
"""


def evaluate(options: Namespace) -> int:
    """``soundmap evaluate --tiles FILE.npz``, or ``--data FOLDER`` for the whole report."""
    if options.protocol:
        return measure(options)
    if options.data:
        return _report(options)
    if options.songs:
        return _looks(options)
    if options.mixes:
        return _mixes(options)
    if options.audio or options.out:
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
    folder = options.out or options.bundle.resolve() / "report"
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


def _mixes(options: Namespace) -> int:
    """``soundmap evaluate --mixes TRACKS.csv``."""
    from soundmap.cli.mix_table import show_mixes
    from soundmap.lab.datasets.arrays import tracks_by_id
    from soundmap.lab.evaluation.mixes import measure_mixes

    albums = {number: row.get("album", "") for number, row in tracks_by_id(options.mixes).items()}
    found = measure_mixes(Listener(options.bundle), albums, progress=progress)
    tell(options, found, lambda: show_mixes(found))
    return 0


def add(commands: Commands) -> None:
    """Adds ``evaluate`` to a parser's commands."""
    text = "Score the bundle on a labeled tile file or on songs, or write its whole report."
    parser = add_command(commands, "evaluate", text, _EXAMPLES)
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
    labeled.add_argument(
        "--mixes",
        type=Path,
        metavar="TRACKS.csv",
        help="a table of the catalog's tracks with their albums: how well rules for mixes find"
        " the other half of an artist, an album, a sub-genre, and stay away from another",
    )
    parser.add_argument(
        "--audio",
        type=Path,
        metavar="FOLDER",
        help="with --data: clips to alter, named by their track ids, as 000002.mp3",
    )
    text = "with --data: where the report goes (default: report in the bundle's folder)"
    add_out(parser, "FOLDER", text, once=["--report"])
    add_protocol(parser)
    parser.set_defaults(call=evaluate)
