"""Arguments of ``soundmap bench``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from soundmap.argument_types import whole_number

if TYPE_CHECKING:
    from soundmap.arguments import Commands

LEAST_ROWS, MOST_ROWS = 1_000, 100_000_000
WHAT = ("files", "search")
CASES = ("mp3-30s", "mp3-5min", "ogg", "m4a", "wav")


def add_bench(commands: Commands) -> None:
    """Adds this command to a parser's."""
    from soundmap.arguments import add_command

    text = "Measure how long listening takes, beside the plain way to do the same."
    parser = add_command(commands, "bench", text)
    parser.add_argument(
        "what", nargs="?", choices=WHAT, default=WHAT[0], help="files (default), or only the search"
    )
    parser.add_argument("--quick", action="store_true", help="two rounds instead of seven")
    parser.add_argument(
        "--case", action="append", choices=CASES, help="only this kind of file; may be repeated"
    )
    parser.add_argument(
        "--audio", type=Path, metavar="FILE", help="music to make the files of (default: made up)"
    )
    parser.add_argument(
        "--rows",
        type=whole_number(LEAST_ROWS, MOST_ROWS),
        default=1_000_000,
        help="search: among so many (default 1000000)",
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="search: keep what is made")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="tiles-training.npz and tiles-validation.npz: measure what engines and 8 bits change",
    )
