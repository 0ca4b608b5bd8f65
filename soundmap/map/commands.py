"""``soundmap map``, between parsed arguments and printed answers."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from soundmap import render
from soundmap.catalog import Catalog
from soundmap.command_parts import catalog_of, file_of, listener_of, tell
from soundmap.errors import NotInstalled
from soundmap.recommend import Request
from soundmap.types import Floats

if TYPE_CHECKING:
    from soundmap.map.page import Sound


def draw_map(options: Namespace) -> int:
    """``soundmap map [SOURCE...] -o map.html``, or ``soundmap map layout``."""
    from soundmap.map import shown
    from soundmap.map.arguments import LAYOUT_WORD
    from soundmap.map.layout import read_layout
    from soundmap.map.page import checked_target, page_of, write_page

    if options.sources == [LAYOUT_WORD]:
        return _survey(options)
    target, own = checked_target(options.output), catalog_of(options)
    catalog, layout = listener_of(options.bundle).catalog, read_layout(options.bundle)
    sounds = [_sound(options, source, own) for source in options.sources]
    if own:
        layout, catalog = _placed(own, catalog, layout), own
    write_page(target, page_of(catalog, layout, sounds))
    facts = shown.page_json(target, catalog, layout, sounds)
    tell(options, facts, lambda: shown.show_page(facts))
    return 0


def _sound(options: Namespace, source: str, own: Catalog | None) -> Sound:
    from soundmap.map.page import Sound

    with file_of(source) as (path, origin):
        answer = listener_of(options.bundle).recommend(path, Request(count=options.count), own)
    return Sound(origin.title if origin and origin.title else Path(source).name, answer)


def _placed(own: Catalog, catalog: Catalog, layout: Floats) -> Floats:
    from soundmap.map.placing import layout_of

    with render.progress("Placing", len(own)) as advance:
        return layout_of(own, catalog, layout, advance)


def _survey(options: Namespace) -> int:
    from soundmap.map import shown

    try:
        from soundmap.map.projections import N_FITS
        from soundmap.map.survey import survey
    except ImportError as error:
        raise NotInstalled("needs_projections") from error
    with render.progress("Laying out the map", N_FITS) as advance:
        manifest = survey(options.bundle.resolve(), advance)
    facts = {"bundle": manifest.id, **manifest.metrics["map"]}
    tell(options, facts, lambda: shown.show_survey(facts))
    return 0
