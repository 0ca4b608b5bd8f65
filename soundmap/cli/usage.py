"""The words of argparse itself, such as ``usage:``, in the language of the terminal.

argparse asks gettext for them, by two names of its own.  Those are set here, in one place, since
catalogs of gettext are compiled files, and ours are Python.
"""

from __future__ import annotations

import argparse
import sys

from soundmap.cli.surroundings import language
from soundmap.wording.usage_ko import USAGE


def word(text: str) -> str:
    """A text of argparse in the language of this terminal; JSON is the same in all."""
    korean = language() == "ko" and "--json" not in sys.argv
    return USAGE.get(text, text) if korean else text


def _words(one: str, many: str, count: int) -> str:
    return word(one if count == 1 else many)


def translate() -> None:
    """Lets every parser of this process speak the language of the terminal."""
    argparse._ = word  # type: ignore[attr-defined]
    argparse.ngettext = _words  # type: ignore[attr-defined]
