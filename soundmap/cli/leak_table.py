"""Prints both protocols of ``soundmap evaluate --protocol`` side by side."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table

from soundmap.cli.screen import Screen

_ROWS = (
    ("slices right", "slice_accuracy", "slice_ci95"),
    ("tracks right, by majority", "track_accuracy", "track_ci95"),
    ("slices right by the nearest one", "neighbor_accuracy", "neighbor_ci95"),
)
_COUNTS = (
    ("slices trained on", "n_training"),
    ("slices scored", "n_test"),
    ("tracks scored", "n_test_tracks"),
    ("… of which are trained on, too", "test_tracks_also_in_training"),
)
_TITLES = {"slices-random": "slices at random", "tracks": "by track, artists apart"}


def show(report: dict[str, Any], console: Screen | None = None) -> None:
    """Prints a column for each known protocol, with 95 % intervals."""
    console = console or Screen()
    setup, found = report["setup"], report["protocols"]
    console.say(
        f"The published network at width {setup['width']}, {setup['plan']['epochs']} epochs, no"
        f" augmentation; tiles cut into {setup['sizes']['slices']} slices each",
    )
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("held out")
    for one in found:
        table.add_column(_TITLES[one["protocol"]], justify="right")
    for what, share, interval in _ROWS:
        table.add_row(what, *(_percent(one[share], one[interval]) for one in found))
    for what, count in _COUNTS:
        table.add_row(what, *(f"{one[count]:,}" for one in found))
    console.print(table)
    console.say("[dim]Intervals of slices: tracks drawn anew with all their slices.[/]")


def _percent(share: float, interval: list[float]) -> str:
    low, high = interval
    return f"[bold]{share:.1%}[/] [dim]{100 * low:.1f}…{100 * high:.1f}[/]"
