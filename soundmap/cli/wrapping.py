"""Wraps lines at words; what wraps stands under where the words of its line began."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells
from rich.text import Text

from soundmap.links.text import SCHEMES

_LEAD = re.compile(r"\s*(?:\d+\.\s+|[-•★]\s+|\S.{0,60}?\s{2,})?")
"""What a line hangs from: its indent and a number, a mark, or a term with a gap behind it."""
_LEAST_HANG = 4


def wrapped(line: Text, width: int) -> Iterator[Text]:
    """A line as lines of at most ``width`` columns, of which a wide letter takes two.

    A lead of more than half of them has a line of its own.  A link stays whole, however long,
    with what stands around it: a part of one leads nowhere.
    """
    lead = _LEAD.match(line.plain)
    begin = lead.end() if lead else 0
    head, body = line[:begin], line[begin:]
    head.rstrip()
    hang = indent = cell_len(line.plain[:begin])
    if indent > width // 2:
        indent = len(line.plain) - len(line.plain.lstrip())
        hang = indent = min(indent, width // 4) + _LEAST_HANG if head.plain else 0
        yield from _parts(head, width) if head.plain else ()
        head = Text()
    for part in _parts(body, width - hang):
        yield Text.assemble(head, " " * (indent - head.cell_len), part)
        head = Text()
    if not body.plain:
        yield head


def _parts(text: Text, width: int) -> Iterator[Text]:
    for part in text.divide(list(_breaks(text.plain, width))) if text.plain else ():
        part.rstrip()
        yield part


def _breaks(plain: str, width: int) -> Iterator[int]:
    """Where in a text a new line begins."""
    at = 0
    for word in re.finditer(r"\S+\s*", plain):
        bare = word[0].rstrip()
        if at and at + cell_len(bare) > width:
            yield word.start()
            at = 0
        if cell_len(bare) > width and not any(scheme in bare for scheme in SCHEMES):
            pieces = chop_cells(bare, width)
            lengths = [len(piece) for piece in pieces[:-1]]
            yield from (word.start() + sum(lengths[: n + 1]) for n in range(len(lengths)))
            at = cell_len(pieces[-1]) + len(word[0]) - len(bare)
        else:
            at += cell_len(word[0])
