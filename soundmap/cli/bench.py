"""``soundmap bench``: what listening costs, compared with a straightforward pipeline."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

from soundmap.bundle.listener import Listener
from soundmap.cli.common import tell
from soundmap.cli.options import Commands, add_command, add_out, whole_number
from soundmap.cli.progress import progress
from soundmap.cli.screen import Screen
from soundmap.errors import NotInstalled
from soundmap.scratch import scratch

LEAST_ROWS, MOST_ROWS = 1_000, 100_000_000
WHAT = ("files", "search")
CASES = ("mp3-30s", "mp3-5min", "ogg", "m4a", "wav")
_EXAMPLES = """
soundmap bench --quick --case mp3-30s
soundmap bench search --rows 100000 -o /tmp/points   only the search, among so many
"""
_FRESH = {
    "cold_start_s": ("a worker's first answer", "{:.2f} s"),
    "cold_start_processor_s": ("of them computing", "{:.2f} s"),
    "rss_mb": ("memory it then holds", "{:.0f} MB"),
    "peak_rss_mb": ("the most it held", "{:.0f} MB"),
    "cold_recommend_s": ("soundmap recommend, from its start", "{:.2f} s"),
    "cold_recommend_processor_s": ("of them computing", "{:.2f} s"),
    "one_per_s": ("files a worker hears in a second", "{:.1f}"),
    "two_workers": ("two workers hear as many times", "{:.2f}"),
    "lost_beside_busy_core": ("lost while another process keeps a core busy", "{:.0%}"),
}


def add(commands: Commands) -> None:
    """Adds ``bench`` to a parser's commands."""
    text = "Measure how long listening takes, beside the plain way to do the same."
    parser = add_command(commands, "bench", text, _EXAMPLES)
    parser.add_argument(
        "what", nargs="?", choices=WHAT, default=WHAT[0], help="files (default), or only the search"
    )
    parser.add_argument("--quick", action="store_true", help="two rounds instead of seven")
    parser.add_argument(
        "--case", action="append", choices=CASES, help="only this kind of file; may be repeated"
    )
    parser.add_argument(
        "--audio", type=Path, metavar="FILE", help="music to make the files of (default: made up)"
    )
    parser.add_argument(
        "--rows",
        type=whole_number(LEAST_ROWS, MOST_ROWS),
        default=1_000_000,
        help="search: among so many (default 1000000)",
    )
    add_out(parser, "FOLDER", "search: keep what is made")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="tiles-training.npz and tiles-validation.npz: measure what engines and 8 bits change",
    )
    parser.set_defaults(call=bench)


def show_bench(found: Mapping[str, Any], console: Screen | None = None) -> None:
    """Prints tables with the ratios, then what fresh processes take."""
    console = console or Screen()
    console.say("Milliseconds of one core, medians; ratio: plain pipeline to ours.")
    engines = ", ".join(f"{name} on {engine}" for name, engine in found["engines"].items())
    console.say(f"{engines}.")
    console.print(_table(found["end_to_end"], ("spec", "case")))
    console.print(_table(found["stages"], ("spec", "case", "stage")))
    _show_beyond(found, console)
    for name, (what, form) in _FRESH.items():
        if found.get(name) is not None:
            console.say(f"{what}: [bold]{form.format(found[name])}[/]")
    for agreement in found.get("agreement", ()):
        console.say(
            f"{agreement['spec']} on {agreement['tiles']:,} tiles: recall@10"
            f" [bold]{agreement['recall_at_10']:.3f}[/], the same genre for"
            f" [bold]{agreement['same_genre']:.1%}[/]",
        )
    load = found["machine"]["load"]
    if load and load > 1:
        console.say(f"[yellow]The machine is busy (load {load:.1f}): seconds are too long.[/]")


def show_search(found: Mapping[str, Any], console: Screen | None = None) -> None:
    """Prints a line for each figure of the search."""
    console = console or Screen()
    for name, value in found.items():
        for row in value if isinstance(value, list) else (value,):
            said = row if isinstance(row, dict) else {"": row}
            words = (f"{key} {number:,.5g}" for key, number in said.items())
            console.say(f"{name}: {', '.join(words).strip()}")


def _table(rows: list[dict[str, Any]], keys: tuple[str, ...]) -> Table:
    table = Table(*keys)
    for name in ("plain ms", "ours ms", "ratio"):
        table.add_column(name, justify="right")
    for row in rows:
        times = (f"{row['plain_ms']:.2f}", f"{row['ours_ms']:.2f}", f"{row['ratio']:.1f} x")
        table.add_row(*(row[key] for key in keys), *times)
    return table


def _show_beyond(found: Mapping[str, Any], console: Screen) -> None:
    """Prints a row for each case: traits, picture, one window and all over, and the peer."""
    peers = {row["case"]: f"{row['ms']:.1f}" for row in found["peers"]}
    names = ("traits", "picture", "one_window", "all_over")
    table = Table("case", *(f"{name.replace('_', ' ')} ms" for name in names), "bliss-audio ms")
    for row in found["beyond"]:
        times = (f"{row[f'{name}_ms']:.1f}" for name in names)
        table.add_row(row["case"], *times, peers.get(row["case"], "-"))
    console.print(table)


def bench(options: Namespace) -> int:
    """``soundmap bench``, or ``soundmap bench search --rows N``."""
    if options.what == "search":
        facts = _bench_search(options)
        tell(options, facts, lambda: show_search(facts))
        return 0
    try:
        from soundmap.lab.bench.agreement import agreement
        from soundmap.lab.bench.measure import bench as measure
    except ImportError as error:
        raise NotInstalled("needs_bench") from error
    listener, cases = Listener(options.bundle), options.case or CASES
    found = {"agreement": agreement(listener, options.data)} if options.data else {}
    found |= measure(listener, cases, options.audio, options.quick, progress)
    tell(options, found, lambda: show_bench(found))
    return 0


def _bench_search(options: Namespace) -> dict[str, Any]:
    from soundmap.lab.bench.search import bench_search

    values = Listener(options.bundle).catalog.points.values
    with scratch() as folder:
        return bench_search(values, options.rows, options.out or folder, progress)
