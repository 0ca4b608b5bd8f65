"""``soundmap evaluate --protocol``: trains and scores, on slices, by track or by artist."""

from __future__ import annotations

import argparse
import dataclasses
from argparse import Namespace
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from soundmap.cli import leak_table
from soundmap.cli.common import tell
from soundmap.cli.options import add_run, one_of
from soundmap.cli.progress import progress
from soundmap.cli.screen import Screen
from soundmap.cli.usage import filled, word
from soundmap.errors import BadRequest, NotInstalled
from soundmap.lab.ladder import N_FOLDS, PROTOCOLS
from soundmap.lab.training.recipe import Recipe

ARTISTS, BOTH = "artists", "both"
SMALL = {"width": 24, "epochs": 12, "polish": 0}
"""What recipes are compared at: a fold takes a quarter of an hour on one core."""


def measure(options: Namespace) -> int:
    """``soundmap evaluate --protocol NAME --data FOLDER``."""
    if not options.data:
        raise BadRequest("protocol_asks")
    try:
        from soundmap.lab.network.device import use_threads
    except ImportError as error:
        raise NotInstalled("needs_torch") from error
    use_threads(options.threads)
    return _artists(options) if options.protocol == ARTISTS else _leak(options)


def _leak(options: Namespace) -> int:
    from soundmap.lab.ladder.leak import changed_plan, forget, measure_leak

    run = options.run or Path("runs/leak")
    plan = changed_plan({"epochs": options.epochs, "seed": options.seed})
    if options.fresh:
        forget(run)
    report = measure_leak(options.data, run, options.protocol, progress, plan=plan)
    tell(options, report, lambda: leak_table.show(report))
    return 0


def _artists(options: Namespace) -> int:
    from soundmap.lab.ladder.artists import measure_artists
    from soundmap.lab.ladder.folds import forget
    from soundmap.lab.training.run import recipe_from

    run = options.run or Path("runs/artists")
    said = {name: value for name, value in vars(options).items() if value is not None}
    recipe = recipe_from({**SMALL, **said, **dict(options.set)})
    if options.fresh:
        forget(run)
    asked = (options.data, run, recipe, options.folds, progress, options.against)
    report = measure_artists(*asked)
    tell(options, report, lambda: show(report))
    return 0


def show(report: dict[str, Any], console: Screen | None = None) -> None:
    """Prints what a recipe reaches by artist, and by how much it is better than another."""
    console = console or Screen()
    done, folds = report["folds"]
    recipe = report["recipe"]
    console.say(
        f"Width {recipe['width']}, {recipe['epochs']} epochs; {done} of {folds} folds, heard by"
        f" networks that know none of their {report['n']:,} artists, each counted once",
    )
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("", "value", "95 %"):
        table.add_column(name, justify="right" if name else "left")
    for title, found, name in _rows(report):
        low, high = found[f"{name}_ci95"]
        table.add_row(title, f"[bold]{found[name]:.3f}[/]", f"{low:.3f}…{high:.3f}")
    console.print(table)
    recall = report["recall"]
    worst = min(recall, key=recall.__getitem__)
    console.say(f"Hardest genre: {worst}, of which {recall[worst]:.0%} are heard.")
    console.say(
        f"Temperature {report['temperature']:.2f}; sure from {report['sure_threshold']:.2f}, which"
        f" {report['sure_share']:.0%} of the answers reach; ECE {report['ece']:.3f}",
    )


def _rows(report: dict[str, Any]) -> list[tuple[str, dict[str, Any], str]]:
    rows = [("accuracy", report, "accuracy"), ("precision@5", report, "precision_at_5")]
    if other := report.get("difference"):
        rows += [(f"… better by ({what})", other, name) for what, _, name in list(rows)]
    return rows


def add_protocol(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``--protocol``."""
    parser.add_argument(
        "--protocol",
        choices=(*PROTOCOLS, BOTH, ARTISTS),
        help="with --data: train and score a network on slices held out at random, by track, or"
        " recipes by cross-validation, each artist counted once",
    )
    add_run(parser, None)
    artists = parser.add_argument_group(word("with --protocol artists"))
    artists.add_argument(
        "--folds",
        type=int,
        default=3,
        choices=range(1, N_FOLDS + 1),
        help=filled("of {folds}, how many to train (default 3)", folds=N_FOLDS),
    )
    text = filled("filters (default {width})", width=SMALL["width"])
    artists.add_argument("--width", type=int, help=text)
    artists.add_argument(
        "--set",
        type=setting,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another number of the recipe, such as paired=0; may be given again",
    )
    artists.add_argument(
        "--against", type=Path, metavar="FOLDER", help="a run of another recipe to compare with"
    )


def setting(text: str) -> tuple[str, float]:
    """A number of the recipe by name, from ``NAME=VALUE``.

    Raises BadRequest ``bad_choice`` or ``not_a_number``.
    """
    name, _, value = text.partition("=")
    known = dataclasses.asdict(Recipe())
    kind = type(known[one_of(name, tuple(known))])
    try:
        return name, kind(value)
    except ValueError:
        raise BadRequest("not_a_number", text=value) from None
