"""What commands share: the bundle, the catalog, printing."""

from __future__ import annotations

import io
import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from soundmap.bundle.listener import Listener
from soundmap.catalog.table import Catalog
from soundmap.cli.screen import Screen
from soundmap.cli.surroundings import language
from soundmap.errors import SoundMapError
from soundmap.wording import error_sentence

OK, BAD_INPUT, BAD_USAGE = 0, 1, 2


@lru_cache(maxsize=1)
def listener_of(bundle: Path) -> Listener:
    """The listener of a bundle, kept open for the next command of the same process."""
    return Listener(bundle)


def catalog_of(options: Namespace) -> Catalog | None:
    """The catalog that was asked for, None for the bundle's own.

    Raises what :meth:`soundmap.catalog.shelf.Shelf.open` raises.
    """
    from soundmap.catalog.shelf import SHIPPED, Shelf

    if options.catalog in ("", SHIPPED):
        return None
    space = listener_of(options.bundle).manifest.space
    return Shelf(options.catalogs, whole_paths=True).open(options.catalog, space)


def tell(options: Namespace, facts: dict[str, Any], show: Callable[[], None]) -> None:
    """Prints ``facts`` as JSON with ``--json``, and otherwise calls ``show``."""
    if options.json:
        print(json.dumps(facts))
    else:
        show()


def print_anywhere() -> None:
    """Makes letters that the output's encoding lacks question marks instead of errors, and lets
    what is written to a closed stream go nowhere.
    """
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  (for all of the process)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115  (for all of the process)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def give_up_output() -> None:
    """Sends what is left of standard output to nowhere, once it cannot be written: Python would
    try again as it ends, and fail with a status of its own.
    """
    with suppress(OSError, ValueError):  # ValueError: it has no descriptor
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def sentence_of(error: SoundMapError) -> str:
    """The sentence of an error in the language of this terminal."""
    return error_sentence(error.code, error.facts, language())


def complain(error: SoundMapError, about: str = "") -> None:
    """Says on standard error what went wrong, and with what, if that needs saying."""
    about = "" if about in map(str, error.facts.values()) else about
    Screen(stderr=True).tell(": ".join(filter(None, ("soundmap", about, sentence_of(error)))))


def error_facts(code: str, message: str) -> dict[str, Any]:
    """An error as a JSON document."""
    return {"error": {"code": code, "message": message}}


def error_json(code: str, message: str) -> str:
    """An error as one line of JSON."""
    return json.dumps(error_facts(code, message))
