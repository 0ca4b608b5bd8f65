"""Draws the neighborhood in the README: where a sound and its list lie in the shipped bundle.

.venv/bin/python docs/neighborhood.py SOURCE docs/neighborhood.png
"""

import sys
from pathlib import Path

from soundmap.bundle.listener import Listener
from soundmap.draw.on_map import draw_list
from soundmap.map.atlas import atlas_of
from soundmap.recommendation.request import Request


def main(source: str, picture: str) -> None:
    """Hears ``source`` and writes the map around it as a PNG."""
    listener = Listener()
    found = listener.recommend(Path(source), Request())
    atlas = atlas_of(listener.catalog, listener.folder)
    Path(picture).write_bytes(draw_list(atlas, found, listener.catalog))


if __name__ == "__main__":
    main(*sys.argv[1:])
