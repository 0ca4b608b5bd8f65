"""The table of the ladder: what was run here, and what others published under other protocols."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from soundmap.errors import BadDataset
from soundmap.ladder import ROWS

PUBLISHED = (
    {"what": "GTZAN, 20 feature values, DNN", "accuracy": 0.935, "per": "not said"},
    {"what": "GTZAN, MFCC with augmentation, CNN", "accuracy": 0.811, "per": "not said"},
    {"what": "FMA, MFCC, CNN", "accuracy": 0.589, "per": "not said"},
    {"what": "FMA, mel tiles, CNN", "accuracy": 0.953, "per": "slices"},
    {"what": "fma_small, MFCC statistics, SVC", "accuracy": 0.464, "per": "test tracks"},
    {"what": "fma_small, mel, CNN-RNN", "accuracy": 0.444, "per": "test tracks"},
    {"what": "fma_small, mel, CRNN", "accuracy": 0.441, "per": "test tracks"},
)
_NEEDED = {"row", "accuracy", "accuracy_ci95", "macro_f1", "n", "parameters", "data"}
_NOTES = (
    "Run here: one answer a track, artists kept apart, the epoch chosen on the tracks it is scored"
    " on; F1 is the mean over genres.",
    "Published: as reported, on other splits. Slices of one track on both sides of a split make the"
    " difference: soundmap evaluate --protocol both shows how much.",
)


def known_rows(run: Path) -> list[dict[str, Any]]:
    """What is known of each row in a run folder, in the order of the ladder.

    Raises BadDataset ``unreadable_dataset`` for a file that is no row.
    """
    return [_read(run / f"{name}.json") for name in ROWS if (run / f"{name}.json").exists()]


def write_row(run: Path, row: dict[str, Any]) -> None:
    """Keeps a finished row, at once or not at all."""
    run.mkdir(parents=True, exist_ok=True)
    beside = run / f"{row['row']}.tmp"
    beside.write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")
    beside.replace(run / f"{row['row']}.json")


def document(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The table as one JSON document."""
    return {"rows": rows, "published": list(PUBLISHED)}


def show(rows: list[dict[str, Any]], console: Console | None = None) -> None:
    """The table for a person to read."""
    console = console or Console(highlight=False)
    console.print(_ours(rows))
    for scored in sorted(
        {f"{row['n']:,} validation tracks of {row['data']['name']}" for row in rows}
    ):
        console.print(f"Scored on {escape(scored)}.\n", soft_wrap=True)
    console.print(_published())
    for line in _NOTES:
        console.print(f"[dim]{line}[/]", soft_wrap=True)


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


def _read(path: Path) -> dict[str, Any]:
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(row, dict) or not row.keys() >= _NEEDED:
            raise ValueError
    except (OSError, ValueError) as error:
        reason = "it is no row of a ladder"
        raise BadDataset("unreadable_dataset", path=path, reason=reason) from error
    return row
