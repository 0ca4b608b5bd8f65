"""What each command of ``soundmap`` does, between parsed arguments and printed answers."""

from __future__ import annotations

import asyncio
import json
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from soundmap import cli, render
from soundmap.analyze import Listener
from soundmap.errors import BadRequest, NotInstalled
from soundmap.types import Origin


def recommend(options: Namespace) -> int:
    """``soundmap recommend SOURCE``."""
    with _file(options.source) as (path, origin):
        answer = _listener(options.bundle).recommend(path, cli.request_of(options))
    _show(options, render.document(answer, origin), lambda: render.show(answer, origin))
    return 0


def genre(options: Namespace) -> int:
    """``soundmap genre SOURCE``."""
    with _file(options.source) as (path, origin):
        analysis = _listener(options.bundle).listen(path)
    _show(options, render.document(analysis, origin), lambda: render.show(analysis, origin))
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
    _show(options, report, lambda: render.show_report(report))
    return 0


def _report(options: Namespace) -> int:
    try:
        from soundmap.report import make_report, write_report
    except ImportError as error:
        raise NotInstalled("needs_matplotlib") from error
    folder = options.report or options.bundle.resolve() / "report"
    report = make_report(Listener(options.bundle, threads=0), options.data, options.audio)
    write_report(report, folder)
    _show(options, report, lambda: render.show_report(report, folder=folder))
    return 0


def check(options: Namespace) -> int:
    """``soundmap check``: exit status 1 when anything does not hold."""
    from soundmap.check import check_bundle

    findings = list(check_bundle(options.bundle))
    sound = all(holds for _, holds, _ in findings)
    rows = [{"what": what, "ok": holds, "found": found} for what, holds, found in findings]
    _show(options, {"ok": sound, "checks": rows}, lambda: render.show_findings(findings))
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
    _show(options, facts, lambda: render.show_report({"bundle": manifest.id, **validation}))
    return 0


def simulate(options: Namespace) -> int:
    """``soundmap simulate``."""
    from soundmap.curves import draw_curves
    from soundmap.likeness import SHARES, Shares
    from soundmap.simulate import simulate as live

    shares = Shares(filed=0, artist=0) if options.sound_only else SHARES
    asked = (options.people, options.seed, options.noise, shares)
    with render.progress("Living", options.people) as advance:
        report = live(_listener(options.bundle), *asked, advance)
    if options.picture:
        options.picture.write_bytes(draw_curves(report))
    _show(options, report, lambda: render.show_simulation(report))
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
    _show(options, table.document(rows), lambda: table.show(rows))
    return 0


def dataset(options: Namespace) -> int:
    """``soundmap dataset prepare gtzan|fma --audio FOLDER --out FOLDER``."""
    from soundmap.ladder.fma import read_fma
    from soundmap.ladder.gtzan import read_gtzan
    from soundmap.ladder.prepare import prepare, show

    gtzan = options.kind == "gtzan"
    source = read_gtzan(options.audio, options.splits) if gtzan else read_fma(options.audio)
    with render.progress("Cutting", len(source.entries)) as advance:
        facts = prepare(source, options.out, options.spec, options.workers, advance)
    _show(options, facts, lambda: show(facts, options.out))
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
    _show(options, report, lambda: leak_table.show(report))
    return 0


@contextmanager
def _file(source: str) -> Iterator[tuple[Path, Origin | None]]:
    """The file a source names; what a link leads to lies in a folder that goes with the block."""
    if not source.casefold().startswith(cli.LINKS):
        yield Path(source), None
        return
    try:
        from soundmap.links.fetch import fetch_once
    except ImportError as error:
        raise NotInstalled("needs_links") from error
    with tempfile.TemporaryDirectory(prefix="soundmap-") as folder:
        fetched = asyncio.run(fetch_once(source, Path(folder)))
        yield fetched.path, fetched.origin


@lru_cache(maxsize=1)
def _listener(bundle: Path) -> Listener:
    """One that stays open for the next command of the same process."""
    return Listener(bundle)


def _show(options: Namespace, facts: dict[str, Any], show: Callable[[], None]) -> None:
    if options.json:
        print(json.dumps(facts))
    else:
        show()
