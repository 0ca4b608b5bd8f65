"""``soundmap ladder``: trains and scores rows of the published ladder."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table

from soundmap.cli.common import tell
from soundmap.cli.options import Commands, add_command, add_run, add_words, one_of
from soundmap.cli.progress import progress
from soundmap.cli.screen import Screen
from soundmap.cli.usage import filled
from soundmap.errors import BadRequest, NotInstalled
from soundmap.lab.ladder import ROWS
from soundmap.lab.ladder.table import NOTES, PUBLISHED

_EXAMPLES = """
soundmap ladder --table                 only what is known
soundmap ladder mel-cnn --data tiles
"""


def ladder(options: Namespace) -> int:
    """``soundmap ladder ROW... --data FOLDER``, or ``--table``."""
    from soundmap.lab.ladder import table

    if not options.table and not (options.rows and options.data):
        raise BadRequest("ladder_asks", known=", ".join(ROWS))
    if options.rows and not options.table:
        _run_rows(options)
    rows = table.known_rows(options.run)
    tell(options, table.document(rows), lambda: show(rows))
    return 0


def _run_rows(options: Namespace) -> None:
    """Runs every row that was asked for, one after the other."""
    try:
        from soundmap.lab.ladder.rows import TRAINED
        from soundmap.lab.ladder.run import score_ours, train_row
        from soundmap.lab.network.device import use_threads
    except ImportError as error:
        raise NotInstalled("needs_torch") from error
    use_threads(options.threads)
    changes = {"epochs": options.epochs, "seed": options.seed}
    for name in dict.fromkeys(options.rows):
        if name in TRAINED:
            asked = (name, options.data, options.run, changes, options.fresh, progress)
            train_row(*asked, slices=options.slices)
        else:
            score_ours(options.data, options.run, options.bundle)


def show(rows: list[dict[str, Any]], console: Screen | None = None) -> None:
    """Prints the table of the ladder."""
    console = console or Screen()
    console.print(_ours(rows))
    for scored in sorted({_scored_on(row) for row in rows}):
        console.say(f"Scored on {escape(scored)}.\n")
    console.print(_published())
    for line in NOTES:
        console.say(f"[dim]{line}[/]")


def _scored_on(row: dict[str, Any]) -> str:
    n, data = row["n"], row["data"]
    if slices := data.get("slices"):
        return f"{n:,} slices of {data['name']}, {slices} a track, held out at random"
    return f"{n:,} validation tracks of {data['name']}"


def _ours(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title="run here", title_justify="left")
    table.add_column("row", no_wrap=True)
    for name in ("accuracy", "95 %", "F1", "parameters", "epochs"):
        table.add_column(name, justify="right", no_wrap=True)
    known = {row["row"]: row for row in rows}
    for name, what in ROWS.items():
        cells = _cells(known[name]) if name in known else ["not run"]
        table.add_row(f"{name}\n[dim]{what}[/]", *cells)
    return table


def _cells(row: dict[str, Any]) -> list[str]:
    low, high = row["accuracy_ci95"]
    return [
        f"[bold]{row['accuracy']:.1%}[/]",
        f"{100 * low:.1f}…{100 * high:.1f}",
        f"{row['macro_f1']:.3f}",
        f"{row['parameters']:,}",
        str(row.get("epochs") or "?"),
    ]


def _published() -> Table:
    title = "published, under other protocols"
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title=title, title_justify="left")
    table.add_column("system")
    table.add_column("accuracy", justify="right")
    table.add_column("counted in")
    for row in PUBLISHED:
        table.add_row(str(row["what"]), f"{row['accuracy']:.1%}", str(row["per"]))
    return table


def add(commands: Commands) -> None:
    """Adds ``ladder`` to a parser's commands."""
    text = "Train and score rows of the published ladder."
    parser = add_command(commands, "ladder", text, _EXAMPLES)
    add_words(
        parser, "rows", type=_row, metavar="ROW", help=filled("rows: {rows}", rows=", ".join(ROWS))
    )
    parser.add_argument("--table", action="store_true", help="only print what is known")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="tiles-training.npz, tiles-validation.npz, features-*.npz and tracks.csv",
    )
    parser.add_argument(
        "--slices",
        type=int,
        default=0,
        metavar="N",
        help="train and score on N slices of each track, held out at random, to see what that gives"
        " away; use a --run of its own",
    )
    add_run(parser, Path("runs/ladder"))
    parser.set_defaults(call=ladder)


def _row(text: str) -> str:
    return one_of(text, tuple(ROWS))
