"""``soundmap index`` and ``soundmap catalogs``."""

from __future__ import annotations

import argparse
import os
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from soundmap.audio.windows import DEFAULT_WINDOWS, MOST_WINDOWS
from soundmap.bundle.listener import Listener
from soundmap.catalog.shelf import Entry
from soundmap.cli.common import plain, tell
from soundmap.cli.options import Commands, add_command, add_shelf, whole_number
from soundmap.cli.progress import progress
from soundmap.search.indexed import Facts

if TYPE_CHECKING:
    from soundmap.library.jobs import Executor

MOST_JOBS = 256
_FAILURES_SHOWN = 20


def index(options: Namespace) -> int:
    """``soundmap index FOLDER --name NAME``."""
    from soundmap.catalog.shelf import Shelf
    from soundmap.library.indexing import Index

    run = Index(
        shelf=Shelf(options.catalogs),
        name=options.name,
        folder=options.folder,
        bundle=options.bundle,
        opened=lambda: _executor(options),
        progress=progress,
        moved=options.moved,
        windows=options.windows,
    )
    report = run.run()
    tell(options, report, lambda: show_index(report))
    return 0


def _executor(options: Namespace) -> AbstractContextManager[Executor]:
    """Processes on this machine, or a cluster where one is named."""
    if options.cluster:
        from soundmap.library.cluster import Cluster

        return Cluster(options.cluster, options.bundle)
    from soundmap.library.processes import Processes

    return Processes(options.bundle, options.jobs)


def catalogs(options: Namespace) -> int:
    """``soundmap catalogs``: the bundle's own catalog, then those of the user's music."""
    from soundmap.catalog.shelf import SHIPPED, Entry, Shelf

    if options.build_index:
        return _build_index(options)
    listener = Listener(options.bundle)
    bundle_id = listener.manifest.id
    own = Entry(SHIPPED, bundle_id, "", str(options.bundle), len(listener.catalog))
    shelf = Shelf(options.catalogs)
    rows = catalogs_json([own, *shelf.entries()], bundle_id)
    facts = {"kept_in": str(shelf.folder), "catalogs": rows}
    tell(options, facts, lambda: show_catalogs(rows))
    return 0


def _build_index(options: Namespace) -> int:
    """``soundmap catalogs --build-index NAME``."""
    from soundmap.catalog.shelf import SHIPPED, Shelf
    from soundmap.search.build import build_index

    name, shelf = options.build_index, Shelf(options.catalogs)
    folder = options.bundle if name == SHIPPED else shelf.tables(shelf.finished(name))
    facts = index_json(name, build_index(folder, progress))
    tell(options, facts, lambda: show_built(facts))
    return 0


def index_json(name: str, facts: Facts) -> dict[str, Any]:
    """An index as a JSON document; ``recall_at_10`` is that of the trials it was tuned by."""
    return {
        "catalog": name,
        "lists": facts.lists,
        "looked_at": facts.probes,
        "recall_at_10": facts.recall,
        "bytes": facts.n_bytes,
    }


def show_built(facts: Mapping[str, Any], console: Console | None = None) -> None:
    """Prints an index in one line."""
    console = console or Console(highlight=False)
    console.print(
        f"catalog {facts['catalog']} has its index: {facts['looked_at']:,} of {facts['lists']:,}"
        f" lists find {facts['recall_at_10']:.1%} of the ten nearest; {facts['bytes'] / 1e6:,.0f}"
        " MB on disk",
        soft_wrap=True,
    )


def add(commands: Commands) -> None:
    """Adds ``index`` and ``catalogs`` to a parser's commands."""
    parser = add_command(commands, "index", "Make a catalog of your own music, or update it.")
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="music, at any depth; tables of FMA beside it are read (default: as last time)",
    )
    parser.add_argument("--name", required=True, help="of the catalog: letters, digits, - and _")
    parser.add_argument(
        "--jobs",
        type=whole_number(1, MOST_JOBS),
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes (all cores)",
    )
    parser.add_argument(
        "--cluster",
        type=_address,
        metavar="ADDRESS",
        help="have a Dask cluster listen: its scheduler, such as tcp://10.0.0.1:8786",
    )
    parser.add_argument(
        "--moved", action="store_true", help="the music of this catalog lies in FOLDER now"
    )
    parser.add_argument(
        "--windows",
        type=whole_number(1, MOST_WINDOWS),
        metavar="N",
        help="hear a long file in up to N windows all over it; 1: in its middle (default: as the"
        f" catalog was heard, {DEFAULT_WINDOWS} in a new one)",
    )
    add_shelf(parser)
    parser.set_defaults(call=index)
    parser = add_command(commands, "catalogs", "List the catalogs of your own music.")
    parser.add_argument(
        "--build-index",
        metavar="NAME",
        help="make the search index that a catalog of more than a million tracks wants",
    )
    add_shelf(parser)
    parser.set_defaults(call=catalogs)


def _address(text: str) -> str:
    from soundmap.cluster import ADDRESS

    if not ADDRESS.fullmatch(text):
        raise argparse.ArgumentTypeError(f"an address such as tcp://10.0.0.1:8786, not {text!r}")
    return text


def show_index(report: Mapping[str, Any], console: Console | None = None) -> None:
    """Prints the result of indexing a folder, with the reason for each failure."""
    console = console or Console(highlight=False)
    counts = ", ".join(f"{report[name]:,} {name}" for name in ("heard", "unchanged", "moved"))
    per_second = report["heard"] / max(report["seconds"], 1e-9)
    lines = [
        f"catalog {report['catalog']}: {report['tracks']:,} tracks of {plain(report['folder'])}",
        f"{counts}, {report['removed']:,} removed; {report['seconds']:.1f} s",
    ]
    if report["heard"]:
        lines[-1] += f", {per_second:.1f} files a second"
    if report["twice"]:
        lines.append(f"{report['twice']:,} sound like one before them and are named once a list")
    if failed := report["failed"]:
        lines.append(f"{len(failed):,} could not be heard:")
        lines += [f"  {plain(it['path'])}: {plain(it['reason'])}" for it in failed]
    shown = lines[: len(lines) - max(0, len(report["failed"]) - _FAILURES_SHOWN)]
    if len(shown) < len(lines):
        shown.append(f"  and {len(lines) - len(shown):,} more: --json lists them all")
    for line in shown:
        console.print(escape(line), soft_wrap=True)


def catalogs_json(entries: Sequence[Entry], bundle_id: str) -> list[dict[str, Any]]:
    """Catalogs as JSON documents; ``usable`` where they were heard by the bundle in use."""
    return [
        {
            "name": entry.name,
            "tracks": entry.tracks,
            "folder": entry.folder,
            "bundle": entry.bundle,
            "windows": entry.windows,
            "usable": bool(entry.tables) and entry.bundle == bundle_id,
        }
        for entry in entries
    ]


def windows_phrase(windows: int) -> str:
    """In how many windows the long files of a catalog were heard."""
    return f"up to {windows} windows" if windows > 1 else "one window"


def show_catalogs(rows: Sequence[Mapping[str, Any]], console: Console | None = None) -> None:
    """Prints a line for each catalog, and how to make an unusable one usable."""
    console = console or Console(highlight=False)
    for row in rows:
        line = f"{row['name']}: {row['tracks']:,} tracks"
        if row["folder"]:
            line += f" of {plain(row['folder'])}, heard in {windows_phrase(row['windows'])}"
        if not row["usable"]:
            line += f" – not usable yet: soundmap index --name {row['name']}"
        console.print(escape(line), soft_wrap=True)
