"""``soundmap catalogs``: lists catalogs, shows what is in one, renames or removes it."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from soundmap.bundle.listener import Listener
from soundmap.catalog.shelf import SHIPPED, Entry, Shelf
from soundmap.catalog.table import Catalog, read_catalog
from soundmap.cli.common import tell
from soundmap.cli.options import Commands, add_command, add_shelf
from soundmap.cli.progress import progress
from soundmap.cli.screen import Screen
from soundmap.errors import BadRequest
from soundmap.library.keeping import Kept, kept, most_common, remove, rename
from soundmap.recommendation.filters import licensed
from soundmap.search.indexed import Facts
from soundmap.wording import plain

_EXAMPLES = """
soundmap catalogs                       all catalogs, and what to do about an unfinished one
soundmap catalogs --show mine           its tracks, artists and genres, and how it was heard
soundmap catalogs --rename mine jazz
soundmap catalogs --remove jazz --yes   forgets what was heard; the music itself stays
"""


def catalogs(options: Namespace) -> int:
    """``soundmap catalogs``: the bundle's own catalog, then those of the user's music."""
    listener, shelf = Listener(options.bundle), Shelf(options.catalogs)
    bundle_id = listener.manifest.id
    rows = [entry_json(entry, bundle_id, kept(shelf, entry)) for entry in shelf.entries()]
    rows.insert(0, entry_json(_shipped(listener), bundle_id, Kept()))
    facts = {"kept_in": str(shelf.folder), "catalogs": rows}
    tell(options, facts, lambda: show_catalogs(rows))
    return 0


def _shipped(listener: Listener) -> Entry:
    folder, catalog = str(listener.folder), listener.catalog
    return Entry(SHIPPED, listener.manifest.id, "", folder, len(catalog))


def _show(options: Namespace) -> int:
    """``soundmap catalogs --show NAME``."""
    listener, shelf = Listener(options.bundle), Shelf(options.catalogs)
    bundle_id = listener.manifest.id
    if options.show == SHIPPED:
        facts = {**entry_json(_shipped(listener), bundle_id, Kept()), **inside(listener.catalog)}
    else:
        entry = shelf.entry(options.show)
        facts = entry_json(entry, bundle_id, kept(shelf, entry))
        facts["changed"] = shelf.changed(entry).isoformat(timespec="seconds")
        facts |= inside(read_catalog(shelf.tables(entry)) if entry.tables else None)
    tell(options, facts, lambda: show_inside(facts))
    return 0


def _rename(options: Namespace) -> int:
    """``soundmap catalogs --rename NAME NEW``."""
    name, new = options.rename
    rename(Shelf(options.catalogs), name, new)
    text = f"The catalog {name} is called {new} now; where a chat uses it, choose it there again."
    tell(options, {"renamed": name, "name": new}, lambda: Screen().tell(text))
    return 0


def _remove(options: Namespace) -> int:
    """``soundmap catalogs --remove NAME``."""
    name, shelf = options.remove, Shelf(options.catalogs)
    entry = shelf.own(name)
    if not options.yes:
        if options.json or not sys.stdin.isatty():
            raise BadRequest("remove_asks", name=name)
        what = f"the catalog {name} ({entry.tracks:,} tracks) of {plain(entry.folder)}"
        if input(f"Remove {what}? The music itself stays. [y/N] ").casefold() not in ("y", "yes"):
            Screen().tell("Nothing was removed.")
            return 0
    remove(shelf, name)
    facts = {"removed": name, "tracks": entry.tracks}
    tell(options, facts, lambda: Screen().tell(f"The catalog {name} is removed."))
    return 0


def _build_index(options: Namespace) -> int:
    """``soundmap catalogs --build-index NAME``."""
    from soundmap.search.build import build_index

    name, shelf = options.build_index, Shelf(options.catalogs)
    folder = options.bundle if name == SHIPPED else shelf.tables(shelf.finished(name))
    facts = index_json(name, build_index(folder, progress))
    tell(options, facts, lambda: show_built(facts))
    return 0


def add(commands: Commands) -> None:
    """Adds ``catalogs`` to a parser's commands."""
    parser = add_command(commands, "catalogs", "List the catalogs of your own music.", _EXAMPLES)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--show", metavar="NAME", help="show what is in a catalog")
    one.add_argument("--rename", nargs=2, metavar=("NAME", "NEW"), help="rename a catalog")
    one.add_argument("--remove", metavar="NAME", help="remove a catalog, never the music; it asks")
    one.add_argument(
        "--build-index",
        metavar="NAME",
        help="make the search index that a catalog of more than a million tracks wants",
    )
    parser.add_argument("--yes", action="store_true", help="remove without asking")
    add_shelf(parser)
    parser.set_defaults(call=_called)


