"""What ``soundmap evaluate --mixes`` measured, as tables."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from soundmap.cli.screen import Screen

_NAMES = {
    "single": "each sound alone",
    "harmonic": "harmonic mean (in use)",
    "mean": "mean of the sounds",
    "any": "nearest to any",
    "ranks": "rank fusion",
    "distances": "mean distance",
    "geometric": "geometric mean",
    "kernels": "kernels",
    "none": "nothing",
    "margin": "margin (in use)",
    "margin_50": "margin, power 1/2",
    "margin_100": "margin, power 1",
    "nearer": "only nearer",
    "radius": "radius",
    "wide_radius": "twice the radius",
    "subtracted": "half subtracted",
    "all_subtracted": "all subtracted",
}


def show_mixes(found: dict[str, Any], console: Screen | None = None) -> None:
    """Prints for each kind of group the recall of every rule, and how they stay away."""
    console = console or Screen()
    console.say(f"bundle {found['bundle']}, {found['draws']} draws a group")
    for kind, figures in found["kinds"].items():
        console.say(f"\n{kind}: {figures['groups']} groups")
        recall = figures["recall"]
        console.print(_table("recall@20, %", recall, lambda it: _percent(it)))
        away = figures["away"]
        console.print(_table("recall@20 away, %", away, lambda it: _percent(it["recall"])))
        console.print(_table("times chance", away, lambda it: _times(it["of_chance"])))


def _table(what: str, by_size: dict[str, Any], cell: Any) -> Table:
    table = Table(what, *(f"{size} sounds" for size in by_size))
    for rule in next(iter(by_size.values())):
        table.add_row(_NAMES[rule], *(cell(rules[rule]) for rules in by_size.values()))
    return table


def _percent(it: dict[str, Any]) -> str:
    low, high = it["ci95"]
    return f"{100 * it['mean']:.1f} ({100 * low:.1f}-{100 * high:.1f})"


def _times(it: dict[str, Any]) -> str:
    low, high = it["ci95"]
    return f"{it['mean']:.2f} ({low:.2f}-{high:.2f})"
