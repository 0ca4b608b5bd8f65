"""Draws the picture in docs/terminal.md: a real answer of the bundle, as a terminal shows it.

.venv/bin/python docs/picture.py SOURCE docs/recommend.svg
"""

import io
import sys
from pathlib import Path

from soundmap.bundle.listener import Listener
from soundmap.cli.screen import Screen
from soundmap.cli.show import show_recommendation
from soundmap.recommendation.request import Request


def main(source: str, picture: str) -> None:
    """Hears ``source`` and writes the answer as an SVG picture."""
    console = Screen(width=126)
    console.record, console.file = True, io.StringIO()
    console.print(f"[bold]$[/] soundmap recommend {Path(source).name} -n 3 --page")
    show_recommendation(Listener().recommend(Path(source), Request(count=3, page=True)), console)
    console.save_svg(picture, title="SoundMap")


if __name__ == "__main__":
    main(*sys.argv[1:])
