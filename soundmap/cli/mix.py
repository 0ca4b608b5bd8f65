"""``soundmap mix``: the tracks nearest to several sounds, away from others."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundmap.catalog.table import Catalog
from soundmap.cli.common import catalog_of, listener_of, tell
from soundmap.cli.ends import end_json, is_file, named_end
from soundmap.cli.options import (
    Commands,
    add_command,
    add_credits,
    add_filters,
    add_private,
    add_shelf,
    add_workers,
    filters_of,
    track_count,
)
from soundmap.cli.progress import progress, waiting
from soundmap.cli.screen import Screen
from soundmap.cli.show import notes_json, pick_json, plain_text, show_below, show_notes, show_pick
from soundmap.cli.surroundings import language
from soundmap.errors import SoundMapError
from soundmap.recommendation.request import MAX_COUNT, Request
from soundmap.wording import said
from soundmap.wording.credits import license_notes

if TYPE_CHECKING:
    from soundmap.mix.find import Mix
    from soundmap.mix.seeds import Outcome

_EXAMPLES = """
soundmap mix a.mp3 b.mp3 'AWOL - Food'               near any of them, best near several
soundmap mix *.mp3 --without c.mp3 -n 20             and away from another
soundmap mix 2 141 --license permissive --credits    from tracks by their numbers
"""


def add(commands: Commands) -> None:
    """Adds ``mix`` to a parser's commands."""
    text = "Find the tracks nearest to several sounds, and away from others."
    parser = add_command(commands, "mix", text, _EXAMPLES)
    what = "audio files, links, or tracks of the catalog by number or 'artist - title'"
    parser.add_argument("seeds", nargs="*", metavar="SOUND", help=what)
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="SOUND",
        help="what to stay away from; may be given again",
    )
    text = f"how many, 1 to {MAX_COUNT} (default 10)"
    parser.add_argument("-n", "--count", type=track_count, default=10, help=text)
    add_filters(parser)
    parser.add_argument(
        "--same-artists", action="store_true", help="artists of these sounds may come up, too"
    )
    parser.add_argument(
        "--catalog", default="", metavar="NAME", help="of these tracks: soundmap catalogs lists"
    )
    add_shelf(parser)
    add_workers(parser)
    add_private(parser)
    add_credits(parser)
    parser.set_defaults(call=mix)


def mix(options: Namespace) -> int:
    """``soundmap mix SOUND...``."""
    from soundmap.mix.find import find_mix
    from soundmap.mix.seeds import sounds_of

    listener = listener_of(options.bundle)
    catalog = catalog_of(options) or listener.catalog
    request = Request(options.count, **filters_of(options)).checked(listener.manifest.labels)
    heard = _hear(options, catalog)
    sounds = sounds_of(*([heard[it] for it in part] for part in (options.seeds, options.without)))
    found = find_mix(
        sounds.seeds, sounds.without, catalog, request, options.same_artists, sounds.notes
    )
    tell(options, mix_json(found), lambda: show_mix(found, options.credits))
    return 0


def _hear(options: Namespace, catalog: Catalog) -> dict[str, Outcome]:
    """Each source with what was heard in it: files in processes, then links and tracks here."""
    from soundmap.mix.seeds import outcome_of

    sources = list(dict.fromkeys((*options.seeds, *options.without)))
    heard = dict(_in_processes(options, [it for it in sources if is_file(it)]))
    for source in sources:
        if source not in heard:
            with waiting(source):
                heard[source] = outcome_of(
                    source, source, lambda it: named_end(options, it, catalog)
                )
    return heard


def _in_processes(options: Namespace, files: Sequence[str]) -> Iterator[tuple[str, Outcome]]:
    from soundmap.library.several import listen_to
    from soundmap.library.tags import name_in
    from soundmap.paths.find import End

    asked = ([Path(it) for it in files], options.bundle, options.workers, progress)
    for source, it in zip(files, listen_to(*asked, said("listening", language())), strict=True):
        if isinstance(it, SoundMapError):
            yield source, (source, it)
        elif it.analysis:
            yield source, (source, End(it.analysis, name=name_in(it.tags) or Path(source).name))


def mix_json(mix: Mix) -> dict[str, Any]:
    """The mix as a JSON document; ``seed`` of a pick is the place of its sound, from 0."""
    picks = [it.pick for it in mix]
    return {
        "bundle": mix.seeds[0].analysis.bundle_id,
        "seeds": [end_json(it, it.name) for it in mix.seeds],
        "without": [end_json(it, it.name) for it in mix.without],
        "picks": [{**pick_json(it.pick), "seed": it.seed} for it in mix],
        "notes": notes_json((*mix.notes, *license_notes(picks))),
    }


def show_mix(mix: Mix, with_credits: bool = False) -> None:
    """Prints what the mix goes by, then each pick with the sound that it is nearest to, and why."""
    console, spoken = Screen(), language()
    picks = [it.pick for it in mix]
    for code, ends in (("mix_of", mix.seeds), ("mix_without", mix.without)):
        names = " · ".join(f"[bold]{plain_text(it.name)}[/]" for it in ends)
        if names:
            console.say(said(code, spoken, names=names))
    show_notes(mix.notes, console)
    for it in mix:
        show_pick(it.pick, console, mix.seeds[it.seed].name)
    show_below(picks, console, with_credits)
    console.say(f"\n[dim]{said('bundle', spoken, id=mix.seeds[0].analysis.bundle_id)}[/]")
