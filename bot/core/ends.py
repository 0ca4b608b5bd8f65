"""Sounds and tracks that something is asked about: the ends of a path, the sounds of a mix."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from bot.core.parts import Parts
from bot.types import Link, LocalFile, Named, PathEnd, Watcher
from soundmap.catalog.names import name_of, track_named
from soundmap.catalog.table import Catalog
from soundmap.paths.find import End
from soundmap.wording import origin_phrase


@asynccontextmanager
async def turn(
    parts: Parts, kind: str, person: str, ends: Sequence[PathEnd]
) -> AsyncIterator[None]:
    """A job if there is a sound to hear, otherwise a tap."""
    if all(isinstance(end, Named) for end in ends):
        with parts.admission.tap(person):
            yield
    else:
        async with parts.job(kind, person):
            yield


async def heard_end(
    parts: Parts, person: str, end: PathEnd, catalog: Catalog, watch: Watcher
) -> tuple[End, str]:
    """What is heard of a sound or known of a track, and its name.

    Raises what hearing raises, or BadRequest if there is no such track.
    """
    if isinstance(end, Named):
        found, row = track_named(end.text, catalog, parts.catalogs.own)
        track = found.track(row)
        return End(parts.manifest.analysis_of(found, row), track), name_of(track)
    heard = await parts.hearing.hear(person, end, watch)
    if heard.origin:
        return End(heard.analysis), origin_phrase(heard.origin)
    return End(heard.analysis), heard.name or given_name(end)


def given_name(end: PathEnd) -> str:
    """What a sound is called by who gave it: the host of a link, or the name of a file or track."""
    if isinstance(end, Named):
        return end.text
    if isinstance(end, Link):
        return urlsplit(end.url).hostname or end.url
    return end.path.name if isinstance(end, LocalFile) else end.name


def given_names(ends: Sequence[PathEnd]) -> list[str]:
    """What several sounds are called by who gave them; those of the same name are numbered."""
    names = [given_name(end) for end in ends]
    numbers = [names[:at].count(name) for at, name in enumerate(names, start=1)]
    return [
        f"{name} ({number})" if names.count(name) > 1 else name
        for name, number in zip(names, numbers, strict=True)
    ]
