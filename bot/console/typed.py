"""Parses lines typed at the console: paths, links and arguments, in any terminal's quoting."""

from __future__ import annotations

import contextlib
import re
import shlex
from argparse import Namespace
from getpass import getuser
from pathlib import Path
from urllib.parse import unquote

from bot.types import Link, LocalFile, Source
from soundmap.audio.windows import MOST_WINDOWS
from soundmap.files import is_there
from soundmap.links.text import link_of, links_in

_WHOLE = ("/", "~/", "file://")
"""What paths begin with that terminals write for files dropped on them."""
OPTIONS = re.compile(r"\s+(?=-[hno](?:[\s\d]|$)|--[a-z])")
"""Where the options of a command begin; a name before them may contain " - "."""


def source_of(options: Namespace, named: str) -> Source:
    """The link or file that a command names, and where to listen in it."""
    start_s, windows = options.start, options.windows or MOST_WINDOWS
    if link := link_of(named):
        return Link(link, start_s=start_s, windows=windows)
    return LocalFile(Path(named), start_s=start_s, windows=windows)


def user_name() -> str:
    """Name of the user at this terminal."""
    try:
        return getuser()
    except (OSError, KeyError):  # a container without a name for its user
        return "nobody"


def arguments_of(text: str) -> list[str]:
    """Arguments of a command about sounds; a path with spaces needs no quotes if it comes first."""
    is_path = bool(text) and is_there(path_of(text))
    source, *options = [text] if is_path else OPTIONS.split(text, maxsplit=1)
    try:
        if is_path or (source and not source.startswith("-")):
            return [*shlex.split(" ".join(options)), "--", *sources_in(source)]
        return shlex.split(text)
    except ValueError:
        return ["--", text]


def sources_in(text: str) -> list[str]:
    """The paths and links in a text: several if each of its words stands for itself."""
    with contextlib.suppress(ValueError):
        words = shlex.split(text)
        if len(words) > 1 and not is_there(path_of(text)) and all(map(stands_alone, words)):
            return [path_of(word) for word in words]
    return [path_of(text)]


def stands_alone(word: str) -> bool:
    """Whether a word is a link or a path, and no part of a name with spaces."""
    return bool(link_of(word)) or word.startswith(_WHOLE) or is_there(word)


def path_of(text: str) -> str:
    """The path in a text as typed, or as terminals paste it: quoted, escaped, or a file URL.

    Of a text that begins with a link, that link.
    """
    if is_there(text):
        return text
    if link_of(text):
        return next(iter(links_in(text)), text)
    if text.startswith("file://"):
        return unquote(text.removeprefix("file://"))
    with contextlib.suppress(ValueError):
        text = " ".join(shlex.split(text)) or text
    with contextlib.suppress(RuntimeError):  # "~nobody": a user who is not there
        text = str(Path(text).expanduser())
    return text
