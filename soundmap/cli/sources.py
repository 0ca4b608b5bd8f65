"""The sound that a command names: a file, or what a link leads to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from soundmap.audio.windows import ALL_OVER, Look
from soundmap.errors import BadRequest, NotInstalled
from soundmap.library.tags import name_in, read_tags, titled
from soundmap.links.text import link_of
from soundmap.scratch import scratch
from soundmap.types import Origin


@contextmanager
def file_of(
    source: str, private_hosts: Sequence[str] = (), look: Look = ALL_OVER
) -> Iterator[tuple[Path, Origin | None]]:
    """The file that a source names, and its origin.

    What a link leads to lies in a temporary folder until the block ends; it may lead to
    ``private_hosts`` too, and is as much of a sound as ``look`` needs.  Raises BadLink, or
    NotInstalled ``needs_links``.
    """
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
