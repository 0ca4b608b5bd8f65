"""What the commands for one's own music print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from soundmap.library.shelf import Entry

_FAILURES_SHOWN = 20


def show_index(report: Mapping[str, Any], console: Console | None = None) -> None:
    """What came of indexing a folder, with the reason of each failure."""
    console = console or Console(highlight=False)
    counts = ", ".join(f"{report[name]:,} {name}" for name in ("heard", "unchanged", "moved"))
    per_second = report["heard"] / max(report["seconds"], 1e-9)
    lines = [
        f"catalog {report['catalog']}: {report['tracks']:,} tracks of {_plain(report['folder'])}",
        f"{counts}, {report['removed']:,} removed; {report['seconds']:.1f} s",
    ]
    if report["heard"]:
        lines[-1] += f", {per_second:.1f} files a second"
    if report["twice"]:
        lines.append(f"{report['twice']:,} sound like one before them and are named once a list")
    if failed := report["failed"]:
        lines.append(f"{len(failed):,} could not be heard:")
        lines += [f"  {_plain(it['path'])}: {_plain(it['reason'])}" for it in failed]
    shown = lines[: len(lines) - max(0, len(report["failed"]) - _FAILURES_SHOWN)]
    if len(shown) < len(lines):
        shown.append(f"  and {len(lines) - len(shown):,} more: --json lists them all")
    for line in shown:
        console.print(escape(line), soft_wrap=True)


def show_fetched(name: str, facts: Mapping[str, Any], console: Console | None = None) -> None:
    """What was fetched, and what can be done with it."""
    console = console or Console(highlight=False)
    lines = [f"{_plain(facts['archive'])}: {facts['bytes'] / 1e6:,.0f} MB, as published"]
    if folder := facts["folder"]:
        lines.append(f"{_plain(folder)}: {facts['files']:,} files")
    if folder and name != "fma_metadata":
        lines += [
            f"titles and licenses: soundmap dataset fetch fma_metadata --out {_plain(folder)}/..",
            f"a catalog of it: soundmap index {_plain(folder)} --name {name.replace('_', '-')}",
        ]
    for line in lines:
        console.print(escape(line), soft_wrap=True)


def catalogs_json(entries: Sequence[Entry], bundle_id: str) -> list[dict[str, Any]]:
    """Catalogs as JSON documents; ``usable`` where the bundle in use heard them."""
    return [
        {
            "name": entry.name,
            "tracks": entry.tracks,
            "folder": entry.folder,
            "bundle": entry.bundle,
            "usable": bool(entry.tables) and entry.bundle == bundle_id,
        }
        for entry in entries
    ]


def show_catalogs(rows: Sequence[Mapping[str, Any]], console: Console | None = None) -> None:
    """A line for each catalog, and what is to be done for those that cannot be used."""
    console = console or Console(highlight=False)
    for row in rows:
        line = f"{row['name']}: {row['tracks']:,} tracks"
        if row["folder"]:
            line += f" of {_plain(row['folder'])}"
        if not row["usable"]:
            line += f" – not usable yet: soundmap index --name {row['name']}"
        console.print(escape(line), soft_wrap=True)


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
