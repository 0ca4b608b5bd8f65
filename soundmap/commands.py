"""What each command of ``soundmap`` does, between parsed arguments and printed answers."""

from __future__ import annotations

import tempfile
from argparse import Namespace
from pathlib import Path
from typing import Any

from soundmap import cli, render
from soundmap.analyze import Listener
from soundmap.bench.arguments import CASES
from soundmap.command_parts import catalog_of, file_of, listener_of, picture_target, tell
from soundmap.errors import BadRequest, NotInstalled
from soundmap.library.commands import catalogs, index
from soundmap.map.commands import draw_map
from soundmap.path_commands import path

__all__ = ["catalogs", "draw_map", "index", "path"]


def recommend(options: Namespace) -> int:
    """``soundmap recommend SOURCE``."""
    catalog = catalog_of(options)
    with file_of(options.source) as (path, origin):
        request = cli.request_of(options)
        answer = listener_of(options.bundle).recommend(path, request, catalog)
    tell(options, render.document(answer, origin), lambda: render.show(answer, origin))
    return 0


def genre(options: Namespace) -> int:
    """``soundmap genre SOURCE``."""
    with file_of(options.source) as (path, origin):
        analysis = listener_of(options.bundle).listen(path)
    tell(options, render.document(analysis, origin), lambda: render.show(analysis, origin))
    return 0


def evaluate(options: Namespace) -> int:
    """``soundmap evaluate --tiles FILE.npz``, or ``--data FOLDER`` for the whole report."""
    if options.protocol:
        return _leak(options)
    if options.data:
        return _report(options)
    if options.audio or options.report:
        raise BadRequest("needs_data")
    from soundmap.dataset import read_tiles
    from soundmap.evaluate import evaluate as score

    tiles = read_tiles(options.tiles)
    with render.progress("Listening", len(tiles)) as advance:
        report = score(Listener(options.bundle, threads=0), tiles, advance)
    tell(options, report, lambda: render.show_report(report))
    return 0


def _report(options: Namespace) -> int:
    try:
        from soundmap.report import make_report, write_report
    except ImportError as error:
        raise NotInstalled("needs_matplotlib") from error
    folder = options.report or options.bundle.resolve() / "report"
    report = make_report(Listener(options.bundle, threads=0), options.data, options.audio)
    write_report(report, folder)
    tell(options, report, lambda: render.show_report(report, folder=folder))
    return 0


def check(options: Namespace) -> int:
    """``soundmap check``: exit status 1 when anything does not hold."""
    from soundmap.check import check_bundle

    findings = list(check_bundle(options.bundle))
    sound = all(holds for _, holds, _ in findings)
    rows = [{"what": what, "ok": holds, "found": found} for what, holds, found in findings]
    tell(options, {"ok": sound, "checks": rows}, lambda: render.show_findings(findings))
    return 0 if sound else 1


def train(options: Namespace) -> int:
    """``soundmap train --data FOLDER``."""
    try:
        from soundmap.training import recipe_from, train_bundle
    except ImportError as error:
        raise NotInstalled("needs_torch") from error
    recipe = recipe_from(vars(options))
    folders = (options.data, options.run, options.bundle.resolve())
    manifest = train_bundle(*folders, recipe, threads=options.threads, fresh=options.fresh)
    validation = manifest.metrics["validation"]
    facts = {"bundle": manifest.id, "folder": str(options.bundle), "validation": validation}
    tell(options, facts, lambda: render.show_report({"bundle": manifest.id, **validation}))
    return 0


def simulate(options: Namespace) -> int:
    """``soundmap simulate``."""
    from soundmap.curves import draw_curves
    from soundmap.likeness import SHARES, Shares
    from soundmap.simulate import simulate as live

    shares = Shares(filed=0, artist=0) if options.sound_only else SHARES
    target = picture_target(options.picture)
    asked = (options.people, options.seed, options.noise, shares)
    with render.progress("Living", options.people) as advance:
        report = live(listener_of(options.bundle), *asked, advance)
    if target:
        target.write_bytes(draw_curves(report))
    tell(options, report, lambda: render.show_simulation(report))
    return 0


