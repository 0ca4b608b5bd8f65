"""``soundmap mix``: the tracks nearest to several sounds, away from others."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from errno import ENOENT
from os import strerror
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.cli.common import catalog_of, listener_of, tell
from soundmap.cli.ends import end_json
from soundmap.cli.mix_sounds import hear_sounds
from soundmap.cli.options import (
    Commands,
    add_command,
    add_count,
    add_credits,
    add_filters,
    add_private,
    add_shelf,
    add_words,
    add_workers,
    filters_of,
)
from soundmap.cli.playlists import add_list, add_order, check_list, in_order, keep_list
from soundmap.cli.screen import Screen
from soundmap.cli.show import notes_json, pick_json, plain_text, show_below, show_notes, show_pick
from soundmap.cli.surroundings import language
from soundmap.errors import BadRequest
from soundmap.paths.order import steps_of
from soundmap.recommendation.request import Request
from soundmap.wording import said
from soundmap.wording.credits import license_notes

if TYPE_CHECKING:
    from soundmap.mix.find import Mix
    from soundmap.paths.find import End

_MOST_NAMED, _MOST_IN_TITLE = 12, 3
_EXAMPLES = """
soundmap mix a.mp3 b.mp3 'AWOL - Food'               near any of them, best near several
soundmap mix *.mp3 --without c.mp3 -n 20             and away from another
soundmap mix 2 141 --license permissive --credits    from tracks by their numbers
soundmap mix --playlist list.m3u8 -n 30 --order smooth -o more.m3u8   more like that list
"""


def add(commands: Commands) -> None:
    """Adds ``mix`` to a parser's commands."""
    text = "Find the tracks nearest to several sounds, and away from others."
    parser = add_command(commands, "mix", text, _EXAMPLES)
    what = "audio files, links, or tracks of the catalog by number or 'artist - title'"
    add_words(parser, "seeds", metavar="SOUND", help=what)
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="SOUND",
        help="what to stay away from; may be given again",
    )
    parser.add_argument(
        "--playlist",
        action="append",
        default=[],
        type=_place,
        metavar="FILE_OR_FOLDER",
        help="sounds of a playlist (m3u, m3u8, pls, xspf) or a folder; the list takes from each of"
        " their moods in turn; may be given again",
    )
    add_count(parser, 10)
    add_filters(parser)
    add_order(parser)
    add_list(parser)
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


def _place(text: str) -> Path:
    """Where a playlist is.  An empty text, as of an unset variable, is not the folder one is in."""
    if not text.strip():
        raise BadRequest("no_playlist", path=repr(text), reason=OSError(ENOENT, strerror(ENOENT)))
    return Path(text)


def mix(options: Namespace) -> int:
    """``soundmap mix SOUND...``."""
    from soundmap.mix.find import find_mix

    check_list(options)
    listener = listener_of(options.bundle)
    catalog = catalog_of(options) or listener.catalog
    request = Request(options.count, **filters_of(options)).checked(listener.manifest.labels)
    heard = hear_sounds(options, catalog)
    asked = (heard.seeds, heard.without, catalog, request, options.same_artists, heard.notes)
    found = find_mix(*asked, in_turn=bool(options.playlist))
    found = _ordered(options, found, catalog)
    tell_kept = keep_list(options, [it.pick for it in found], _title_of(found.seeds))
    steps = _steps_of(found, catalog)
    tell(options, mix_json(found, steps), lambda: show_mix(found, steps, options.credits))
    tell_kept()
    return 0


def _ordered(options: Namespace, mix: Mix, catalog: Catalog) -> Mix:
    """The mix in the order that was asked for."""
    seeds = {it.pick.track.track_id: it.seed for it in mix}
    picks = in_order(options, tuple(it.pick for it in mix), catalog)
    ordered = tuple(replace(mix.picks[0], pick=it, seed=seeds[it.track.track_id]) for it in picks)
    return replace(mix, picks=ordered)


def _steps_of(mix: Mix, catalog: Catalog) -> list[float]:
    """Distances from each pick to the next."""
    rows = [catalog.row_of(it.pick.track.track_id) for it in mix]
    return [float(it) for it in steps_of(np.array(catalog.points.values[rows]))]


def mix_json(mix: Mix, steps: Sequence[float]) -> dict[str, Any]:
    """The mix as a JSON document; ``seed`` of a pick is the place of its sound, from 0, and
    ``steps`` are the distances from each pick to the next.
    """
    picks = [it.pick for it in mix]
    return {
        "bundle": mix.seeds[0].analysis.bundle_id,
        "seeds": [end_json(it, it.name) for it in mix.seeds],
        "without": [end_json(it, it.name) for it in mix.without],
        "picks": [{**pick_json(it.pick), "seed": it.seed} for it in mix],
        "steps": list(steps),
        "notes": notes_json((*mix.notes, *license_notes(picks))),
    }


def show_mix(mix: Mix, steps: Sequence[float], with_credits: bool = False) -> None:
    """Prints what the mix goes by, then each pick with the sound that it is nearest to, and why."""
    console, spoken = Screen(), language()
    picks = [it.pick for it in mix]
    for code, ends in (("mix_of", mix.seeds), ("mix_without", mix.without)):
        if ends:
            console.say(said(code, spoken, names=_names_of(ends)))
    show_notes(mix.notes, console)
    for it in mix:
        show_pick(it.pick, console, mix.seeds[it.seed].name)
    if len(steps) > 1:
        facts = {"steps": len(steps), "longest": max(steps)}
        console.say(f"\n[dim]{said('mix_steps', spoken, **facts)}[/]")
    show_below(picks, console, with_credits)
    console.say(f"\n[dim]{said('bundle', spoken, id=mix.seeds[0].analysis.bundle_id)}[/]")


def _title_of(seeds: Sequence[End]) -> str:
    """The title of a list that is written."""
    return " + ".join(dict.fromkeys(it.name for it in seeds[:_MOST_IN_TITLE]))


def _names_of(ends: Sequence[End]) -> str:
    """What sounds are called, each once, and how many more there are of a great many."""
    names = list(dict.fromkeys(it.name for it in ends))
    shown = [f"[bold]{plain_text(name)}[/]" for name in names[:_MOST_NAMED]]
    return " · ".join([*shown, *([f"+{len(names) - len(shown)}"] if names[_MOST_NAMED:] else [])])
