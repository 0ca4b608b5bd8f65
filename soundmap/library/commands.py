"""``soundmap index`` and ``catalogs``, between parsed arguments and printed answers."""

from __future__ import annotations

from argparse import Namespace
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from soundmap import render
from soundmap.analyze import Listener
from soundmap.command_parts import tell

if TYPE_CHECKING:
    from soundmap.library.jobs import Executor


def index(options: Namespace) -> int:
    """``soundmap index FOLDER --name NAME``."""
    from soundmap.library.indexing import Index
    from soundmap.library.shelf import Shelf
    from soundmap.library.shown import show_index

    run = Index(
        shelf=Shelf(options.catalogs),
        name=options.name,
        folder=options.folder,
        bundle=options.bundle,
        opened=lambda: _executor(options),
        progress=lambda total: render.progress("Listening", total),
        moved=options.moved,
    )
    report = run.run()
    tell(options, report, lambda: show_index(report))
    return 0


def _executor(options: Namespace) -> AbstractContextManager[Executor]:
    """Processes of this machine, or a cluster where one is named."""
    if options.cluster:
        from soundmap.library.cluster import Cluster

        return Cluster(options.cluster, options.bundle)
    from soundmap.library.processes import Processes

    return Processes(options.bundle, options.jobs)


def catalogs(options: Namespace) -> int:
    """``soundmap catalogs``: those of one's own music, after the bundle's."""
    from soundmap.library.shelf import SHIPPED, Entry, Shelf
    from soundmap.library.shown import catalogs_json, show_catalogs

    if options.build_index:
        return _build_index(options)
    listener = Listener(options.bundle)
    bundle_id = listener.manifest.id
    own = Entry(SHIPPED, bundle_id, "", str(options.bundle), len(listener.catalog))
    shelf = Shelf(options.catalogs)
    rows = catalogs_json([own, *shelf.entries()], bundle_id)
    facts = {"kept_in": str(shelf.folder), "catalogs": rows}
    tell(options, facts, lambda: show_catalogs(rows))
    return 0


def _build_index(options: Namespace) -> int:
    """``soundmap catalogs --build-index NAME``."""
    from soundmap.large.make import build_index
    from soundmap.large.shown import index_json, show_built
    from soundmap.library.shelf import SHIPPED, Shelf

    name, shelf = options.build_index, Shelf(options.catalogs)
    folder = options.bundle if name == SHIPPED else shelf.tables(shelf.finished(name))
    facts = index_json(name, build_index(folder, render.progress))
    tell(options, facts, lambda: show_built(facts))
    return 0
