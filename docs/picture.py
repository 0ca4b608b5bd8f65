"""Draws the picture in the README: a real answer of the shipped bundle, as a terminal shows it.

.venv/bin/python docs/picture.py SOURCE docs/recommend.svg
"""

import io
import sys
from pathlib import Path

from rich.console import Console

from soundmap.bundle.listener import Listener
from soundmap.cli.show import show_recommendation
from soundmap.recommendation.request import Request


def main(source: str, picture: str) -> None:
    """Hears ``source`` and writes the answer as an SVG picture."""
    console = Console(record=True, width=100, file=io.StringIO(), highlight=False)
    console.print(f"[bold]$[/] soundmap recommend {Path(source).name} -n 3")
    show_recommendation(Listener().recommend(Path(source), Request(count=3)), console)
    console.save_svg(picture, title="SoundMap")


if __name__ == "__main__":
    main(*sys.argv[1:])
