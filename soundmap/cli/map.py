"""``soundmap map``: writes the map as a page, or computes the layout of a bundle."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from soundmap.catalog.table import Catalog
from soundmap.cli.common import (
    BAD_INPUT,
    OK,
    catalog_of,
    complain,
    error_facts,
    listener_of,
    tell,
)
from soundmap.cli.many import each
from soundmap.cli.options import (
    Commands,
    add_command,
    add_filters,
    add_out,
    add_private,
    add_shelf,
    add_words,
    filters_of,
    track_count,
)
from soundmap.cli.progress import progress
from soundmap.cli.screen import Screen
from soundmap.cli.show import notes_json
from soundmap.cli.sources import called, file_of
from soundmap.cli.surroundings import language
from soundmap.errors import NotInstalled, SoundMapError
from soundmap.map.placing import place
from soundmap.recommendation.request import Request
from soundmap.types import Floats
from soundmap.wording import note_sentence, said

if TYPE_CHECKING:
    from soundmap.map.page import Sound

LAYOUT_WORD = "layout"
_EXAMPLES = """
soundmap map                            all tracks, as map.html
soundmap map *.mp3 -o evening.html      your songs among them, each with what is near
soundmap map song.mp3 --catalog mine    among your own music
soundmap map *.mp3 --license by+ --instrumental --clean
"""


def draw_map(options: Namespace) -> int:
    """``soundmap map [SOURCE...] -o map.html``, or ``soundmap map layout``."""
    from soundmap.catalog.layout import read_layout
    from soundmap.map.page import checked_target, page_of, write_page

    if options.sources == [LAYOUT_WORD]:
        return _survey(options)
    target, own = checked_target(options.out), catalog_of(options)
    catalog, layout = listener_of(options.bundle).catalog, read_layout(options.bundle)
    sounds, failed = _heard(options, own)
    if failed and not sounds:
        tell(options, {"failed": failed}, lambda: None)
        return BAD_INPUT
    if own:
        layout, catalog = _placed(own, catalog, layout), own
    write_page(target, page_of(catalog, layout, sounds))
    facts = page_json(target, catalog, layout, sounds) | {"failed": failed}
    notes = dict.fromkeys(
        note_sentence(it, language()) for one in sounds for it in one.answer.notes
    )
    tell(options, facts, lambda: show_page(facts, tuple(notes)))
    return BAD_INPUT if failed else OK


def _heard(options: Namespace, own: Catalog | None) -> tuple[list[Sound], list[dict[str, Any]]]:
    """The sounds and, of several, those that cannot be heard, of which standard error tells."""
    if len(options.sources) == 1:
        return [_sound(options, options.sources[0], own)], []
    sounds, failed = [], []
    for source, result in each(options.sources, lambda source: _sound(options, source, own)):
        if isinstance(result, SoundMapError):
            failed.append({"source": source, **error_facts(result.code, str(result))})
            if not options.json:
                complain(result, source)
        else:
            sounds.append(result)
    return sounds, failed


def _sound(options: Namespace, source: str, own: Catalog | None) -> Sound:
    from soundmap.map.page import Sound

    with file_of(source, options.allow_private) as (path, origin):
        name = called(source, path, origin)
        request = Request(count=options.count, **filters_of(options))
        answer = listener_of(options.bundle).recommend(path, request, own)
    return Sound(name, answer)


def _placed(own: Catalog, catalog: Catalog, layout: Floats) -> Floats:
    from soundmap.map.placing import layout_of

    with progress("Placing", len(own)) as advance:
        return layout_of(own, catalog, layout, advance)


def _survey(options: Namespace) -> int:
    try:
        from soundmap.lab.training.survey import survey
    except ImportError as error:
        raise NotInstalled("needs_projections") from error
    manifest = survey(options.bundle.resolve(), progress)
    facts = {"bundle": manifest.id, **manifest.metrics["map"]}
    tell(options, facts, lambda: show_survey(facts))
    return 0


def add(commands: Commands) -> None:
    """Adds ``map`` to a parser's commands."""
    text = "Write the map as a page for a browser: all tracks by sound, and yours among them."
    parser = add_command(commands, "map", text, _EXAMPLES)
    add_words(
        parser,
        "sources",
        metavar="SOURCE",
        help="audio files or links to mark; the word layout alone computes where the tracks of the"
        " bundle lie, and seals it",
    )
    text, page = "the page (default map.html)", Path("map.html")
    add_out(parser, "FILE.html", text, once=["--output"], default=page)
    parser.add_argument(
        "-n", "--count", type=track_count, default=5, help="picks for each sound (default 5)"
    )
    add_filters(parser)
    parser.add_argument(
        "--catalog", default="", metavar="NAME", help="of these tracks: soundmap catalogs lists"
    )
    add_shelf(parser)
    add_private(parser)
    parser.set_defaults(call=draw_map)


def page_json(
    path: Path, catalog: Catalog, layout: Floats, sounds: Sequence[Sound]
) -> dict[str, Any]:
    """The page, and where each sound landed: x to the right and y upward, in -1..1."""
    return {
        "page": str(path.absolute()),
        "tracks": len(catalog),
        "bytes": path.stat().st_size,
        "sounds": [_sound_json(sound, catalog, layout) for sound in sounds],
    }


def show_page(facts: dict[str, Any], notes: Iterable[str] = ()) -> None:
    """Prints notes on the lists, and where the page is."""
    console = Screen()
    for note in notes:
        console.tell(note)
    known = {"tracks": facts["tracks"], "mb": facts["bytes"] / 1e6, "page": facts["page"]}
    console.tell(said("map_is", language(), **known))
    console.tell(said("map_opens", language()))


def show_survey(facts: dict[str, Any]) -> None:
    """Prints what was measured of the layout, a row for each method."""
    console = Screen()
    console.say(f"bundle {facts['bundle']}: {facts['tracks']:,} tracks, by {facts['method']}")
    if not facts["methods"]:
        return
    table = Table("method", "trustworthiness", "genre purity", "silhouette", "mean rank", "median")
    for method, row in facts["methods"].items():
        scores = (f"{row[name]:.3f}" for name in ("trustworthiness", "genre_purity", "silhouette"))
        table.add_row(method, *scores, f"{row['mean_rank']:.0f}", f"{row['median_rank']:.0f}")
    console.print(table)
    console.say(
        f"Genre purity in all numbers {facts['genre_purity']:.3f}; ranks: how far around the place"
        f" where one of {facts['held_out']:,} tracks left out lands its ten nearest are.",
    )


def _sound_json(sound: Sound, catalog: Catalog, layout: Floats) -> dict[str, Any]:
    x, y = place(sound.answer.analysis.embedding, catalog, layout)
    picks = [pick.track.track_id for pick in sound.answer.picks]
    found = {"name": sound.name, "x": round(x, 4), "y": round(y, 4), "picks": picks}
    return {**found, "notes": notes_json(sound.answer.notes)}
