"""Standard output and standard error as people read them: wrapped where somebody looks."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from soundmap.cli.surroundings import columns
from soundmap.cli.usage import word
from soundmap.cli.wrapping import wrapped


class Screen(Console):
    """A console whose lines wrap at words, with a hanging indent, at the width of its terminal.

    In a pipe or a file a line stays a line.
    """

    def __init__(self, stderr: bool = False, width: int | None = None) -> None:
        width = width or columns(sys.stderr if stderr else sys.stdout)
        height = width and 25  # rich takes a dumb terminal for 80 columns unless it knows both
        super().__init__(highlight=False, stderr=stderr, width=width, height=height)
        self._wraps = width is not None

    def on_broken_pipe(self) -> None:
        """Lets callers end as for a plain print; rich would end the process with status 1."""
        raise BrokenPipeError

    def say(self, text: str | Text = "") -> None:
        """Prints lines of rich's markup, or of a Text."""
        for line in (Text.from_markup(text) if isinstance(text, str) else text).split(
            "\n", allow_blank=True
        ):
            for part in wrapped(line, self.width) if self._wraps else (line,):
                self.print(part, soft_wrap=True)

    def tell(self, text: str) -> None:
        """Prints lines of plain text, in which nothing is markup."""
        self.say(Text(text))

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Prints terms with what they mean beside them."""
        widest = max(cell_len(term) for term, _ in pairs)
        for term, text in pairs:
            self.tell(f"  {term}{' ' * (widest + 2 - cell_len(term))}{text}")


class Help(argparse.HelpFormatter):
    """Help in the language of the terminal, whose paragraphs keep their lines, each wrapped."""

    def _get_help_string(self, action: argparse.Action) -> str:
        return word(action.help or "")

    def _split_lines(self, text: str, width: int) -> list[str]:
        return [line.plain for line in wrapped(Text(" ".join(text.split())), width)]

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = [line for given in word(text).split("\n") for line in wrapped(Text(given), width)]
        return "\n".join(f"{indent}{line.plain}".rstrip() for line in lines)


def examples_text(examples: str) -> str:
    """Examples of a command, one a line, under a title."""
    return "\n  ".join([word("examples:"), *map(_example, examples.strip().split("\n"))])


def _example(line: str) -> str:
    """An example, what it does in the language of the terminal."""
    command, *told = re.split(r"(\s{2,})", line, maxsplit=1)
    return "".join([command, *map(word, told)])
