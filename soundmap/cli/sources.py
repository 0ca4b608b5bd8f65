"""The sound that a command names: a file, or what a link leads to."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from soundmap.audio.windows import ALL_OVER, Look
from soundmap.errors import BadRequest, BadSound, NotInstalled
from soundmap.files import DISK_FULL
from soundmap.library.tags import name_in, read_tags, titled
from soundmap.links.text import link_of
from soundmap.scratch import scratch
from soundmap.types import Origin

PIPED = "-"
"""The source that is a sound on standard input."""
_MOST_PIPED_MB, _PIECE = 512, 1 << 20


@contextmanager
def file_of(
    source: str, private_hosts: Sequence[str] = (), look: Look = ALL_OVER
) -> Iterator[tuple[Path, Origin | None]]:
    """The file that a source names, and its origin.

    ``-`` is standard input.  What that or a link leads to lies in a temporary folder until the
    block ends; a link may lead to ``private_hosts`` too, and is as much of a sound as ``look``
    needs.  Raises BadLink, NotInstalled ``needs_links``, BadSound ``too_large``, ``disk_full`` or
    ``nothing_piped``, or BadRequest ``no_input`` or ``nothing_named``.
    """
    check_sources([source])
    if source == PIPED:
        with scratch() as folder:
            yield _piped(folder / "piped"), None
        return
    if not (link := link_of(source)):
        yield Path(source), None
        return
    try:
        from soundmap.links.fetch import fetch_once
        from soundmap.links.limits import Limits
    except ImportError as error:
        raise NotInstalled("needs_links") from error
    with scratch() as folder:
        limits = Limits(private_hosts=tuple(private_hosts))
        fetched = asyncio.run(fetch_once(link, folder, limits, look))
        origin = fetched.origin and titled(fetched.origin, read_tags(fetched.path))
        yield fetched.path, origin


def check_sources(sources: Sequence[str]) -> None:
    """Raises BadRequest ``nothing_named`` or ``no_input`` for sources that cannot be meant."""
    if "" in sources:
        raise BadRequest("nothing_named")
    if PIPED in sources and (sys.stdin is None or sys.stdin.isatty()):
        raise BadRequest("no_input")


def _piped(target: Path) -> Path:
    """Standard input, written to a file.  Raises BadSound."""
    try:
        return _written(target)
    except OSError as error:
        if error.errno in DISK_FULL:
            raise BadSound("disk_full") from error
        raise


def _written(target: Path) -> Path:
    room = _MOST_PIPED_MB << 20
    with target.open("wb") as file:
        while some := sys.stdin.buffer.read(min(_PIECE, room + 1)):
            if (room := room - len(some)) < 0:
                raise BadSound("too_large", most_mb=_MOST_PIPED_MB)
            file.write(some)
        if not file.tell():
            raise BadSound("nothing_piped")
    return target


def called(source: str, path: Path, origin: Origin | None) -> str:
    """What a sound is called: where it came from, by its tags, or else by its file's name."""
    known = origin.title if origin else name_in(read_tags(path))
    return known or Path(source).name


def picture_target(path: Path | None) -> Path | None:
    """Checks where a picture is to be written.

    Raises BadRequest ``not_a_picture`` for a name without .png, which may be someone's song.
    """
    if path and path.suffix.casefold() != ".png":
        raise BadRequest("not_a_picture", path=path)
    return path
