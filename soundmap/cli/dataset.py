"""``soundmap dataset``: fetches a data set, or cuts one for training."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from soundmap.cli.common import tell
from soundmap.cli.options import Commands, add_command, add_out
from soundmap.cli.progress import progress
from soundmap.cli.screen import Screen
from soundmap.errors import BadRequest
from soundmap.features.tiles import SPECS
from soundmap.lab.datasets.sources import ARCHIVE_NAMES
from soundmap.wording import plain

_EXAMPLES = """
soundmap dataset fetch fma_small -o data   the archive, as published, unpacked
soundmap dataset prepare fma --audio data/fma_small -o tiles
soundmap dataset prepare gtzan --audio genres --splits lists -o tiles --spec slices
"""


def dataset(options: Namespace) -> int:
    """``soundmap dataset prepare gtzan|fma --audio FOLDER --out FOLDER``, or ``fetch``."""
    fetched = options.kind in ARCHIVE_NAMES
    if (options.action == "fetch") != fetched or not (fetched or options.audio):
        raise BadRequest("dataset_asks", archives=", ".join(ARCHIVE_NAMES))
    return _fetch(options) if fetched else _prepare(options)


def _fetch(options: Namespace) -> int:
    from soundmap.lab.datasets.archives import ARCHIVES, MIRROR, Fetch

    archive, mirror = ARCHIVES[options.kind], options.mirror or MIRROR
    fetch = Fetch(archive, options.out, progress, mirror, not options.zip_only)
    facts = fetch.run()
    tell(options, facts, lambda: show_fetched(options.kind, facts))
    return 0


def _prepare(options: Namespace) -> int:
    from soundmap.lab.datasets.fma import read_fma
    from soundmap.lab.datasets.gtzan import read_gtzan
    from soundmap.lab.datasets.prepare import prepare

    gtzan = options.kind == "gtzan"
    source = read_gtzan(options.audio, options.splits) if gtzan else read_fma(options.audio)
    facts = prepare(source, options.out, options.spec, options.workers, progress)
    tell(options, facts, lambda: show_prepared(facts, options.out))
    return 0


def show_prepared(facts: dict[str, Any], out: Path) -> None:
    """Prints what was written."""
    console = Screen()
    tracks = ", ".join(f"{n:,} {side}" for side, n in facts["tracks"].items())
    lines = [f"{facts['name']} as {facts['spec']} tiles in {out}: {tracks} tracks"]
    if facts["failures"]:
        lines.append(f"{facts['failures']:,} files failed; {out / 'failures.csv'} says why")
    for line in lines:
        console.tell(line)


def show_fetched(name: str, facts: Mapping[str, Any], console: Screen | None = None) -> None:
    """Prints what was fetched, and what to do with it next."""
    console = console or Screen()
    lines = [f"{plain(facts['archive'])}: {facts['bytes'] / 1e6:,.0f} MB, as published"]
    if folder := facts["folder"]:
        lines.append(f"{plain(folder)}: {facts['files']:,} files")
    if folder and name != "fma_metadata":
        lines += [
            f"titles and licenses: soundmap dataset fetch fma_metadata --out {plain(folder)}/..",
            f"a catalog of it: soundmap index {plain(folder)} --name {name.replace('_', '-')}",
        ]
    for line in lines:
        console.tell(line)


def add(commands: Commands) -> None:
    """Adds ``dataset`` to a parser's commands."""
    text = "Fetch a data set, or cut one for training."
    parser = add_command(commands, "dataset", text, _EXAMPLES)
    parser.add_argument(
        "action", choices=("prepare", "fetch"), help="decode, cut, write; or download and unpack"
    )
    parser.add_argument(
        "kind",
        choices=("gtzan", "fma", *ARCHIVE_NAMES),
        help="what the folder holds; or the archive to fetch",
    )
    parser.add_argument("--audio", type=Path, metavar="FOLDER", help="to prepare: the audio")
    add_out(parser, "FOLDER", "where it goes", required=True)
    parser.add_argument(
        "--mirror", metavar="ADDRESS", help="to fetch: where the archives are, if not at home"
    )
    parser.add_argument("--zip-only", action="store_true", help="to fetch: do not unpack")
    parser.add_argument(
        "--spec", choices=SPECS, default="overview", help="overview: one tile in 30 s; slices: ten"
    )
    parser.add_argument(
        "--splits", type=Path, metavar="FOLDER", help="of GTZAN: the three lists *_filtered.txt"
    )
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: all cores)")
    parser.set_defaults(call=dataset)