def ladder(options: Namespace) -> int:
    """``soundmap ladder ROW... --data FOLDER``, or ``--table``."""
    from soundmap.ladder import ROWS, table

    if not options.table and not (options.rows and options.data):
        raise BadRequest("ladder_asks", known=", ".join(ROWS))
    if options.rows and not options.table:
        try:
            from soundmap.ladder.climb import climb
        except ImportError as error:
            raise NotInstalled("needs_torch") from error
        climb(options, render.training_progress)
    rows = table.known_rows(options.run)
    tell(options, table.document(rows), lambda: table.show(rows))
    return 0


def dataset(options: Namespace) -> int:
    """``soundmap dataset prepare gtzan|fma --audio FOLDER --out FOLDER``, or ``fetch``."""
    from soundmap.ladder.sources import ARCHIVE_NAMES

    fetched = options.kind in ARCHIVE_NAMES
    if (options.action == "fetch") != fetched or not (fetched or options.audio):
        raise BadRequest("dataset_asks", archives=", ".join(ARCHIVE_NAMES))
    return _fetch(options) if fetched else _prepare(options)


def _fetch(options: Namespace) -> int:
    from soundmap.archives import ARCHIVES, MIRROR, Fetch
    from soundmap.library.shown import show_fetched

    archive, mirror = ARCHIVES[options.kind], options.mirror or MIRROR
    fetch = Fetch(archive, options.out, render.progress, mirror, not options.zip_only)
    facts = fetch.run()
    tell(options, facts, lambda: show_fetched(options.kind, facts))
    return 0


def _prepare(options: Namespace) -> int:
    from soundmap.ladder.fma import read_fma
    from soundmap.ladder.gtzan import read_gtzan
    from soundmap.ladder.prepare import prepare, show

    gtzan = options.kind == "gtzan"
    source = read_gtzan(options.audio, options.splits) if gtzan else read_fma(options.audio)
    with render.progress("Cutting", len(source.entries)) as advance:
        facts = prepare(source, options.out, options.spec, options.workers, advance)
    tell(options, facts, lambda: show(facts, options.out))
    return 0


def _leak(options: Namespace) -> int:
    """``soundmap evaluate --protocol slices-random|tracks|both --data FOLDER``."""
    if not options.data:
        raise BadRequest("protocol_asks")
    try:
        from soundmap.leak import leak
    except ImportError as error:
        raise NotInstalled("needs_torch") from error
    from soundmap.ladder import leak_table

    report = leak(options, render.training_progress)
    tell(options, report, lambda: leak_table.show(report))
    return 0


def bench(options: Namespace) -> int:
    """``soundmap bench``, or ``soundmap bench search --rows N``."""
    from soundmap.bench.shown import show_bench, show_search

    if options.what == "search":
        facts = _bench_search(options)
        tell(options, facts, lambda: show_search(facts))
        return 0
    try:
        from soundmap.bench.agreement import agreement
        from soundmap.bench.measure import bench as measure
    except ImportError as error:
        raise NotInstalled("needs_bench") from error
    listener, cases = Listener(options.bundle), options.case or CASES
    found = {"agreement": agreement(listener, options.data)} if options.data else {}
    found |= measure(listener, cases, options.audio, options.quick, render.progress)
    tell(options, found, lambda: show_bench(found))
    return 0


def _bench_search(options: Namespace) -> dict[str, Any]:
    from soundmap.large.bench import bench_search

    values = Listener(options.bundle).catalog.points.values
    with tempfile.TemporaryDirectory(prefix="soundmap-") as folder:
        return bench_search(values, options.rows, options.out or Path(folder), render.progress)
