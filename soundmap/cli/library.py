"""``soundmap index``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundmap.audio.windows import DEFAULT_WINDOWS, MOST_WINDOWS
from soundmap.cli.common import tell
from soundmap.cli.options import Commands, add_command, add_shelf, add_workers, whole_number
from soundmap.cli.progress import progress
from soundmap.cli.screen import Screen
from soundmap.cli.surroundings import language
from soundmap.cli.usage import filled
from soundmap.errors import BadRequest
from soundmap.wording import plain

if TYPE_CHECKING:
    from soundmap.library.jobs import Executor

_FAILURES_SHOWN = 20
_COUNTS = (
    "{heard:,} heard, {unchanged:,} unchanged, {moved:,} moved, {removed:,} removed;"
    " {seconds:.1f} s"
)
_WINDOWS = (
    "hear a long file in up to N windows spread over it; 1: in its middle (default: as the catalog"
    " was heard, {windows} in a new one)"
)
_EXAMPLES = """
soundmap index ~/Music --name mine            a catalog of that folder
soundmap index --name mine                    hears what is new in it
soundmap index /mnt/Music --name mine --moved
soundmap recommend song.mp3 --catalog mine    what of it sounds like a song
"""


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
        language="en" if options.json else language(),
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

    return Processes(options.bundle, options.workers)


def add(commands: Commands) -> None:
    """Adds ``index`` to a parser's commands."""
    text = "Make a catalog of your own music, or update it."
    parser = add_command(commands, "index", text, _EXAMPLES)
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="music, at any depth; tables of FMA beside it are read (default: as last time)",
    )
    parser.add_argument("--name", required=True, help="of the catalog: letters, digits, - and _")
    add_workers(parser, once=["--jobs"])
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
        help=filled(_WINDOWS, windows=DEFAULT_WINDOWS),
    )
    add_shelf(parser)
    parser.set_defaults(call=index)


def _address(text: str) -> str:
    """Reads the address of a cluster.  Raises BadRequest ``not_an_address``."""
    from soundmap.cluster import ADDRESS

    if not ADDRESS.fullmatch(text):
        raise BadRequest("not_an_address", text=text)
    return text


def show_index(report: Mapping[str, Any], console: Screen | None = None) -> None:
    """Prints the result of indexing a folder, with the reason for each failure."""
    console = console or Screen()
    for line in (*_counts(report), *_failures(report["failed"])):
        console.tell(line)


def _counts(report: Mapping[str, Any]) -> Iterator[str]:
    folder = plain(report["folder"])
    yield filled(
        "catalog {name}: {tracks:,} tracks of {folder}",
        name=report["catalog"],
        tracks=report["tracks"],
        folder=folder,
    )
    counts = {name: report[name] for name in ("heard", "unchanged", "moved", "removed", "seconds")}
    line = filled(_COUNTS, **counts)
    if report["heard"]:
        speed = report["heard"] / max(report["seconds"], 1e-9)
        line += filled(", {speed:.1f} files a second", speed=speed)
    yield line
    if report["twice"]:
        text = "{count:,} sound like one before them and are named once a list"
        yield filled(text, count=report["twice"])


def _failures(failed: Sequence[Mapping[str, str]]) -> Iterator[str]:
    if failed:
        yield filled("{count:,} could not be heard:", count=len(failed))
    for it in failed[:_FAILURES_SHOWN]:
        yield f"  {plain(it['path'])}: {plain(it['reason'])}"
    if more := len(failed[_FAILURES_SHOWN:]):
        yield "  " + filled("and {count:,} more: --json lists them all", count=more)
