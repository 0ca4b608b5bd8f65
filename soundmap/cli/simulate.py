"""``soundmap simulate``: what votes change, tried on simulated people."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from rich import box
from rich.table import Table

from soundmap.cli.common import listener_of, tell
from soundmap.cli.options import Commands, add_command, add_out, seed, whole_number
from soundmap.cli.progress import progress
from soundmap.cli.screen import Screen
from soundmap.cli.sources import picture_target
from soundmap.cli.usage import filled
from soundmap.errors import BadRequest
from soundmap.files import replacing

MAX_PEOPLE = 10_000
_EXAMPLES = """
soundmap simulate --people 10
soundmap simulate --sound-only -o votes.png
"""
_TIDY_PEOPLE = (
    "What these people like, sub-genres and artists, is also what taste goes by:",
    "real people are harder to know.",
)
_SOUND_ONLY = ("Taste went by sound alone: it knew no sub-genres and no artists.",)


def add(commands: Commands) -> None:
    """Adds ``simulate`` to a parser's commands."""
    text = "Try on simulated people what votes change."
    parser = add_command(commands, "simulate", text, _EXAMPLES)
    parser.add_argument(
        "--people",
        type=whole_number(1, MAX_PEOPLE),
        default=60,
        metavar="N",
        help=filled("how many (default {usual})", usual=60),
    )
    parser.add_argument("--seed", type=seed, default=0, help="of every random choice (default 0)")
    parser.add_argument(
        "--noise", type=_noise, default=0.1, help="share of wrong votes, 0 to 0.5 (default 0.1)"
    )
    parser.add_argument(
        "--sound-only", action="store_true", help="taste knows no sub-genres and no artists"
    )
    add_out(parser, "FILE.png", "draw it, too", once=["--picture"])
    parser.set_defaults(call=simulate)


def _noise(text: str) -> float:
    """Reads a share from 0 to 0.5.  Raises BadRequest ``not_a_share``."""
    try:
        noise = float(text)
    except ValueError:
        noise = -1.0
    if not 0 <= noise <= 0.5:
        raise BadRequest("not_a_share", text=text)
    return noise


def simulate(options: Namespace) -> int:
    """``soundmap simulate``."""
    from soundmap.draw.curves import draw_curves
    from soundmap.lab.simulation.town import simulate as live
    from soundmap.taste.likeness import SHARES, Shares

    shares = Shares(filed=0, artist=0) if options.sound_only else SHARES
    target = picture_target(options.out)
    asked = (options.people, options.seed, options.noise, shares)
    report = live(listener_of(options.bundle), *asked, progress)
    if target:
        with replacing(target) as part:
            part.write_bytes(draw_curves(report))
    tell(options, report, lambda: show_simulation(report))
    return 0


def show_simulation(report: dict[str, Any], console: Screen | None = None) -> None:
    """Prints like-rates of each policy by votes, their differences, and how far picks are."""
    console = console or Screen()
    lines = (
        f"bundle {report['bundle']}, seed {report['seed']}",
        f"{report['people']} simulated people who like 1 to 3 artists or sub-genres and post",
        f"sounds of their taste every other time; {report['noise']:.0%} of their votes are wrong",
    )
    for line in lines:
        console.say(line)
    rates, intervals = report["like_rate_at_5"], report["interval95"]
    console.print(_votes_table("like-rate@5, %", rates, intervals, ""))
    means = {pair: found["mean"] for pair, found in report["difference"].items()}
    spans = {pair: found["interval95"] for pair, found in report["difference"].items()}
    console.print(_votes_table("difference", means, spans, "+"))
    console.print(_how_far_table(report["how_far"]))
    goes_by = report["taste_goes_by"]
    for line in (
        "In dim: 95 % intervals over people; differences are taken person by person.",
        "How far: median and worst rank by sound of what is shown; the nearest track has rank 1.",
        *(_TIDY_PEOPLE if goes_by["filed"] or goes_by["artist"] else _SOUND_ONLY),
    ):
        console.say(f"[dim]{line}[/]")


def _how_far_table(found: dict[str, dict[str, dict[str, float]]]) -> Table:
    """A row for each policy and a column for each number of votes."""
    table = _table("how far", next(iter(found.values())))
    for name, by_votes in found.items():
        cells = (f"{far['median']:.0f}\n[dim]{far['worst']}[/]" for far in by_votes.values())
        table.add_row(name, *cells)
    return table


def _table(what: str, numbers_of_votes: Iterable[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1))
    table.add_column(what, no_wrap=True)
    for votes in numbers_of_votes:
        table.add_column(f"{votes} votes", justify="right", no_wrap=True)
    return table


def _votes_table(
    what: str,
    means: dict[str, dict[str, float]],
    intervals: dict[str, dict[str, list[float]]],
    sign: str,
) -> Table:
    """A row for each name and a column for each number of votes, in percent."""
    table = _table(what, next(iter(means.values())))
    for name, by_votes in means.items():
        cells = []
        for votes, mean in by_votes.items():
            low, high = (f"{100 * end:{sign}.1f}" for end in intervals[name][votes])
            cells.append(f"{100 * mean:{sign}.1f}\n[dim]{low}…{high}[/]")
        table.add_row(name, *cells)
    return table
