"""What the pages say that can be checked: headings, commands, links, settings, numbers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.house.source import ROOT

PROGRAMS = ("soundmap", "soundmap-bot", "make")
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")} - {ROOT / "CHANGELOG.md"})
"""All but the changelog, which tells what was so once."""
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_SOURCE = re.compile(r'<img[^>]* src="([^"]+)"')


@dataclass(frozen=True)
class Page:
    """A page of Markdown, taken apart by a parser of Markdown."""

    path: Path

    @property
    def name(self) -> str:
        """Its path within the project."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        """All of it, as written."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def _tokens(self) -> list[Token]:
        blocks = _MARKDOWN.parse(self.text)
        return [token for block in blocks for token in (block, *(block.children or ()))]

    @cached_property
    def headings(self) -> list[tuple[str, str]]:
        """Level, such as ``h2``, and text of each."""
        pairs = zip(self._tokens, self._tokens[1:], strict=False)
        return [(it.tag, then.content) for it, then in pairs if it.type == "heading_open"]

    @property
    def anchors(self) -> set[str]:
        """What a link may name behind ``#``, by GitHub's rule."""
        texts = (re.sub(r"[^\w\- ]", "", text.lower()) for _, text in self.headings)
        return {text.replace(" ", "-") for text in texts}

    @cached_property
    def links(self) -> list[str]:
        """Where links and pictures lead, in their order."""
        return [str(link) for token in self._tokens for link in _links_of(token)]

    @cached_property
    def spans(self) -> list[str]:
        """What stands in the text as code."""
        return [token.content for token in self._tokens if token.type == "code_inline"]

    @cached_property
    def lines(self) -> list[str]:
        """Lines of shell in blocks of code."""
        blocks = [it.content for it in self._tokens if it.type == "fence" and it.info == "sh"]
        return [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]

    @property
    def commands(self) -> list[list[str]]:
        """Calls of our programs in blocks of code."""
        return list(filter(None, map(call_in, self.lines)))

    @property
    def mentions(self) -> list[list[str]]:
        """Calls of our programs in the text, which may leave out what is needed."""
        return list(filter(None, map(call_in, self.spans)))

    @property
    def numbers(self) -> list[str]:
        """Every number outside of links, sorted."""
        told = (it.content for it in self._tokens if it.type in ("text", "code_inline", "fence"))
        return sorted(number for text in told for number in re.findall(r"\d+(?:[.,:]\d+)*", text))


def _links_of(token: Token) -> Iterator[str | int | float]:
    if token.type == "link_open":
        yield token.attrs["href"]
    elif token.type == "image":
        yield token.attrs["src"]
    elif token.type.startswith("html"):
        yield from _SOURCE.findall(token.content)


def call_in(line: str) -> list[str]:
    """The call of one of our programs in a line of shell; empty if there is none.

    The program stands first, behind settings like ``A=b``, or is named by its path.
    """
    try:
        words = shlex.split(line, comments=True)
    except ValueError:  # no shell: an apostrophe in the text
        return []
    words = [*_until_operator(words)]
    while words and re.match(r"\w+=", words[0]):
        words.pop(0)
    for place, word in enumerate(words):
        program = word.rpartition("bin/")[2]
        if program in PROGRAMS and (place == 0 or program != word):
            return [program, *words[place + 1 :]]
    return []


def _until_operator(words: list[str]) -> Iterator[str]:
    for word in words:
        if word in ("|", "<", ">", ">>", "&&", ";"):
            return
        yield word


def page_of(name: str) -> Page:
    """A page by its path within the project."""
    return Page(ROOT / name)
