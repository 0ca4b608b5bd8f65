"""What commands have in common: the sound that is meant, the bundle, the catalog, the answer."""

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

from soundmap.analyze import Listener
from soundmap.catalog import Catalog
from soundmap.cli import LINKS
from soundmap.errors import BadRequest, NotInstalled
from soundmap.types import Origin


@contextmanager
def file_of(source: str) -> Iterator[tuple[Path, Origin | None]]:
    """The file a source names; what a link leads to lies in a folder that goes with the block."""
    if not source.casefold().startswith(LINKS):
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
def listener_of(bundle: Path) -> Listener:
    """One that stays open for the next command of the same process."""
    return Listener(bundle)


def catalog_of(options: Namespace) -> Catalog | None:
    """The catalog that was asked for, None for the bundle's own."""
    from soundmap.library.shelf import SHIPPED, Shelf

    if options.catalog in ("", SHIPPED):
        return None
    manifest = listener_of(options.bundle).manifest
    return Shelf(options.catalogs, whole_paths=True).open(options.catalog, manifest)


def picture_target(path: Path | None) -> Path | None:
    """Where a picture may be written: what is not named as one may be somebody's song."""
    if path and path.suffix.casefold() != ".png":
        raise BadRequest("not_a_picture", path=path)
    return path


def tell(options: Namespace, facts: dict[str, Any], show: Callable[[], None]) -> None:
    """Prints ``facts`` as JSON where that was asked for, and else has them shown."""
    if options.json:
        print(json.dumps(facts))
    else:
        show()
