"""The demos of the console, which come one after the other."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

from bot.wording import say

DEMOS = ("house", "piano", "wind")


class Demos:
    """Makes one demo after the other, and starts over after the last."""

    def __init__(self) -> None:
        self._next = cycle(enumerate(DEMOS, start=1))

    def make(self, folder: Path) -> Path:
        """Says what comes next and writes it into ``folder``; returns its path."""
        from soundmap.audio.demo import write_demo  # loads decoders only when needed

        number, name = next(self._next)
        print(f"{say(f'demo_{name}')} {say('demo_next', number=number, count=len(DEMOS))}\n")
        path = folder / f"{name}.wav"
        write_demo(path, name)
        return path
