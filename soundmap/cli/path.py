"""``soundmap path``: leads from one sound to another, or measures such paths."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from soundmap.bundle.listener import Listener
from soundmap.catalog.table import Catalog
from soundmap.cli.common import catalog_of, listener_of, tell
from soundmap.cli.ends import end_json, named_end
from soundmap.cli.options import (
    Commands,
    add_command,
    add_credits,
    add_filters,
    add_private,
    add_shelf,
    add_words,
    filters_of,
    whole_number,
)
from soundmap.cli.playlists import add_list, check_list, keep_list
from soundmap.cli.progress import progress
from soundmap.cli.screen import Screen
from soundmap.cli.show import notes_json, pick_json, plain_text, show_below, show_notes, show_pick
from soundmap.cli.surroundings import language
from soundmap.cli.usage import filled
from soundmap.errors import BadRequest
from soundmap.files import replacing
from soundmap.paths.find import MOST_BETWEEN
from soundmap.recommendation.request import Request
from soundmap.wording import said
from soundmap.wording.credits import license_notes

if TYPE_CHECKING:
    from soundmap.paths.find import SoundPath

MOST_PAIRS = 10_000
PICTURE = ".png"
_EXAMPLES = """
soundmap path quiet.mp3 loud.mp3                    eight tracks from one to the other
soundmap path song.mp3 'AWOL - Food' -n 3 -o path.png
soundmap path 2 141 --license permissive            from track number 2 to number 141
soundmap path 2 141 --tempo 90-110 --page --credits
soundmap path a.mp3 b.mp3 --catalog mine -o way.m3u8
"""
_NAMES = {
    "path": "path",
    "line": "nearest to a line",
    "line_fair": "the same, no artist twice",
}


def path(options: Namespace) -> int:
    """``soundmap path FROM TO``, or ``soundmap path --compare N``."""
    from soundmap.paths.find import find_path

    check_list(options)
    if options.compare:
        return _compare_paths(options)
    if len(options.ends) != 2:
        raise BadRequest("path_asks")
    listener, catalog = listener_of(options.bundle), catalog_of(options)
    request = Request(options.count, **filters_of(options)).checked(listener.manifest.labels)
    ends = [named_end(options, source, catalog or listener.catalog) for source in options.ends]
    found = find_path(ends[0], ends[1], catalog or listener.catalog, request)
    names = (ends[0].name, ends[1].name)
    if options.out and options.out.suffix.casefold() == PICTURE:
        _draw_path(listener, found, catalog or listener.catalog, options.out)
    tell_kept = keep_list(options, found.picks, " → ".join(names))
    tell(options, path_json(found, names), lambda: show_path(found, names, options.credits))
    tell_kept()
    return 0


def _compare_paths(options: Namespace) -> int:
    from soundmap.lab.evaluation.paths import compare_paths

    asked = (options.compare, options.count)
    found = compare_paths(listener_of(options.bundle), *asked, progress)
    tell(options, found, lambda: show_comparison(found))
    return 0


def _draw_path(listener: Listener, found: SoundPath, catalog: Catalog, target: Path) -> None:
    from soundmap.draw.on_map import draw_path
    from soundmap.map.atlas import atlas_of

    atlas = atlas_of(listener.catalog, listener.folder)
    with replacing(target) as part:
        part.write_bytes(draw_path(atlas, found, catalog))


def add(commands: Commands) -> None:
    """Adds ``path`` to a parser's commands."""
    text = "Lead from one sound to another by tracks that each sound like the one before."
    parser = add_command(commands, "path", text, _EXAMPLES)
    what = "two of: audio file, link, or track of the catalog by its number or 'artist - title'"
    add_words(parser, "ends", metavar="FROM TO", help=what)
    parser.add_argument(
        "-n",
        "--count",
        type=whole_number(1, MOST_BETWEEN),
        default=8,
        help=filled("tracks in between, 1 to {most} (default 8)", most=MOST_BETWEEN),
    )
    add_filters(parser)
    parser.add_argument(
        "--catalog", default="", metavar="NAME", help="of these tracks: soundmap catalogs lists"
    )
    add_shelf(parser)
    add_private(parser)
    add_credits(parser)
    add_list(parser, also=PICTURE, once=["--picture"])
    parser.add_argument(
        "--compare",
        type=whole_number(1, MOST_PAIRS),
        metavar="N",
        help="instead: measure paths between N random pairs beside straight lines",
    )
    parser.set_defaults(call=path)


def path_json(path: SoundPath, names: tuple[str, str]) -> dict[str, Any]:
    """The path as a JSON document; ``smoothness`` is its largest step over the mean step."""
    start, end = (end_json(*it) for it in zip((path.start, path.end), names, strict=True))
    return {
        "bundle": path.start.analysis.bundle_id,
        "from": start,
        "to": end,
        "picks": [pick_json(pick) for pick in path.picks],
        "steps": path.steps,
        "smoothness": path.smoothness,
        "notes": notes_json((*path.notes, *license_notes(path.picks))),
    }


def show_path(path: SoundPath, names: tuple[str, str], with_credits: bool = False) -> None:
    """Prints the start, each track with the reasons for its step, the end, and the smoothness."""
    console, spoken = Screen(), language()
    start, end = (f"[bold]{plain_text(name)}[/]" for name in names)
    console.say(said("path_from", spoken, name=start))
    show_notes(path.notes, console)
    for pick in path.picks:
        show_pick(pick, console)
    console.say("\n" + said("path_to", spoken, name=end, distance=path.last_distance))
    if path.picks:
        facts = {"steps": len(path.steps), "longest": max(path.steps), "multiple": path.smoothness}
        console.say(f"[dim]{said('path_steps', spoken, **facts)}[/]")
    show_below(path.picks, console, with_credits)
    console.say(f"\n[dim]{said('bundle', spoken, id=path.start.analysis.bundle_id)}[/]")


def show_comparison(found: dict[str, Any], console: Screen | None = None) -> None:
    """Prints a row for paths and for each kind of straight line."""
    console = console or Screen()
    between = f"{found['between']} tracks between, {found['pairs']} random pairs"
    console.say(f"bundle {found['bundle']}: {between}")
    table = Table("", "largest step", "mean step", "largest / mean")
    for way, row in found["ways"].items():
        table.add_row(_NAMES[way], *(f"{row[it]:.2f}" for it in ("largest", "mean", "multiple")))
    console.print(table)
    for way, row in found["against"].items():
        largest, multiple, least = (row[it] for it in ("largest", "multiple", "least"))
        console.say(
            f"Against {escape(_NAMES[way])}: largest / mean is {multiple['mean']:.2f} times the"
            f" line's (at most half for {multiple['at_most_half']:.0%} of pairs); the largest step"
            f" itself {largest['mean']:.2f} times, and below {least['mean']:.2f} is impossible.",
        )
    console.say(
        "[dim]Impossible: a path has to leave one end and reach the other, each with another"
        " artist's track.[/]",
    )
