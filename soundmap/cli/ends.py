"""Sounds and tracks that a command goes by: links, files, or tracks of the catalog."""

from __future__ import annotations

import os
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from soundmap.catalog.table import Catalog
from soundmap.cli.common import listener_of
from soundmap.cli.sources import PIPED, called, file_of
from soundmap.errors import BadSound
from soundmap.files import is_there
from soundmap.links.text import link_of
from soundmap.wording import origin_phrase

if TYPE_CHECKING:
    from soundmap.paths.find import End

_PATHS = (os.sep, f".{os.sep}", f"..{os.sep}", f"~{os.sep}")
"""What paths begin with, and names of tracks do not."""


def is_file(source: str) -> bool:
    """Whether a source is a file of this machine, and no link, pipe or track."""
    return source != PIPED and not link_of(source) and is_there(source)


def named_end(options: Namespace, source: str, catalog: Catalog) -> End:
    """A link, a file, or else a track of the catalog or the bundle's own, with its name.

    Raises what hearing raises, and BadRequest or BadSound if there is no such track or file.
    """
    from soundmap.paths.find import End

    listener = listener_of(options.bundle)
    if source != PIPED and not link_of(source) and not is_there(source):
        if source.startswith(_PATHS):
            raise BadSound("missing_file", path=source)
        return listener.end(source, catalog)
    with file_of(source, options.allow_private) as (path, origin):
        analysis = listener.listen(path)
        name = origin_phrase(origin) if origin else called(source, path, origin)
    return End(analysis, name=name)


def end_json(end: End, name: str) -> dict[str, Any]:
    """A sound with its name, its track if it is one, and its likeliest genre."""
    track, facts = end.track, {}
    if track:
        facts = {"track_id": track.track_id, "url": track.url, "url_kind": track.url_kind}
    (genre, share), *_ = end.analysis.genres
    return {"name": name, **facts, "genre": genre, "probability": share}
