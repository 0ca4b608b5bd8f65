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
from soundmap.cli.usage import filled, word
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
_REMOVE = "Remove the catalog {name} ({tracks:,} tracks) of {folder}? The music itself stays."
_YES = ("y", "yes", "예", "네")
_BUILT = (
    "catalog {name} has its index: {looked:,} of {lists:,} lists find {recall:.1%} of the ten"
    " nearest; {mb:,.0f} MB on disk"
)
_STATES = {
    "finished": "{tracks:,} tracks",
    "busy": "is being heard",
    "kept": "{kept:,} tracks are kept",
}
_OF_WINDOWS = " of {folder}, heard in up to {windows} windows"
_OF_ONE_WINDOW = " of {folder}, heard in one window"
_NOT_USABLE = " – not usable: another model heard it; {again} hears it anew"
_MORE = " – {more:,} more are kept: {again} adds them"
_FAILED = "{failed:,} files could not be heard, {gone:,} are gone"


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
    text = "The catalog {name} is called {new} now; where a chat uses it, choose it there again."
    text = filled(text, name=name, new=new)
    tell(options, {"renamed": name, "name": new}, lambda: Screen().tell(text))
    return 0


def _remove(options: Namespace) -> int:
    """``soundmap catalogs --remove NAME``."""
    name, shelf = options.remove, Shelf(options.catalogs)
    entry = shelf.own(name)
    if not options.yes:
        if options.json or not sys.stdin.isatty():
            raise BadRequest("remove_asks", name=name)
        facts = {"name": name, "tracks": entry.tracks, "folder": plain(entry.folder)}
        if input(f"{filled(_REMOVE, **facts)} [y/N] ").strip().casefold() not in _YES:
            Screen().tell(word("Nothing was removed."))
            return 0
    remove(shelf, name)
    facts = {"removed": name, "tracks": entry.tracks}
    tell(options, facts, lambda: Screen().tell(filled("The catalog {name} is removed.", name=name)))
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
    known = {"name": facts["catalog"], "looked": facts["looked_at"], "lists": facts["lists"]}
    console.tell(filled(_BUILT, **known, recall=facts["recall_at_10"], mb=facts["bytes"] / 1e6))


def show_catalogs(rows: Sequence[Mapping[str, Any]], console: Screen | None = None) -> None:
    """Prints a line for each catalog, and how to make an unusable one usable."""
    console = console or Screen()
    for row in rows:
        console.tell(_line(row))


def _line(row: Mapping[str, Any]) -> str:
    """A catalog in one line."""
    n_more = (row["kept"] or 0) - row["tracks"]
    facts = {"tracks": row["tracks"], "kept": row["kept"] or 0, "more": n_more}
    again = f"soundmap index --name {row['name']}"
    line = f"{row['name']}: {filled(_STATES[_state_of(row)], **facts)}{_place_of(row)}"
    if not row["finished"]:
        return line + filled(" – not finished: {again} goes on", again=again)
    if not row["usable"]:
        return line + filled(_NOT_USABLE, again=again)
    return line + (filled(_MORE, **facts, again=again) if n_more > 0 else "")


def _state_of(row: Mapping[str, Any]) -> str:
    if row["finished"]:
        return "finished"
    return "busy" if row["kept"] is None else "kept"


def _place_of(row: Mapping[str, Any]) -> str:
    """Where the music of a catalog lies, and in how many windows its long files were heard."""
    if not row["folder"]:
        return ""
    text = _OF_WINDOWS if row["windows"] > 1 else _OF_ONE_WINDOW
    return filled(text, folder=plain(row["folder"]), windows=row["windows"])


def show_inside(facts: Mapping[str, Any], console: Screen | None = None) -> None:
    """Prints what is in a catalog."""
    console = console or Screen()
    lines = [_line(facts), filled("heard by the model {id}", id=facts["bundle"])]
    if "changed" in facts:
        when = facts["changed"].replace("T", " ")[:16]
        lines[-1] += filled("; last changed {when}", when=when)
    if facts["failed"] or facts["gone"]:
        lines.append(filled(_FAILED, failed=facts["failed"], gone=facts["gone"]))
    if facts["finished"]:
        text = "{count:,} tracks with a permissive license"
        lines.append(filled(text, count=facts["permissive"]))
    for title, key in (("genres", "genre"), ("artists", "artist")):
        if found := facts[title]:
            named = ", ".join(f"{plain(it[key])} ({it['tracks']:,})" for it in found)
            lines.append(f"{word(title)}: {named}")
    for line in lines:
        console.tell(line)