def _called(options: Namespace) -> int:
    if options.show:
        return _show(options)
    if options.rename:
        return _rename(options)
    if options.remove:
        return _remove(options)
    return _build_index(options) if options.build_index else catalogs(options)


def entry_json(entry: Entry, bundle_id: str, known: Kept) -> dict[str, Any]:
    """A catalog as a JSON document; ``usable`` if it was heard by the bundle in use.

    ``kept`` files were heard, by runs that ended or were killed; it is null while one is at work.
    """
    return {
        "name": entry.name,
        "tracks": entry.tracks,
        "folder": entry.folder,
        "bundle": entry.bundle,
        "windows": entry.windows,
        "usable": bool(entry.tables) and entry.bundle == bundle_id,
        "finished": bool(entry.tables),
        "kept": None if known.busy else known.heard,
        "failed": known.failed,
        "gone": known.gone,
    }


def inside(catalog: Catalog | None) -> dict[str, Any]:
    """What is in a catalog, as part of a JSON document: the commonest genres and artists."""
    if catalog is None:
        return {"genres": [], "artists": [], "permissive": 0}
    lists = {
        name: [{name: value, "tracks": n} for value, n in most_common(catalog, name)]
        for name in ("genre", "artist")
    }
    permissive = int(licensed(catalog, "permissive").sum())
    return {"genres": lists["genre"], "artists": lists["artist"], "permissive": permissive}


def index_json(name: str, facts: Facts) -> dict[str, Any]:
    """An index as a JSON document; ``recall_at_10`` is that of the trials it was tuned by."""
    return {
        "catalog": name,
        "lists": facts.lists,
        "looked_at": facts.probes,
        "recall_at_10": facts.recall,
        "bytes": facts.n_bytes,
    }


def show_built(facts: Mapping[str, Any], console: Screen | None = None) -> None:
    """Prints an index in one line."""
    console = console or Screen()
    console.say(
        f"catalog {facts['catalog']} has its index: {facts['looked_at']:,} of {facts['lists']:,}"
        f" lists find {facts['recall_at_10']:.1%} of the ten nearest; {facts['bytes'] / 1e6:,.0f}"
        " MB on disk",
    )


def windows_phrase(windows: int) -> str:
    """In how many windows the long files of a catalog were heard."""
    return f"up to {windows} windows" if windows > 1 else "one window"


def show_catalogs(rows: Sequence[Mapping[str, Any]], console: Screen | None = None) -> None:
    """Prints a line for each catalog, and how to make an unusable one usable."""
    console = console or Screen()
    for row in rows:
        console.tell(_line(row))


def _line(row: Mapping[str, Any]) -> str:
    """A catalog in one line."""
    where = ""
    if row["folder"]:
        where = f" of {plain(row['folder'])}, heard in {windows_phrase(row['windows'])}"
    again = f"soundmap index --name {row['name']}"
    if not row["finished"]:
        state = "is being heard" if row["kept"] is None else f"{row['kept']:,} tracks are kept"
        return f"{row['name']}: {state}{where} – not finished: {again} goes on"
    line = f"{row['name']}: {row['tracks']:,} tracks{where}"
    if row["usable"]:
        n_more = (row["kept"] or 0) - row["tracks"]
        return f"{line} – {n_more:,} more are kept: {again} adds them" if n_more > 0 else line
    return f"{line} – not usable: another model heard it; {again} hears it anew"


def show_inside(facts: Mapping[str, Any], console: Screen | None = None) -> None:
    """Prints what is in a catalog."""
    console = console or Screen()
    lines = [_line(facts), f"heard by the model {facts['bundle']}"]
    if "changed" in facts:
        lines[-1] += f"; last changed {facts['changed'].replace('T', ' ')[:16]}"
    if facts["failed"] or facts["gone"]:
        lines.append(f"{facts['failed']:,} files could not be heard, {facts['gone']:,} are gone")
    if facts["finished"]:
        lines.append(f"{facts['permissive']:,} tracks with a permissive license")
    for title, key in (("genres", "genre"), ("artists", "artist")):
        if found := facts[title]:
            named = ", ".join(f"{plain(it[key])} ({it['tracks']:,})" for it in found)
            lines.append(f"{title}: {named}")
    for line in lines:
        console.tell(line)
