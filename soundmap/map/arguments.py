"""Arguments of ``soundmap map``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from soundmap.library.arguments import add_shelf

if TYPE_CHECKING:
    from soundmap.arguments import Commands

LAYOUT_WORD = "layout"


def add_map(commands: Commands) -> None:
    """Adds this command to a parser's."""
    from soundmap.arguments import add_command, track_count

    text = "Write the map as a page for a browser: all tracks by sound, and yours among them."
    parser = add_command(commands, "map", text)
    parser.set_defaults(command="draw_map")  # of commands.py, which uses Python's own map
    parser.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help=f"audio files or links to mark; the word {LAYOUT_WORD} alone computes where the tracks"
        " of the bundle lie, and seals it",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("map.html"),
        metavar="FILE.html",
        help="the page (default map.html)",
    )
    parser.add_argument(
        "-n", "--count", type=track_count, default=5, help="picks for each sound (default 5)"
    )
    parser.add_argument(
        "--catalog", default="", metavar="NAME", help="of these tracks: soundmap catalogs lists"
    )
    add_shelf(parser)
