"""A path and how paths compare, as JSON documents, and as text for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from soundmap.paths import End, SoundPath
from soundmap.render import notes_json, pick_json, plain_text, show_notes, show_pick

_NAMES = {
    "path": "path",
    "line": "nearest to a line",
    "line_fair": "the same, no artist twice",
}


def path_json(path: SoundPath, names: tuple[str, str]) -> dict[str, Any]:
    """The path as a JSON document; ``smoothness`` is its largest step as a multiple of the mean."""
    start, end = (_end_json(*it) for it in zip((path.start, path.end), names, strict=True))
    return {
        "bundle": path.start.analysis.bundle_id,
        "from": start,
        "to": end,
        "picks": [pick_json(pick) for pick in path.picks],
        "steps": path.steps,
        "smoothness": path.smoothness,
        "notes": notes_json(path.notes),
    }


def show_path(path: SoundPath, names: tuple[str, str], console: Console | None = None) -> None:
    """The start, each track with the reasons for its step, the end, and how smooth it is."""
    console = console or Console(highlight=False)
    start, end = (f"[bold]{plain_text(name)}[/]" for name in names)
    console.print(f"From {start}", soft_wrap=True)
    show_notes(path.notes, console)
    for pick in path.picks:
        show_pick(pick, console)
    console.print(f"\nTo {end} · distance {path.last_distance:.2f}", soft_wrap=True)
    longest = f"{max(path.steps):.2f}, {path.smoothness:.2f} times the mean"
    console.print(f"[dim]The longest of {len(path.steps)} steps is {longest}.[/]", soft_wrap=True)
    console.print(f"[dim]bundle {path.start.analysis.bundle_id}[/]")


def show_comparison(found: dict[str, Any], console: Console | None = None) -> None:
    """Paths beside straight lines, a row for each way."""
    console = console or Console(highlight=False)
    between = f"{found['between']} tracks between, {found['pairs']} random pairs"
    console.print(f"bundle {found['bundle']}: {between}")
    table = Table("", "largest step", "mean step", "largest / mean")
    for way, row in found["ways"].items():
        table.add_row(_NAMES[way], *(f"{row[it]:.2f}" for it in ("largest", "mean", "multiple")))
    console.print(table)
    for way, row in found["against"].items():
        largest, multiple, least = (row[it] for it in ("largest", "multiple", "least"))
        console.print(
            f"Against {escape(_NAMES[way])}: largest / mean is {multiple['mean']:.2f} times the"
            f" line's (at most half for {multiple['at_most_half']:.0%} of pairs); the largest step"
            f" itself {largest['mean']:.2f} times, and below {least['mean']:.2f} is impossible.",
            soft_wrap=True,
        )
    console.print(
        "[dim]Impossible: a path has to leave one end and reach the other, each with another"
        " artist's track.[/]",
        soft_wrap=True,
    )


def _end_json(end: End, name: str) -> dict[str, Any]:
    track = {"track_id": end.track.track_id, "url": end.track.url} if end.track else {}
    (genre, share), *_ = end.analysis.genres
    return {"name": name, **track, "genre": genre, "probability": share}
