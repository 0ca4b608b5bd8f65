"""``soundmap path``, between parsed arguments and printed answers."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from soundmap import render
from soundmap.analyze import Listener
from soundmap.catalog import Catalog
from soundmap.cli import LINKS, is_there
from soundmap.command_parts import catalog_of, file_of, listener_of, picture_target, tell
from soundmap.errors import BadRequest
from soundmap.recommend import Request
from soundmap.wording import origin_phrase

if TYPE_CHECKING:
    from soundmap.paths import End, SoundPath


def path(options: Namespace) -> int:
    """``soundmap path FROM TO``, or ``soundmap path --compare N``."""
    from soundmap.path_shown import path_json, show_path
    from soundmap.paths import find_path

    if options.compare:
        return _compare_paths(options)
    if len(options.ends) != 2:
        raise BadRequest("path_asks")
    target = picture_target(options.picture)
    listener, catalog = listener_of(options.bundle), catalog_of(options)
    request = Request(options.count, options.genre, options.license)
    request = request.checked(listener.manifest.labels)
    ends = [_end(options, source, catalog or listener.catalog) for source in options.ends]
    (start, _), (end, _) = ends
    distance = listener.manifest.same_sound_distance
    found = find_path(start, end, catalog or listener.catalog, request, distance)
    if target:
        _draw_path(listener, found, catalog or listener.catalog, target)
    names = (ends[0][1], ends[1][1])
    tell(options, path_json(found, names), lambda: show_path(found, names))
    return 0


def _end(options: Namespace, source: str, catalog: Catalog) -> tuple[End, str]:
    """An end of a path and its name: a link, a file, else a track of the catalog."""
    from soundmap.names import name_of, row_named
    from soundmap.paths import End

    listener = listener_of(options.bundle)
    if not source.casefold().startswith(LINKS) and not is_there(source):
        row = row_named(source, catalog)
        track = catalog.track(row)
        return End(catalog.analysis(row, listener.manifest), track), name_of(track)
    with file_of(source) as (path, origin):
        analysis = listener.listen(path)
    return End(analysis), origin_phrase(origin) if origin else Path(source).name


def _compare_paths(options: Namespace) -> int:
    from soundmap.path_compare import compare_paths
    from soundmap.path_shown import show_comparison

    with render.progress("Walking", options.compare) as advance:
        asked = (options.compare, options.count)
        found = compare_paths(listener_of(options.bundle), *asked, advance)
    tell(options, found, lambda: show_comparison(found))
    return 0


def _draw_path(listener: Listener, found: SoundPath, catalog: Catalog, target: Path) -> None:
    from soundmap.map.atlas import atlas_of
    from soundmap.map.drawn import draw_path

    atlas = atlas_of(listener.catalog, listener.folder)
    target.write_bytes(draw_path(atlas, found, catalog))
