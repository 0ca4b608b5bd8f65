"""Arguments of the commands for one's own music: index, catalogs; and of choosing a catalog."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from soundmap.argument_types import whole_number

if TYPE_CHECKING:
    from soundmap.arguments import Commands

MOST_JOBS = 256


def add_library(commands: Commands) -> None:
    """Adds these commands to a parser's."""
    from soundmap.arguments import add_command

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
    add_shelf(parser)
    parser = add_command(commands, "catalogs", "List the catalogs of your own music.")
    parser.add_argument(
        "--build-index",
        metavar="NAME",
        help="make the search index that a catalog of more than a million tracks wants",
    )
    add_shelf(parser)


def add_shelf(parser: argparse.ArgumentParser) -> None:
    """The option that says where catalogs stand."""
    parser.add_argument(
        "--catalogs",
        type=Path,
        metavar="FOLDER",
        help="where catalogs are kept (default: in your data folder)",
    )


def _address(text: str) -> str:
    from soundmap.cluster import ADDRESS

    if not ADDRESS.fullmatch(text):
        raise argparse.ArgumentTypeError(f"an address such as tcp://10.0.0.1:8786, not {text!r}")
    return text
