"""Arguments of ``soundmap path``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from soundmap.argument_types import whole_number
from soundmap.library.arguments import add_shelf
from soundmap.recommend import LICENSES

if TYPE_CHECKING:
    from soundmap.arguments import Commands

MOST_PAIRS = 10_000
MOST_BETWEEN = 24  # tracks of one path: an hour and a half of music


def add_path(commands: Commands) -> None:
    """Adds this command to a parser's."""
    from soundmap.arguments import add_command

    text = "Lead from one sound to another by tracks that each sound like the one before."
    parser = add_command(commands, "path", text)
    what = "audio file, link, or track of the catalog by its number or 'artist - title'"
    parser.add_argument("ends", nargs="*", metavar="FROM TO", help=f"two of: {what}")
    parser.add_argument(
        "-n",
        "--count",
        type=whole_number(1, MOST_BETWEEN),
        default=8,
        help=f"tracks in between, 1 to {MOST_BETWEEN} (default 8)",
    )
    parser.add_argument("--genre", help="only tracks of this genre")
    parser.add_argument(
        "--license", choices=LICENSES, default="any", help="permissive: CC0, public domain, CC BY"
    )
    parser.add_argument(
        "--catalog", default="", metavar="NAME", help="of these tracks: soundmap catalogs lists"
    )
    add_shelf(parser)
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="draw it on the map, too")
    parser.add_argument(
        "--compare",
        type=whole_number(1, MOST_PAIRS),
        metavar="N",
        help="instead: measure paths between N random pairs beside straight lines",
    )
